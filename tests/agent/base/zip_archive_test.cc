#include "agent/base/zip_archive.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "catch.h"
#include "golden.h"

using namespace vpcprobe;

TEST_CASE("CRC-32 of the check value", "[zip]") {
  CHECK(crc32_of("123456789") == 0xcbf43926U);
  CHECK(crc32_of("") == 0U);
}

TEST_CASE("the same content gives the same archive", "[zip]") {
  CHECK(zip_of_executable("bootstrap", "abc") == zip_of_executable("bootstrap", "abc"));
  CHECK(zip_of_executable("bootstrap", "abc") != zip_of_executable("bootstrap", "abd"));
}

TEST_CASE("Python reads the archive back: one executable with its content", "[zip]") {
  std::string content;
  for (int i = 0; i < 70'000; ++i) content += static_cast<char>(i * 31 + i / 256);
  const auto home = std::filesystem::temp_directory_path() / ("zip-" + std::to_string(getpid()));
  std::filesystem::create_directory(home);
  write_file((home / "content").string(), content);
  write_file((home / "archive.zip").string(), zip_of_executable("bootstrap", content));
  const std::string check =
      "import sys, zipfile; home = sys.argv[1]; archive = zipfile.ZipFile(home + '/archive.zip'); "
      "entry, = archive.infolist(); assert archive.testzip() is None; "
      "assert (entry.filename, entry.external_attr >> 16, entry.create_system) == ('bootstrap', 0o100755, "
      "3); "
      "assert entry.date_time == (1980, 1, 1, 0, 0, 0); "
      "assert archive.read(entry) == open(home + '/content', 'rb').read()";
  CHECK(std::system(("/usr/bin/python3 -c \"" + check + "\" " + home.string()).c_str()) == 0);
  std::filesystem::remove_all(home);
}

#include "agent/base/write.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>

#include "catch.h"
#include "folder.h"
#include "golden.h"

using namespace vpcprobe;
using std::chrono::milliseconds;

namespace {

struct Pipe {
  Pipe() { REQUIRE(pipe2(ends.data(), O_NONBLOCK) == 0); }
  ~Pipe() {
    close(ends[0]);
    close(ends[1]);
  }
  std::array<int, 2> ends{};
};

}  // namespace

TEST_CASE("a file is replaced whole, and a link leads to it") {
  const Folder folder;
  CHECK(vpcprobe::write_file(folder / "report", "first").empty());
  REQUIRE(symlink("report", (folder / "link").c_str()) == 0);
  CHECK(vpcprobe::write_file(folder / "link", "second").empty());
  CHECK(read_file(folder / "report") == "second");
  CHECK(std::filesystem::is_symlink(folder / "link"));
  CHECK_FALSE(std::filesystem::exists(folder / "report.part"));
}

TEST_CASE("a pipe that is there is written to, and stays one") {
  const Folder folder;
  const std::string path = folder / "pipe";
  REQUIRE(mkfifo(path.c_str(), 0600) == 0);
  const int reader = open(path.c_str(), O_RDONLY | O_NONBLOCK);
  CHECK(vpcprobe::write_file(path, "a line").empty());
  std::array<char, 16> bytes{};
  CHECK(read(reader, bytes.data(), bytes.size()) == 6);
  close(reader);
  CHECK(std::filesystem::is_fifo(path));
  CHECK_FALSE(vpcprobe::write_file(path, "no one reads").empty());
}

TEST_CASE("what goes wrong with a file is said") {
  const Folder folder;
  CHECK(vpcprobe::write_file(folder / "missing/report", "x").ends_with("No such file or directory"));
  CHECK(vpcprobe::write_file(folder.path, "x").ends_with("Is a directory"));
}

TEST_CASE("a reader that stops reading is given up") {
  const Pipe pipe;
  const std::string much(1 << 20, 'x');
  CHECK_FALSE(write_within(pipe.ends[1], much, milliseconds(20)));
  CHECK_FALSE(write_within(pipe.ends[1], "more", milliseconds(20)));
}

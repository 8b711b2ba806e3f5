#include "golden.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "catch.h"

namespace {

// The line that holds this place of the text.
std::string line_around(const std::string& text, std::string::const_iterator place) {
  const auto at = static_cast<std::size_t>(place - text.begin());
  const std::size_t before = at == 0 ? std::string::npos : text.rfind('\n', at - 1);
  const std::size_t begin = before == std::string::npos ? 0 : before + 1;
  return text.substr(begin, text.find('\n', at) - begin);
}

}  // namespace

std::string in_tree(const std::string& path) { return VPC_PROBE_TREE "/" + path; }

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write_file(const std::string& path, const std::string& content) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << content;
  REQUIRE(file.good());
}

bool update_golden() {
  const char* wish = std::getenv("UPDATE_GOLDEN");
  return wish != nullptr && std::string(wish) == "1";
}

void check_golden(const std::string& name, const std::string& actual) {
  const std::string path = in_tree("tests/golden/" + name);
  if (update_golden()) write_file(path, actual);
  const std::string approved = read_file(path);
  if (approved == actual) {
    SUCCEED();
    return;
  }
  const auto [left, right] = std::mismatch(approved.begin(), approved.end(), actual.begin(), actual.end());
  const auto line = 1 + std::count(approved.begin(), left, '\n');
  FAIL_CHECK("golden file " << name << " differs from line " << line
                            << " on; UPDATE_GOLDEN=1 accepts the new output\n- "
                            << line_around(approved, left) << "\n+ " << line_around(actual, right));
}

#include "golden.h"

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "catch.h"

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
  INFO("golden file " << name << "; UPDATE_GOLDEN=1 accepts the new output");
  CHECK(read_file(path) == actual);
}

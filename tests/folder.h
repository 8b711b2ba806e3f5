#pragma once
// A folder of a test's own, gone with it.
#include <cstdlib>
#include <filesystem>
#include <string>

#include "catch.h"

struct Folder {
  Folder() { REQUIRE(mkdtemp(path.data()) != nullptr); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path); }
  std::string operator/(const std::string& name) const { return path + "/" + name; }
  std::string path = "/tmp/vpc-probe-test-XXXXXX";
};

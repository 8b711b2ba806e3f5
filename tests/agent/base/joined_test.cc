#include "agent/base/joined.h"

#include <array>
#include <vector>

#include "catch.h"

using vpcprobe::joined;

TEST_CASE("texts are joined, the empty ones too") {
  CHECK(joined(std::vector<std::string>{}, ", ").empty());
  CHECK(joined(std::vector<std::string>{"a"}, ", ") == "a");
  CHECK(joined(std::array<std::string_view, 3>{"a", "b", "c"}, " ") == "a b c");
  CHECK(joined(std::vector<std::string>{"", "b", ""}, ",") == ",b,");
}

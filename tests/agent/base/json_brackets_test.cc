#include "agent/base/json_brackets.h"

#include <string_view>
#include <vector>

#include "catch.h"

using vpcprobe::JsonBrackets;

namespace {

std::vector<int> depths_of(std::string_view text) {
  JsonBrackets brackets;
  std::vector<int> depths;
  for (const char c : text) depths.push_back(brackets.take(c));
  return depths;
}

}  // namespace

TEST_CASE("brackets count, those in strings do not") {
  using Depths = std::vector<int>;
  CHECK(depths_of("{[]}") == Depths{1, 2, 1, 0});
  CHECK(depths_of(R"(["]"])") == Depths{1, 1, 1, 1, 0});
  CHECK(depths_of(R"(["\"["])") == Depths{1, 1, 1, 1, 1, 1, 0});
  CHECK(depths_of(R"(["\\"])") == Depths{1, 1, 1, 1, 1, 0});
  CHECK(depths_of("]}[") == Depths{-1, -2, -1});
}

#include "probes/take_line.h"

#include <string>
#include <vector>

#include "catch.h"

using vpcprobe::take_line;

namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) lines.emplace_back(take_line(text));
  return lines;
}

}  // namespace

TEST_CASE("a text is taken apart into its lines") {
  using Lines = std::vector<std::string>;
  CHECK(lines_of("").empty());
  CHECK(lines_of("a") == Lines{"a"});
  CHECK(lines_of("a\n") == Lines{"a"});
  CHECK(lines_of("a\nb") == Lines{"a", "b"});
  CHECK(lines_of("\n\na\n\n") == Lines{"", "", "a", ""});
  CHECK(lines_of("a\r\nb\r") == Lines{"a\r", "b\r"});
  std::string_view none;
  CHECK(take_line(none).empty());
}

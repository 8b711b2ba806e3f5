#include "agent/base/formats.h"

#include "catch.h"

using namespace vpcprobe;

TEST_CASE("a format has a name, and the name its format") {
  using Names = std::vector<std::string_view>;
  CHECK(names_of({}).empty());
  CHECK(names_of({Format::cloudformation, Format::text}) == Names{"text", "cloudformation"});
  for (const std::string_view name : kFormatNames) {
    REQUIRE(format_named(name));
    CHECK(name_of(*format_named(name)) == name);
  }
  CHECK_FALSE(format_named("automatic"));
  CHECK_FALSE(format_named(""));
}

#include "agent/base/json_text.h"

#include "catch.h"

using namespace vpcprobe;

TEST_CASE("JSON is one line, whatever its strings hold") {
  CHECK(json_text({{"a", {1, true, nullptr}}}) == R"({"a":[1,true,null]})");
  CHECK(json_text("é\n\xff!") == "\"é\\n\uFFFD!\"");
  CHECK(ascii_json_text("é\n\xff!") == R"("\u00e9\n\ufffd!")");
}

#include "agent/base/json_array.h"

#include <vector>

#include "catch.h"

using namespace vpcprobe;

TEST_CASE("arrays of values and of objects are members") {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  const std::vector<int> numbers{1, 2};
  write_array(json, "none", std::vector<int>(), [](JsonWriter& to, int number) { to.value(number); });
  write_array(json, "values", numbers, [](JsonWriter& to, int number) { to.value(number); });
  write_objects(json, "objects", numbers, [](JsonWriter& to, int number) { to.field("number", number); });
  json.end_object();
  CHECK(out == R"({"none":[],"values":[1,2],"objects":[{"number":1},{"number":2}]})");
}

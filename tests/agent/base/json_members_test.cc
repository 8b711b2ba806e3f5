#include "agent/base/json_members.h"

#include "catch.h"

using namespace vpcprobe;

TEST_CASE("a member that is missing, null or of another kind is empty") {
  const auto object = nlohmann::json::parse(R"({"text": "a", "number": 1, "nothing": null, "list": [1, 2]})");
  CHECK(text_in(object, "text") == "a");
  CHECK(text_in(object, "number").empty());
  CHECK(text_in(object, "nothing").empty());
  CHECK(text_in(object, "missing").empty());
  CHECK(list_in(object, "list").size() == 2);
  CHECK(list_in(object, "text").empty());
  CHECK(member_of(object, "number") == &object.at("number"));
  CHECK(member_of(object, "nothing") == nullptr);
  for (const char* other : {"[]", "\"text\"", "null"}) {
    const auto no_object = nlohmann::json::parse(other);
    CHECK(member_of(no_object, "text") == nullptr);
    CHECK(text_in(no_object, "text").empty());
    CHECK(list_in(no_object, "list").empty());
  }
}

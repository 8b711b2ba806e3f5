#include "agent/task/log_stream.h"

#include "catch.h"

using namespace vpcprobe;

namespace {

std::string read(std::string_view text) {
  const auto place = parse_log_place(text);
  return place ? place.value().group + " | " + place.value().stream : "wrong: " + place.error().message;
}

}  // namespace

TEST_CASE("a colon separates group and stream, and a slash where it can only mean that") {
  CHECK(read("/ecs/app") == "/ecs/app | ");
  CHECK(read("/ecs/app:canary/eu") == "/ecs/app | canary/eu");
  CHECK(read("app") == "app | ");
  CHECK(read("app/canary") == "app | canary");
  CHECK(read("app/canary/eu") == "app | canary/eu");
  CHECK(read("team/app:") == "team/app | ");
  CHECK(read("team/app:[$LATEST]x") == "team/app | [$LATEST]x");
}

TEST_CASE("names that AWS would refuse are wrong usage") {
  CHECK(read("") == "wrong: no log group; write cloudwatch-logs:GROUP[:STREAM]");
  CHECK(read(":stream").starts_with("wrong: no log group; "));
  CHECK(read("my group").starts_with("wrong: no log group has such a name"));
  CHECK(read(std::string(513, 'a')).starts_with("wrong: no log group has such a name"));
  CHECK(read("app:a:b").starts_with("wrong: no log stream has such a name"));
  CHECK(read("app:*").starts_with("wrong: no log stream has such a name"));
  CHECK(read("app:" + std::string(513, 'a')).starts_with("wrong: no log stream has such a name"));
}

#include "agent/cli/lambda_event.h"

#include "catch.h"

using namespace vpcprobe;

namespace {

/// "name=value,value name=value", or what is wrong.
std::string read(std::string_view json) {
  const auto said = read_lambda_event(json);
  if (!said) return said.error().message;
  std::string text;
  for (const SaidOption& option : said.value()) {
    text += (text.empty() ? "" : " ") + option.name + "=";
    for (std::size_t i = 0; i < option.values.size(); ++i) text += (i == 0 ? "" : ",") + option.values[i];
  }
  return text;
}

Result<Invocation> with_event(std::vector<const char*> words, const char* event) {
  words.insert(words.begin(), "vpc-probe");
  const auto said = read_lambda_event(event);
  REQUIRE(said);
  return parse_options(
      static_cast<int>(words.size()), words.data(), [](const char*) { return nullptr; }, said.value());
}

}  // namespace

TEST_CASE("an event's values become the texts of options") {
  CHECK(
      read(
          R"({"also":["ssm","kms"],"strict":true,"timeout":"1s","zones":3,"ipv6":false,"nat-price":0.05})") ==
      "also=ssm,kms ipv6=false nat-price=0.05 strict=true timeout=1s zones=3");
  CHECK(read("{}").empty());
  CHECK(read(" \n").empty());
  CHECK(read("null").empty());
  CHECK(read(R"({"region":null,"services":[]})").empty());
}

TEST_CASE("of an event of EventBridge only the detail counts") {
  CHECK(read(R"({"detail-type":"Scheduled Event","region":"us-east-1","account":"1","detail":{}})").empty());
  CHECK(read(R"({"detail-type":"x","detail":{"region":"eu-west-1"}})") == "region=eu-west-1");
  CHECK(read(R"({"detail-type":"x","detail":[]})").starts_with("the event must be an object"));
}

TEST_CASE("what is no such object is named") {
  CHECK(read("[]").starts_with("the event must be an object whose names are options"));
  CHECK(read("\"s3\"").starts_with("the event must be an object"));
  CHECK(read("{").starts_with("the event is no JSON"));
  CHECK(read(R"({"services":{"s3":1}})") ==
        R"("services" must be a string, a number, true or false, or an array of those)");
  CHECK(read(R"({"services":[["s3"]]})").starts_with(R"("services" must be)"));
}

TEST_CASE("an event goes before the command line, and its mistakes have its names") {
  const auto read_options =
      with_event({"--services", "logs", "--strict"}, R"({"services":["s3"],"strict":false})");
  REQUIRE(read_options);
  CHECK(read_options.value().options.services == std::vector<std::string>{"s3"});
  CHECK_FALSE(read_options.value().options.strict);
  CHECK(with_event({}, R"({"servces":"s3"})").error().message ==
        R"(no option "servces"; did you mean "services"?)");
  CHECK(with_event({}, R"({"service":"s3"})").error().message ==
        R"("service" means nothing to run; it is an option of doctor; did you mean "services"?)");
  CHECK(with_event({}, R"({"timeout":3})").error().message ==
        R"("timeout" "3": no duration; write 500ms, 3s or 5m)");
  CHECK(with_event({}, R"({"timeout":["1s","2s"]})").error().message ==
        R"("timeout" is given more than once)");
}

TEST_CASE("the task definition may stand in the event as an object") {
  CHECK(read(R"({"task-definition":{"family":"web"}})") == R"(task-definition={"family":"web"})");
  CHECK(read(R"({"image":{"family":"web"}})").find("must be a string") != std::string::npos);
}

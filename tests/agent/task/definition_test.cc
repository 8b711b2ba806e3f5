#include "agent/task/definition.h"

#include "agent/plan/plan.h"
#include "agent/plan/stand_in_region.h"
#include "catch.h"

using namespace vpcprobe;

namespace {

std::string error(const std::string& text) {
  const Result<TaskDefinition> result = parse_task_definition(text);
  REQUIRE_FALSE(result);
  return result.error().message;
}

/// What is wrong with the plan of a container with these members.
std::string plan_error(const std::string& members, const std::string& task = "") {
  Options options;
  options.region = "eu-west-1";
  TaskContext context;
  Result<TaskDefinition> read =
      parse_task_definition(R"({"containerDefinitions":[{"name":"app",)" + members + "}]" + task + "}");
  INFO((read ? "" : read.error().message));
  REQUIRE(read);
  context.definition = read.value();
  const Result<Plan> plan = make_plan(options, context);
  REQUIRE_FALSE(plan);
  return plan.error().message;
}

}  // namespace

TEST_CASE("a task definition is read with and without its wrapper") {
  const std::string plain =
      R"({"family":"f","taskDefinitionArn":"arn:aws:ecs:eu-west-1:111122223333:task-definition/f:1",)"
      R"("containerDefinitions":[{"name":"app","image":"nginx","logConfiguration":{"logDriver":"splunk",)"
      R"("options":{"splunk-token":"hunter2","splunk-url":"https://splunk.example:8088"}}}]})";
  for (const std::string& text : {plain, R"({"taskDefinition":)" + plain + R"(,"tags":[]})"}) {
    const Result<TaskDefinition> read = parse_task_definition(text);
    INFO((read ? "" : read.error().message));
    REQUIRE(read);
    CHECK(read.value().family == "f");
    CHECK(read.value().region == "eu-west-1");
    CHECK(read.value().account == "111122223333");
    REQUIRE(read.value().containers.size() == 1);
    const ContainerContext& container = read.value().containers[0].container;
    CHECK(container.image == "nginx");
    CHECK(container.log_options.size() == 1);  // the token is never kept
  }
}

TEST_CASE("broken task definitions give one line that names the place") {
  CHECK(error(R"({"containerDefinitions":[{"name":"a","image":"s3cret)") == "no JSON: wrong at byte 53");
  CHECK(error("{}") == "no task definition: it has no containerDefinitions");
  CHECK(error(R"({"containerDefinitions":{}})") == "containerDefinitions must be an array, not object");
  CHECK(error(R"({"containerDefinitions":[{"name":"a"}]})") == "containerDefinitions[0].image is missing");
  CHECK(error(R"({"containerDefinitions":[{"name":"a","image":7}]})") ==
        "containerDefinitions[0].image must be a string, not number");
  CHECK(error(R"({"containerDefinitions":[{"name":"a","image":"b","secrets":[{"name":"X"}]}]})") ==
        "containerDefinitions[0].secrets[0].valueFrom is missing");
  CHECK(error(R"({"containerDefinitions":[{"name":"a","image":"b"}],"volumes":[7]})") ==
        "volumes[0] must be an object, not number");
  CHECK(error(R"({"containerDefinitions":[{"name":"a","image":"b","logConfiguration":{"options":[]}}]})") ==
        "containerDefinitions[0].logConfiguration.options must be an object, not array");
  CHECK(error(R"({"containerDefinitions":[{"name":"a","image":"b","credentialSpecs":[7]}]})") ==
        "containerDefinitions[0].credentialSpecs[0] must be a string, not number");
  CHECK(error(std::string(200, '[')) == "nested deeper than 64 levels");
  std::string many = R"({"containerDefinitions":[{})";
  for (int i = 0; i < 64; ++i) many += ",{}";
  CHECK(error(many + "]}") == "containerDefinitions has more than 64 entries");
}

TEST_CASE("what a task definition says wrongly is said before anything is probed") {
  CHECK(plan_error(R"("image":"https://registry.example/app")") ==
        "image of container app: \"https://registry.example/app\" is no image reference; write "
        "[HOST[:PORT]/]NAME[:TAG][@DIGEST]");
  CHECK(
      plan_error(R"("image":"two words")").starts_with("image of container app: \"two words\" is no image"));
  CHECK(
      plan_error(
          R"("image":"a","logConfiguration":{"logDriver":"awslogs","options":{"awslogs-region":"eu-west-l"}})") ==
      "logs of container app: \"eu-west-l\" is no AWS region; did you mean \"eu-west-1\"?");
  CHECK(plan_error(R"("image":"a","secrets":[{"name":"X","valueFrom":"arn:aws:s3:::b/k"}])") ==
        "secret X of container app: \"arn:aws:s3:::b/k\" is an ARN of neither Secrets Manager nor the "
        "Parameter "
        "Store");
  CHECK(
      plan_error(R"("image":"a","secrets":[{"name":"X","valueFrom":"arn:aws:ssm:moon-1:1:parameter/p"}])") ==
      "secret X of container app: \"moon-1\" is no AWS region");
  CHECK(plan_error(R"("image":"a","environmentFiles":[{"type":"s3","value":"s3://b/k"}])") ==
        "environment file of container app: \"s3://b/k\" is no ARN of an S3 object");
  CHECK(plan_error(R"("image":"a","credentialSpecs":["credentialspec:arn:aws:sqs:eu-west-1:1:q"])") ==
        "credential spec of container app: \"arn:aws:sqs:eu-west-1:1:q\" is no ARN of an S3 object");
  CHECK(plan_error(R"("image":"a")",
                   R"(,"volumes":[{"name":"d","efsVolumeConfiguration":{"fileSystemId":"fs-1.evil"}}])") ==
        "volume d: \"fs-1.evil\" is no EFS file system");
}

TEST_CASE("the region of a task definition") {
  const auto region = [](const std::string& containers, const Options& options = {}) {
    TaskContext context;
    context.definition = parse_task_definition(R"({"containerDefinitions":[)" + containers + "]}").value();
    const Result<Plan> plan = make_plan(options, context);
    return plan ? plan.value().region : plan.error().message;
  };
  const std::string ireland = R"({"name":"a","image":"111122223333.dkr.ecr.eu-west-1.amazonaws.com/a"})";
  const std::string virginia = R"({"name":"b","image":"111122223333.dkr.ecr.us-east-1.amazonaws.com/b"})";
  CHECK(region(ireland) == "eu-west-1");
  CHECK(region(ireland + "," + virginia) ==
        "no region: the task definition names none, or several; give --region");
  CHECK(region(R"({"name":"a","image":"nginx"})") ==
        "no region: the task definition names none, or several; give --region");
  Options said;
  said.region = "us-west-2";
  CHECK(region(ireland, said) == "us-west-2");
}

TEST_CASE("a plan for readers has a region though the definition names none, or several") {
  const auto stand_in = [](const std::string& containers, const Options& options = {}) {
    TaskContext context;
    context.definition = parse_task_definition(R"({"containerDefinitions":[)" + containers + "]}").value();
    return stand_in_region(options, context);
  };
  const std::string ireland = R"({"name":"a","image":"111122223333.dkr.ecr.eu-west-1.amazonaws.com/a"})";
  const std::string virginia = R"({"name":"b","image":"111122223333.dkr.ecr.us-east-1.amazonaws.com/b"})";
  const std::string more = R"({"name":"c","image":"111122223333.dkr.ecr.us-east-1.amazonaws.com/c"})";
  CHECK(stand_in(ireland).empty());
  CHECK(stand_in(ireland + "," + virginia + "," + more) == "us-east-1");
  CHECK(stand_in(R"({"name":"a","image":"nginx"})") == "us-east-1");
  Options said;
  said.region = "us-west-2";
  CHECK(stand_in(ireland + "," + virginia, said).empty());
  CHECK(stand_in_region({}, {}).empty());
}

TEST_CASE("a region that only the definition's parts name is said to be assumed") {
  const std::string logs = R"({"name":"a","image":"nginx","logConfiguration":{"logDriver":"awslogs",)"
                           R"("options":{"awslogs-region":"us-east-1"}}})";
  TaskContext context;
  context.definition = parse_task_definition(R"({"containerDefinitions":[)" + logs + "]}").value();
  const Plan assumed = make_plan({}, context).value();
  REQUIRE(assumed.remarks.size() == 1);
  CHECK(
      assumed.remarks[0] ==
      "The region is assumed: us-east-1 is the only one that the task definition names. If the task runs in "
      "another, give it with --region.");
  Options said;
  said.region = "us-east-1";
  CHECK(make_plan(said, context).value().remarks.empty());
  context.region = "eu-west-1";  // AWS_REGION
  CHECK(make_plan({}, context).value().remarks.empty());
  context.region.clear();
  context.definition->region = "us-east-1";
  CHECK(make_plan({}, context).value().remarks.empty());
}

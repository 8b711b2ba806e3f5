// What each feature of a task needs on each platform.
#include "agent/needs.h"

#include "agent/plan.h"
#include "catch.h"

using namespace vpcprobe;

namespace {

constexpr const char* kImage = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/app:1";
constexpr const char* kElsewhere = "registry.example.com/app:1";

struct FeatureRow {
  const char* name;
  const char* image;
  std::string container;  ///< members of the container definition, with a comma before each
  std::string task;       ///< members of the task definition, the same
  const char* also;
  const char* old_linux;  ///< what Fargate 1.3.0 needs through the task's interface
  const char* fargate;    ///< what Fargate 1.4.0, Fargate for Windows and EC2 need, the agent's own left out
};

const std::vector<FeatureRow>& features() {
  static const std::vector<FeatureRow> rows = {
      {"ECR image", kImage, "", "", "", "ecr.dkr s3 ", "ecr.api ecr.dkr s3 "},
      {"Docker Hub image", "nginx:1", "", "", "", "registry-1.docker.io ", "registry-1.docker.io "},
      {"secret", kElsewhere,
       R"(,"secrets":[{"name":"A","valueFrom":"arn:aws:secretsmanager:eu-west-1:111122223333:secret:a-AbCdEf"}])",
       "", "", "registry.example.com ", "registry.example.com secretsmanager "},
      {"parameter", kElsewhere, R"(,"secrets":[{"name":"A","valueFrom":"/a/b"}])", "", "",
       "registry.example.com ", "registry.example.com ssm "},
      {"awslogs", kElsewhere,
       R"(,"logConfiguration":{"logDriver":"awslogs","options":{"awslogs-region":"eu-west-1"}})", "", "",
       "registry.example.com logs ", "registry.example.com logs "},
      {"FireLens", kElsewhere,
       R"(,"logConfiguration":{"logDriver":"awsfirelens","options":{"Name":"firehose","region":"eu-west-1"}})",
       "", "", "registry.example.com kinesis-firehose ", "registry.example.com kinesis-firehose "},
      {"S3 environment file", kElsewhere,
       R"(,"environmentFiles":[{"type":"s3","value":"arn:aws:s3:::bucket/a.env"}])", "", "",
       "registry.example.com s3 ", "registry.example.com s3 "},
      {"EFS", kElsewhere, "",
       R"(,"volumes":[{"name":"data","efsVolumeConfiguration":{"fileSystemId":"fs-12345678"}}])", "",
       "registry.example.com efs ", "registry.example.com efs "},
      {"ECS Exec", kElsewhere, "", "", "ssmmessages", "registry.example.com ssmmessages ",
       "registry.example.com ssmmessages "},
      {"execute-api", kElsewhere, "", "", "execute-api:a1b2c3", "registry.example.com execute-api ",
       "registry.example.com execute-api "},
  };
  return rows;
}

Plan planned(const FeatureRow& row, Options options, const std::string& platform) {
  options.region = "eu-west-1";
  if (*row.also != '\0') options.also = {row.also};
  TaskContext context;
  Result<TaskDefinition> read =
      parse_task_definition(R"({"containerDefinitions":[{"name":"app","image":")" + std::string(row.image) +
                            '"' + row.container + "}]" + row.task + platform + "}");
  INFO((read ? "" : read.error().message));
  REQUIRE(read);
  context.definition = read.value();
  Result<Plan> plan = make_plan(options, context);
  INFO((plan ? "" : plan.error().message));
  REQUIRE(plan);
  return plan.value();
}

std::string ids(const Plan& plan) {
  std::string all;
  for (const PlannedEndpoint& endpoint : plan.endpoints) all += endpoint.id + " ";
  return all;
}

/// The row's needs with those of the ECS agent, which stand before what is asked for by --also.
std::string with_agent(std::string needs, bool also) {
  constexpr const char* kAgent = "ecs-agent ecs-telemetry ecs ";
  const std::size_t last = also ? needs.rfind(' ', needs.size() - 2) + 1 : needs.size();
  return needs.insert(last, kAgent);
}

constexpr const char* kFargate = R"(,"requiresCompatibilities":["FARGATE"],"networkMode":"awsvpc")";
constexpr const char* kWindows =
    R"(,"requiresCompatibilities":["FARGATE"],"runtimePlatform":{"operatingSystemFamily":"WINDOWS_SERVER_2022_CORE"})";
constexpr const char* kEc2 = R"(,"requiresCompatibilities":["EC2"],"networkMode":"bridge")";

Options at_version(const char* version) {
  Options options;
  options.platform_version = version;
  return options;
}

}  // namespace

TEST_CASE("each feature on each platform") {
  for (const FeatureRow& row : features()) {
    INFO(row.name);
    const bool also = *row.also != '\0';
    CHECK(ids(planned(row, at_version("1.4.0"), kFargate)) == row.fargate);
    CHECK(ids(planned(row, at_version("LATEST"), kFargate)) == row.fargate);
    CHECK(ids(planned(row, at_version("1.3.0"), kFargate)) == row.old_linux);
    CHECK(ids(planned(row, at_version("1.0.0"), kWindows)) == row.fargate);
    CHECK(ids(planned(row, at_version("1.3.0"), kWindows)) == row.fargate);
    CHECK(ids(planned(row, {}, kEc2)) == with_agent(row.fargate, also));
    CHECK(ids(planned(row, at_version("1.3.0"), kEc2)) == with_agent(row.fargate, also));
  }
}

TEST_CASE("who signs and whose interface carries it") {
  const auto traffic = [](const Plan& plan) {
    std::string all;
    for (const PlannedEndpoint& row : plan.endpoints) {
      all += row.id + "=" + std::string(to_string(row.traffic.at(0).role)) + "/" +
             std::string(to_string(row.traffic.at(0).carrier)) + " ";
      CHECK(row.traffic.size() == row.required_by.size());
    }
    return all;
  };
  const FeatureRow& secret = features()[2];
  const FeatureRow& firelens = features()[5];
  CHECK(traffic(planned(secret, {}, kFargate)) ==
        "registry.example.com=none/task secretsmanager=execution/task ");
  CHECK(traffic(planned(firelens, {}, kFargate)) ==
        "registry.example.com=none/task kinesis-firehose=task/task ");
  CHECK(traffic(planned(firelens, {}, kEc2)) ==
        "registry.example.com=none/instance kinesis-firehose=task/instance ecs-agent=instance/instance "
        "ecs-telemetry=instance/instance ecs=instance/instance ");
  const Plan old = planned(secret, at_version("1.3.0"), kFargate);
  REQUIRE(old.spared.size() == 1);
  CHECK(old.spared[0].id == "secretsmanager");
  CHECK(old.spared[0].traffic[0].carrier == Carrier::platform);
}

TEST_CASE("a platform version without a known operating system") {
  TaskContext context;
  context.region = "eu-west-1";
  CHECK_FALSE(platform_of(at_version("1.0.0"), context).platform_helps);  // only Windows has it still
  CHECK(platform_of(at_version("1.3.0"), context).platform_helps);
  CHECK_FALSE(platform_of(at_version("1.4.0"), context).platform_helps);
  context.definition = TaskDefinition{};
  context.definition->operating_system = "LINUX";
  CHECK(platform_of(at_version("1.0.0"), context).platform_helps);
  context.definition->operating_system = "WINDOWS_SERVER_2019_FULL";
  CHECK_FALSE(platform_of(at_version("1.2.0"), context).platform_helps);
  CHECK(platform_of({}, context).windows);
}

TEST_CASE("an option describes what is assumed otherwise") {
  Options options;
  options.region = "eu-west-1";
  const auto of = [&](const TaskContext& context) { return ids(make_plan(options, context).value()); };
  options.images = {"nginx"};
  CHECK(of({}) == "logs secretsmanager registry-1.docker.io ");
  options.log_groups = {"/ecs/app"};
  options.parameters = {"/a", "arn:aws:ssm:eu-west-1:111122223333:parameter/b"};
  CHECK(of({}) == "registry-1.docker.io ssm logs ");
  options.secrets = {"a-name", "arn:aws:secretsmanager:us-east-1:111122223333:secret:x-AbCdEf"};
  CHECK(of({}) == "registry-1.docker.io secretsmanager secretsmanager.us-east-1 ssm logs ");
  options.services = {"kms"};
  CHECK(of({}) == "kms registry-1.docker.io secretsmanager secretsmanager.us-east-1 ssm logs ");
}

TEST_CASE("a log group may be given by its ARN, which says the region") {
  Options options;
  options.region = "eu-west-1";
  options.services = {"logs"};
  for (const char* arn : {"arn:aws:logs:us-east-1:111122223333:log-group:/ecs/app",
                          "arn:aws:logs:us-east-1:111122223333:log-group:/ecs/app:*"}) {
    options.log_groups = {arn};
    const Plan plan = make_plan(options, {}).value();
    REQUIRE(plan.endpoints.size() == 2);
    CHECK(plan.endpoints[1].region == "us-east-1");
    REQUIRE(plan.endpoints[1].objects.size() == 1);
    CHECK(plan.endpoints[1].objects[0].name == "/ecs/app");
  }
  options.log_groups = {"arn:aws:ssm:us-east-1:111122223333:parameter/b"};
  CHECK_FALSE(bool(make_plan(options, {})));
}

TEST_CASE("services that need a value get it behind a colon") {
  Options options;
  options.region = "eu-west-1";
  options.services = {"execute-api:a1b2c3/prod", "execute-api:d4e5f6", "efs:fs-12345678",
                      "ecr.dkr:444455556666"};
  const Plan plan = make_plan(options, {}).value();
  REQUIRE(plan.endpoints.size() == 4);
  CHECK(plan.endpoints[0].target.host == "a1b2c3.execute-api.eu-west-1.amazonaws.com");
  CHECK(plan.endpoints[0].target.path == "/prod");
  CHECK(plan.endpoints[1].id == "execute-api.d4e5f6.execute-api.eu-west-1.amazonaws.com");
  CHECK(plan.endpoints[2].target.host == "fs-12345678.efs.eu-west-1.amazonaws.com");
  CHECK(plan.endpoints[2].target.port == 2049);
  CHECK(plan.endpoints[2].target.until == Until::tcp);
  CHECK(plan.endpoints[2].expects == EndpointType::mount_target);
  CHECK(plan.endpoints[3].target.host == "444455556666.dkr.ecr.eu-west-1.amazonaws.com");
}

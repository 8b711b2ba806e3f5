// What each feature of a task needs on each platform.
#include "agent/plan/needs.h"

#include "agent/plan/plan.h"
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
      {"credential spec in S3", kElsewhere,
       R"(,"credentialSpecs":["credentialspecdomainless:arn:aws:s3:::bucket/domain.json"])", "", "",
       "registry.example.com s3 ", "registry.example.com s3 "},
      {"credential spec in a parameter", kElsewhere,
       R"(,"credentialSpecs":["credentialspec:arn:aws:ssm:eu-west-1:111122223333:parameter/spec"])", "", "",
       "registry.example.com ", "registry.example.com ssm "},
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

namespace {

/// The plan of a task of one container with these members, and of the task's own.
Plan plan_with(const std::string& image, const std::string& container, const std::string& task = "",
               Options options = {}) {
  return planned({"", image.c_str(), container, task, "", "", ""}, std::move(options), "");
}

std::string remarks(const Plan& plan) {
  std::string all;
  for (const std::string& remark : plan.remarks) all += remark + "\n";
  return all;
}

std::string logging(const std::string& driver, const std::string& options = "") {
  return R"(,"logConfiguration":{"logDriver":")" + driver + R"(","options":{)" + options + "}}";
}

}  // namespace

TEST_CASE("the login to a registry of a dual-stack name takes the IPv4 name unless the task is dual-stack") {
  const std::string image = "111122223333.dkr-ecr.eu-west-1.on.aws/d:1";
  const Plan plan = plan_with(image, "");
  REQUIRE(ids(plan) == "ecr.api ecr.dkr s3 ");
  CHECK(plan.endpoints[0].target.host == "api.ecr.eu-west-1.amazonaws.com");
  CHECK(plan.endpoints[0].expects == EndpointType::interface);
  CHECK(plan.endpoints[1].target.host == "111122223333.dkr-ecr.eu-west-1.on.aws");
  CHECK(plan.endpoints[1].expects == EndpointType::none);
  CHECK(
      remarks(plan) ==
      "The image of container app has the registry's dual-stack name. Assumed: the login still takes the "
      "IPv4 name of Amazon ECR API, as long as the task does not use dual-stack endpoints (--dualstack).\n");
  const std::string own_file = R"(,"environmentFiles":[{"type":"s3","value":"arn:aws:s3:::bucket/a.env"}])";
  CHECK(ids(plan_with(image, own_file)) == "ecr.api ecr.dkr s3.dualstack s3 ");
  Options options;
  options.dualstack = true;
  const Plan dualstack = plan_with(image, "", "", options);
  CHECK(dualstack.endpoints[0].target.host == "ecr.eu-west-1.api.aws");
  CHECK(dualstack.endpoints[0].expects == EndpointType::none);
  CHECK(remarks(dualstack).empty());
  CHECK(remarks(plan_with(kImage, "")).empty());
}

TEST_CASE("credential specs are read by the execution role, from where their ARN says") {
  const Plan plan =
      plan_with(kElsewhere,
                R"(,"credentialSpecs":["credentialspecdomainless:arn:aws:s3:::bucket/domain.json"],)"
                R"("dockerSecurityOptions":["no-new-privileges","credentialspec:file://machine.json",)"
                R"("credentialspec:arn:aws:ssm:us-east-1:111122223333:parameter/spec"])",
                R"(,"requiresCompatibilities":["EC2"])");
  REQUIRE(ids(plan) == "registry.example.com s3 ssm ecs-agent ecs-telemetry ecs ");
  CHECK(plan.endpoints[1].required_by.at(0) == "credential spec of container app");
  CHECK(plan.endpoints[1].traffic.at(0).role == Role::execution);
  CHECK(plan.endpoints[1].s3_objects.at(0) == "arn:aws:s3:::bucket/domain.json");
  CHECK(plan.endpoints[2].region == "us-east-1");
  CHECK(plan.endpoints[2].objects.at(0).name == "arn:aws:ssm:us-east-1:111122223333:parameter/spec");
  CHECK(remarks(plan) ==
        "The credential spec of container app is domainless: it names a secret of Secrets Manager, which is "
        "not in the task definition: name it with --secret.\n");
}

TEST_CASE("log drivers that are told an address") {
  struct Told {
    std::string driver, options;
    const char* row;     ///< what is planned beside the registry
    const char* remark;  ///< a part of what is said; empty for nothing
  };
  const std::vector<Told> all = {
      {"fluentd", R"("fluentd-address":"logs.example.com:24225")", "logs.example.com:24225 ", ""},
      {"fluentd", R"("fluentd-address":"tcp://logs.example.com")", "logs.example.com:24224 ", ""},
      {"fluentd", R"("fluentd-address":"[fd00::5]:24224")", "[fd00::5]:24224 ", ""},
      {"fluentd", R"("fluentd-address":"unix:///run/fluent.sock")", "", ""},
      {"fluentd", R"("fluentd-address":"localhost:24224")", "", ""},
      {"fluentd", R"("fluentd-address":"127.0.0.1:24224")", "", ""},
      {"fluentd", "", "", ""},
      {"fluentd", R"("fluentd-address":"carrier-pigeon://x")", "", "does not say where it sends"},
      {"gelf", R"("gelf-address":"tcp://10.0.9.9:12201")", "10.0.9.9:12201 ", ""},
      {"gelf", R"("gelf-address":"udp://10.0.9.9:12201")", "", "\"10.0.9.9\" on UDP port 12201"},
      {"gelf", R"("gelf-address":"tcp://10.0.9.9")", "", "does not say where it sends"},
      {"gelf", "", "", "does not say where it sends"},
      {"syslog", R"("syslog-address":"tcp+tls://logs.example.com:6514")", "logs.example.com:6514 ", ""},
      {"syslog", R"("syslog-address":"udp://logs.example.com")", "", "\"logs.example.com\" on UDP port 514"},
      {"syslog", R"("syslog-address":"unixgram:///dev/log")", "", ""},
      {"syslog", "", "", ""},
      {"json-file", "", "", ""},
      {"journald", "", "", ""},
      {"logentries", "", "", "does not say where it sends"},
  };
  for (const Told& told : all) {
    INFO(told.driver << " " << told.options);
    const Plan plan = plan_with(kElsewhere, logging(told.driver, told.options));
    CHECK(ids(plan) == "registry.example.com " + std::string(told.row));
    const std::string said = remarks(plan);
    CHECK(said.empty() == (*told.remark == '\0'));
    CHECK(said.find(told.remark) != std::string::npos);
  }
  const Plan tls =
      plan_with(kElsewhere, logging("syslog", R"("syslog-address":"tcp+tls://logs.example.com")"));
  CHECK(tls.endpoints.at(1).target.until == Until::tls);
}

TEST_CASE("an instance of ECS Anywhere is outside the VPC, and the plan says so") {
  const Plan plan = plan_with(kImage, "", R"(,"requiresCompatibilities":["EXTERNAL"])");
  CHECK(ids(plan) == "ecr.api ecr.dkr s3 ecs-agent ecs-telemetry ecs ");
  CHECK(plan.platform.outside_vpc);
  CHECK(remarks(plan).starts_with("Launch type EXTERNAL: an instance of ECS Anywhere is outside the VPC"));
  CHECK(remarks(plan_with(kImage, "", R"(,"requiresCompatibilities":["EC2","EXTERNAL"])")).empty());
  Options options;
  options.launch_type = "ec2";
  options.launch_type_given = true;
  CHECK(remarks(plan_with(kImage, "", R"(,"requiresCompatibilities":["EXTERNAL"])", options)).empty());
}

TEST_CASE("a saved report's endpoints keep their region and their form") {
  TaskContext context;
  context.recorded = RecordedRun{"us-east-1", "", "", {}};
  context.recorded->endpoints = {
      {"logs", "logs-fips.us-east-1.amazonaws.com", 443, {"logs of container app"}, false},
      {"logs", "logs.eu-west-1.amazonaws.com", 443, {"logs of container b"}, false}};
  const Plan plan = make_plan({}, context).value();
  REQUIRE(plan.endpoints.size() == 2);
  CHECK(plan.endpoints[0].target.host == "logs-fips.us-east-1.amazonaws.com");
  CHECK(plan.endpoints[1].target.host == "logs.eu-west-1.amazonaws.com");
  CHECK(plan.endpoints[1].expects == EndpointType::none);
}

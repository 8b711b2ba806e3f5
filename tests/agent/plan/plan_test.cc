#include "agent/plan/plan.h"

#include <sstream>

#include "catch.h"

using namespace vpcprobe;

namespace {

Options options_in(std::string region) {
  Options options;
  options.region = std::move(region);
  return options;
}

TaskContext task(std::vector<ContainerContext> containers) {
  TaskContext context;
  context.region = "eu-west-1";
  context.account = "111122223333";
  context.launch_type = "FARGATE";
  context.in_ecs = true;
  context.containers = std::move(containers);
  return context;
}

ContainerContext container(std::string name, std::string image, std::string log_region = {}) {
  ContainerContext read;
  read.name = std::move(name);
  read.image = std::move(image);
  if (!log_region.empty()) {
    read.log_driver = "awslogs";
    read.log_options["awslogs-region"] = std::move(log_region);
  }
  return read;
}

Plan plan(const Options& options, const TaskContext& context = {}) {
  const Result<Plan> result = make_plan(options, context);
  INFO((result ? "" : result.error().message));
  REQUIRE(result);
  return result.value();
}

std::string error(const Options& options, const TaskContext& context = {}) {
  const Result<Plan> result = make_plan(options, context);
  REQUIRE_FALSE(result);
  return result.error().message;
}

/// "ID HOST:PORT EXPECTS (REASON; REASON)", a line each.
std::string lines(const Plan& plan) {
  std::ostringstream out;
  for (const PlannedEndpoint& endpoint : plan.endpoints) {
    out << endpoint.id << ' ' << endpoint.target.host << ':' << endpoint.target.port << ' '
        << to_string(endpoint.expects) << " (";
    for (std::size_t i = 0; i < endpoint.required_by.size(); ++i) {
      out << (i == 0 ? "" : "; ") << endpoint.required_by[i];
    }
    out << ")\n";
  }
  return out.str();
}

}  // namespace

TEST_CASE("nothing known but the region: the five services of the card") {
  const Plan five = plan(options_in("eu-west-1"));
  CHECK(lines(five) ==
        "ecr.api api.ecr.eu-west-1.amazonaws.com:443 interface (assumed: no task metadata)\n"
        "ecr.dkr 000000000000.dkr.ecr.eu-west-1.amazonaws.com:443 interface (assumed: no task metadata)\n"
        "s3 s3.eu-west-1.amazonaws.com:443 gateway (assumed: no task metadata)\n"
        "logs logs.eu-west-1.amazonaws.com:443 interface (assumed: no task metadata)\n"
        "secretsmanager secretsmanager.eu-west-1.amazonaws.com:443 interface (assumed: no task metadata)\n");
  CHECK(five.region == "eu-west-1");
  CHECK(five.partition->id == "aws");
  CHECK(five.endpoints[0].target.method == "OPTIONS");
  CHECK(five.endpoints[1].target.path == "/v2/");
  CHECK(five.endpoints[0].required);
  std::vector<std::string> assumed;
  for (const Service& service : services()) {
    if (service.default_set) assumed.emplace_back(service.id);
  }
  REQUIRE(assumed.size() == five.endpoints.size());
  for (std::size_t i = 0; i < assumed.size(); ++i) CHECK(five.endpoints[i].id == assumed[i]);
}

TEST_CASE("the region comes from the options, else from the context; without one it says how to give it") {
  CHECK(plan(options_in("us-east-1"), task({})).region == "us-east-1");
  CHECK(plan({}, task({})).region == "eu-west-1");
  CHECK(error({}) == "no region: not in an ECS task, and AWS_REGION is not set; give --region");
  TaskContext silent;
  silent.in_ecs = true;
  CHECK(error({}, silent) == "no region: the task metadata names none; give --region");
  TaskContext wrong;
  wrong.region = "eu-west\n";
  CHECK(error({}, wrong) == "region \"eu-west\\x0a\": no AWS region; did you mean \"eu-west-1\"?");
}

TEST_CASE("a task with an ECR image and awslogs") {
  CHECK(lines(plan({}, task({container("app", "111122223333.dkr.ecr.eu-west-1.amazonaws.com/app:1",
                                       "eu-west-1")}))) ==
        "ecr.api api.ecr.eu-west-1.amazonaws.com:443 interface (image of container app)\n"
        "ecr.dkr 111122223333.dkr.ecr.eu-west-1.amazonaws.com:443 interface (image of container app)\n"
        "s3 s3.eu-west-1.amazonaws.com:443 gateway (image layers of container app)\n"
        "logs logs.eu-west-1.amazonaws.com:443 interface (logs of container app)\n"
        "secretsmanager secretsmanager.eu-west-1.amazonaws.com:443 interface "
        "(assumed: secrets cannot be seen from inside)\n");
}

TEST_CASE("several registries and log regions: each row once, with all its reasons") {
  CHECK(
      lines(plan(
          {}, task({container("far", "444455556666.dkr.ecr.us-east-1.amazonaws.com/x", "us-east-1"),
                    container("app", "111122223333.dkr.ecr.eu-west-1.amazonaws.com/app", "eu-west-1"),
                    container("shared", "444455556666.dkr.ecr.eu-west-1.amazonaws.com/base@sha256:00")}))) ==
      "ecr.api.us-east-1 api.ecr.us-east-1.amazonaws.com:443 public (image of container far)\n"
      "ecr.dkr.us-east-1 444455556666.dkr.ecr.us-east-1.amazonaws.com:443 public (image of container far)\n"
      "s3.us-east-1 s3.us-east-1.amazonaws.com:443 public (image layers of container far)\n"
      "logs.us-east-1 logs.us-east-1.amazonaws.com:443 public (logs of container far)\n"
      "ecr.api api.ecr.eu-west-1.amazonaws.com:443 interface (image of container app; image of container "
      "shared)\n"
      "ecr.dkr 111122223333.dkr.ecr.eu-west-1.amazonaws.com:443 interface (image of container app)\n"
      "s3 s3.eu-west-1.amazonaws.com:443 gateway (image layers of container app; image layers of container "
      "shared)\n"
      "logs logs.eu-west-1.amazonaws.com:443 interface (logs of container app)\n"
      "ecr.dkr.444455556666 444455556666.dkr.ecr.eu-west-1.amazonaws.com:443 interface "
      "(image of container shared)\n"
      "secretsmanager secretsmanager.eu-west-1.amazonaws.com:443 interface "
      "(assumed: secrets cannot be seen from inside)\n");
}

TEST_CASE("a service with one row keeps its bare id, whatever the region") {
  const Plan only = plan({}, task({container("app", "nginx", "us-east-1")}));
  CHECK(only.endpoints[1].id == "logs");
  CHECK(only.endpoints[1].target.host == "logs.us-east-1.amazonaws.com");
}

TEST_CASE("secrets, parameters and log groups are named for those who ask about them exactly") {
  Options options = options_in("eu-west-1");
  const std::string arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:app/db-AbCdEf";
  options.secrets = {arn + ":password:AWSCURRENT:", "app/other"};
  options.parameters = {"/app/db"};
  ContainerContext app = container("app", "111122223333.dkr.ecr.eu-west-1.amazonaws.com/app:1", "eu-west-1");
  app.log_options["awslogs-group"] = "/ecs/app";
  ContainerContext twin = app;
  twin.name = "twin";
  ContainerContext maker = app;
  maker.log_options["awslogs-group"] = "/ecs/made-by-the-driver";
  maker.log_options["awslogs-create-group"] = "true";
  const Plan found = plan(options, task({app, twin, maker}));
  const auto names_at = [&](const char* id) {
    std::vector<std::string> names;
    for (const PlannedEndpoint& endpoint : found.endpoints) {
      for (const NamedObject& object : endpoint.objects) {
        if (endpoint.id == id) names.push_back(object.name);
        CHECK(object.role == Role::execution);
      }
    }
    return names;
  };
  CHECK(names_at("secretsmanager") == std::vector<std::string>{arn, "app/other"});
  CHECK(names_at("ssm") == std::vector<std::string>{"/app/db"});
  CHECK(names_at("logs") == std::vector<std::string>{"/ecs/app"});
  CHECK(names_at("ecr.api").empty());
}

TEST_CASE("images from elsewhere need their registry, and no AWS row") {
  const Plan elsewhere = plan(
      {}, task({container("a", "nginx:1.27"), container("b", "docker.io/library/redis"),
                container("c", "public.ecr.aws/nginx/nginx:latest"), container("d", "ghcr.example:8443/x/y"),
                container("e", "sha256:0011"), container("f", "")}));
  CHECK(lines(elsewhere) ==
        "registry-1.docker.io registry-1.docker.io:443 public (image of container a; image of container b)\n"
        "ecr-public public.ecr.aws:443 public (image of container c)\n"
        "ghcr.example:8443 ghcr.example:8443 public (image of container d)\n"
        "secretsmanager secretsmanager.eu-west-1.amazonaws.com:443 interface "
        "(assumed: secrets cannot be seen from inside)\n");
  CHECK(elsewhere.endpoints[0].service == nullptr);
}

TEST_CASE("exactly --services, with --also and --target on top") {
  Options options;
  options.services = {"s3", "kms"};
  options.also = {"kms", "sts"};
  options.targets = {{"api.example", 443}, {"db.example", 5432}, {"fd00::1", 8443}, {"api.example", 443}};
  CHECK(lines(plan(options, task({container("app", "nginx", "eu-west-1")}))) ==
        "s3 s3.eu-west-1.amazonaws.com:443 gateway (asked for by --services)\n"
        "kms kms.eu-west-1.amazonaws.com:443 interface (asked for by --services; asked for by --also)\n"
        "sts sts.eu-west-1.amazonaws.com:443 interface (asked for by --also)\n"
        "api.example api.example:443 public (asked for by --target)\n"
        "db.example:5432 db.example:5432 public (asked for by --target)\n"
        "[fd00::1]:8443 fd00::1:8443 public (asked for by --target)\n");
}

TEST_CASE("launch type and platform version decide what the task's interface carries") {
  const auto ids = [](const Options& options, const TaskContext& context) {
    std::string all;
    for (const PlannedEndpoint& endpoint : plan(options, context).endpoints) all += endpoint.id + " ";
    return all;
  };
  Options options = options_in("eu-west-1");
  options.platform_version = "1.3.0";
  CHECK(ids(options, {}) == "ecr.dkr s3 logs ");
  options.platform_version = "1.4.0";
  CHECK(ids(options, {}) == "ecr.api ecr.dkr s3 logs secretsmanager ");
  options.platform_version = "1.10.0";
  CHECK(ids(options, {}) == "ecr.api ecr.dkr s3 logs secretsmanager ");
  options.platform_version = "LATEST";
  CHECK(ids(options, {}) == "ecr.api ecr.dkr s3 logs secretsmanager ");
  TaskContext on_ec2 = task({container("app", "nginx")});
  on_ec2.launch_type = "EC2";
  CHECK(ids({}, on_ec2) == "registry-1.docker.io secretsmanager ecs-agent ecs-telemetry ecs ");
  Options said;
  said.launch_type_given = true;
  CHECK(ids(said, on_ec2) == "registry-1.docker.io secretsmanager ");
  Options ec2 = options_in("eu-west-1");
  ec2.launch_type = "ec2";
  ec2.platform_version = "1.3.0";  // of Fargate, so it says nothing here
  CHECK(ids(ec2, {}) == "ecr.api ecr.dkr s3 logs secretsmanager ecs-agent ecs-telemetry ecs ");
}

TEST_CASE("names follow --fips and --dualstack, or are the plain ones where there is no other") {
  Options options = options_in("us-east-1");
  options.services = {"logs", "s3", "ecs-agent", "ecr.dkr"};
  options.fips = true;
  CHECK(
      lines(plan(options)) ==
      "logs logs-fips.us-east-1.amazonaws.com:443 interface (asked for by --services)\n"
      "s3 s3-fips.us-east-1.amazonaws.com:443 gateway (asked for by --services)\n"
      "ecs-agent ecs-a.us-east-1.amazonaws.com:443 interface (asked for by --services)\n"
      "ecr.dkr 000000000000.dkr.ecr-fips.us-east-1.amazonaws.com:443 interface (asked for by --services)\n");
  options.fips = false;
  options.dualstack = true;  // no endpoint serves ECR's dual-stack name
  CHECK(lines(plan(options)) ==
        "logs logs.us-east-1.api.aws:443 interface (asked for by --services)\n"
        "s3 s3.dualstack.us-east-1.amazonaws.com:443 gateway (asked for by --services)\n"
        "ecs-agent ecs-a.us-east-1.amazonaws.com:443 interface (asked for by --services)\n"
        "ecr.dkr 000000000000.dkr-ecr.us-east-1.on.aws:443 public (asked for by --services)\n");
  options.region = "us-gov-west-1";
  options.fips = true;
  CHECK(plan(options).endpoints[3].target.host == "000000000000.dkr.ecr-fips.us-gov-west-1.amazonaws.com");
}

TEST_CASE("the control is S3 of another region of the partition") {
  const auto control = [](const char* region) {
    const Plan made = plan(options_in(region));
    return made.controls.empty() ? std::string("-") : made.controls[0].host;
  };
  CHECK(control("eu-west-1") == "s3.us-east-1.amazonaws.com");
  CHECK(control("us-east-1") == "s3.eu-west-1.amazonaws.com");
  CHECK(control("cn-north-1") == "s3.cn-northwest-1.amazonaws.com.cn");
  CHECK(control("eusc-de-east-1") == "-");
  CHECK(plan(options_in("eu-west-1")).controls[0].until == Until::tcp);
  TaskContext no_aws = task({});
  Options only_target;
  only_target.platform_version = "1.3.0";
  no_aws.containers = {container("app", "nginx")};
  CHECK(plan(only_target, no_aws).controls.empty());
}

TEST_CASE("settings follow the options, else the context") {
  TaskContext context = task({});
  context.resolvers = {SocketAddress::parse("10.0.0.2", 53).value()};
  context.subnets = {Cidr::parse("10.0.1.0/24").value()};
  Options options;
  options.vpc_cidrs = {Cidr::parse("20.0.0.0/8").value()};
  options.timeout = std::chrono::milliseconds(700);
  options.deadline = std::chrono::seconds(5);
  options.ipv4_only = true;
  const ProbeSettings settings = plan(options, context).settings;
  REQUIRE(settings.resolvers.size() == 1);
  CHECK(settings.resolvers[0].to_string() == "10.0.0.2:53");
  CHECK(settings.ranges.subnets == context.subnets);
  CHECK(settings.ranges.vpc == options.vpc_cidrs);
  CHECK(settings.stage_timeout == std::chrono::milliseconds(700));
  CHECK(settings.control_timeout == std::chrono::milliseconds(700));
  CHECK(settings.deadline == std::chrono::seconds(5));
  CHECK(settings.ipv4);
  CHECK_FALSE(settings.ipv6);
  options.resolvers = {SocketAddress::parse("10.9.9.9", 53).value()};
  CHECK(plan(options, context).settings.resolvers[0].to_string() == "10.9.9.9:53");
  CHECK(plan({}, task({})).settings.resolvers.empty());
}

TEST_CASE("what cannot be planned says why") {
  Options options = options_in("eu-west-1");
  options.also = {"execute-api"};
  CHECK(error(options) == "execute-api has no name of its own: give the API's id, execute-api:API-ID");
  options.also = {"efs"};
  CHECK(error(options) == "efs has no name of its own: give the file system, efs:FS-ID");
  CHECK(error({}, task({container("app", "nginx", "https://logs")})) ==
        "logs of container app: \"https://logs\" is no AWS region (--services probes without the metadata)");
}

TEST_CASE("ten thousand targets are planned at once") {
  Options options = options_in("eu-west-1");
  for (int i = 0; i < 10'000; ++i) options.targets.push_back({"h" + std::to_string(i) + ".example", 443});
  CHECK(plan(options).endpoints.size() == 10'005);
}

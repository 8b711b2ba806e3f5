// Realistic task definitions with the exact plan that each gives, as text, JSON and code.
#include "agent/plan/sheet.h"

#include "agent/cli/plan.h"
#include "agent/render/plan.h"
#include "catch.h"
#include "golden.h"

using namespace vpcprobe;

namespace {

constexpr Style kPlain{false, true};

struct Planned {
  TaskContext context;
  Plan plan;
  Infrastructure infrastructure;
};

Planned plan_of(const Options& options, TaskContext context) {
  Result<Plan> plan = make_plan(options, context);
  INFO((plan ? "" : plan.error().message));
  REQUIRE(plan);
  const Infrastructure infrastructure = infrastructure_for(plan.value(), options, context);
  return {std::move(context), std::move(plan.value()), infrastructure};
}

TaskDefinition definition(const std::string& path) {
  Result<TaskDefinition> read = parse_task_definition(read_file(in_tree("tests/" + path)));
  INFO(path << ": " << (read ? "" : read.error().message));
  REQUIRE(read);
  return read.value();
}

Planned plan_of(const Options& options, const std::string& path) {
  TaskContext context;
  context.definition = definition(path);
  return plan_of(options, context);
}

std::string text(const Planned& planned, const Options& options) {
  return plan_text(sheet_of(planned.plan, planned.infrastructure, options, planned.context), kPlain);
}

struct Case {
  const char* name;
  Options options;
};

Options old_platform() {
  Options options;
  options.platform_version = "1.3.0";
  return options;
}

Options first_platform() {
  Options options;
  options.platform_version = "1.0.0";
  return options;
}

Options with_names(std::vector<std::string> also) {
  Options options;
  options.also = std::move(also);
  options.zones = 3;
  return options;
}

Options in_ireland() {
  Options options;
  options.region = "eu-west-1";
  return options;
}

Options fips() {
  Options options;
  options.fips = true;
  return options;
}

Options one_zone() {
  Options options;
  options.zones = 1;
  options.endpoint_price = 0.011;
  options.nat_price = 0.045;
  return options;
}

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"firelens-destinations", in_ireland()},
      {"firelens-own-configuration", {}},
      {"windows-service", first_platform()},
      {"ec2-bridge", {}},
      {"ec2-awsvpc", {}},
      {"wordpress-efs", old_platform()},
      {"several-registries", in_ireland()},
      {"china", one_zone()},
      {"government", fips()},
      {"described", with_names({"ssmmessages", "kms", "execute-api:a1b2c3d4e5/live"})},
      {"telemetry", with_names({"xray", "sts", "sqs"})},
      {"splunk-and-mesh", {}},
      {"active-directory", in_ireland()},
  };
  return all;
}

}  // namespace

TEST_CASE("realistic task definitions and their plans") {
  for (const Case& row : cases()) {
    const Planned planned = plan_of(row.options, "agent/task/definitions/" + std::string(row.name) + ".json");
    check_golden("plan." + std::string(row.name) + ".txt", text(planned, row.options));
  }
}

TEST_CASE("the same plan as JSON and as code") {
  Options options;
  const Planned web = plan_of(options, "../task-def-examples/web-service.json");
  check_golden("plan.web-service.txt", text(web, options));
  check_golden("plan.web-service.json",
               plan_json(sheet_of(web.plan, web.infrastructure, options, web.context)));
  check_golden("plan.web-service.sh", aws_cli_script(web.infrastructure));
  check_golden("plan.web-service.tf", terraform_module(web.infrastructure));
  check_golden("plan.web-service.yaml", cloudformation_template(web.infrastructure));
}

TEST_CASE("ids that were given stand in the code, and a range instead of a group") {
  Options options;
  options.vpc_id = "vpc-0123456789abcdef0";
  options.subnet_ids = {"subnet-0123456789abcdef0", "subnet-0123456789abcdef1"};
  options.route_tables = {"rtb-0123456789abcdef0"};
  options.vpc_cidrs = {Cidr::parse("10.0.0.0/16").value(), Cidr::parse("fd00::/56").value()};
  const Planned web = plan_of(options, "../task-def-examples/web-service.json");
  CHECK(sheet_of(web.plan, web.infrastructure, options, web.context).cost.zones == 2);
  check_golden("plan.given-ids.sh", aws_cli_script(web.infrastructure));
  check_golden("plan.given-ids.tf", terraform_module(web.infrastructure));
  check_golden("plan.given-ids.yaml", cloudformation_template(web.infrastructure));
  options.task_group = "sg-0123456789abcdef0";
  const Planned grouped = plan_of(options, "../task-def-examples/web-service.json");
  CHECK(grouped.infrastructure.task_cidrs.empty());
  CHECK(aws_cli_script(grouped.infrastructure).find("<") ==
        aws_cli_script(grouped.infrastructure).find("<placeholders>"));
}

TEST_CASE("FIPS names get the endpoints that have them, and where none is known all formats say so") {
  Options options = fips();
  options.region = "us-east-1";
  options.services = {"logs", "kms", "ssm"};
  const Planned planned = plan_of(options, TaskContext{});
  const std::string doubt = "not known: whether this endpoint serves ssm-fips.us-east-1.amazonaws.com\n";
  for (const std::string& code :
       {aws_cli_script(planned.infrastructure), terraform_module(planned.infrastructure),
        cloudformation_template(planned.infrastructure)}) {
    INFO(code);
    CHECK(code.find("com.amazonaws.us-east-1.logs-fips") != std::string::npos);
    CHECK(code.find("com.amazonaws.us-east-1.kms-fips") != std::string::npos);
    CHECK(code.find("com.amazonaws.us-east-1.ssm") != std::string::npos);
    CHECK(code.find(doubt) == code.rfind("not known"));
  }
  const PlanSheet sheet = sheet_of(planned.plan, planned.infrastructure, options, planned.context);
  CHECK(
      sheet.notes.back() ==
      "It is not known whether the endpoints serve ssm-fips.us-east-1.amazonaws.com. Check PrivateDnsNames: "
      "aws ec2 describe-vpc-endpoint-services --region us-east-1 --service-names "
      "com.amazonaws.us-east-1.ssm.");
  CHECK(plan_json(sheet).find(R"("privatelink_name":"com.amazonaws.us-east-1.logs-fips")") !=
        std::string::npos);
  CHECK(text(planned, options).find("com.amazonaws.us-east-1.logs-fips") != std::string::npos);
}

TEST_CASE("where a name is not to be had, the one that comes nearest is named") {
  Options options = fips();
  options.dualstack = true;
  options.region = "us-east-1";
  options.services = {"ecr.api", "ecs-agent"};
  const Planned planned = plan_of(options, TaskContext{});
  const PlanSheet sheet = sheet_of(planned.plan, planned.infrastructure, options, planned.context);
  REQUIRE(sheet.without_endpoint.size() == 1);
  CHECK(sheet.without_endpoint[0].why ==
        "No endpoint serves this form of the name: it needs a path to the internet, or the IPv4 name, "
        "api.ecr-fips.us-east-1.amazonaws.com, though it is not known whether one serves that.");
  CHECK(sheet.notes.back() == "No FIPS name is known here of Amazon ECS agent: the plain one is planned.");
  options.fips = false;
  const Planned dualstack = plan_of(options, TaskContext{});
  const auto without = without_endpoint(dualstack.plan);
  CHECK(without.at(0).why.ends_with("or the IPv4 name, api.ecr.us-east-1.amazonaws.com."));
}

TEST_CASE("on EC2 the endpoints let the instances in") {
  Options options;
  options.launch_type = "ec2";
  options.launch_type_given = true;
  options.region = "eu-west-1";
  const Infrastructure made = plan_of(options, TaskContext{}).infrastructure;
  for (const std::string& code :
       {aws_cli_script(made), terraform_module(made), cloudformation_template(made)}) {
    INFO(code);
    CHECK(code.find("task's security group") == std::string::npos);
    CHECK(code.find("tasks with an interface of their own also need a rule") != std::string::npos);
  }
}

TEST_CASE("the code says what the plan assumes") {
  TaskContext context;
  context.definition = parse_task_definition(R"({"containerDefinitions":[{"name":"app","image":)"
                                             R"("111122223333.dkr-ecr.eu-west-1.on.aws/d:1"}]})")
                           .value();
  const Infrastructure made = plan_of({}, context).infrastructure;
  for (const std::string& code :
       {aws_cli_script(made), terraform_module(made), cloudformation_template(made)}) {
    INFO(code);
    CHECK(code.find("# - The region is assumed: eu-west-1") != std::string::npos);
    CHECK(code.find("# - The image of container app has the registry's dual-stack name.") !=
          std::string::npos);
    CHECK(code.find("com.amazonaws.eu-west-1.ecr.api") != std::string::npos);
  }
}

TEST_CASE("in us-gov the FIPS name of most services is the plain one, and so is its endpoint") {
  Options options = fips();
  options.region = "us-gov-west-1";
  options.services = {"logs", "ssm", "sts"};
  const Planned planned = plan_of(options, TaskContext{});
  std::string made;
  for (const EndpointToCreate& endpoint : planned.infrastructure.endpoints) made += endpoint.name + " ";
  CHECK(made ==
        "com.amazonaws.us-gov-west-1.logs com.amazonaws.us-gov-west-1.ssm "
        "com.amazonaws.us-gov-west-1.sts ");
  CHECK(aws_cli_script(planned.infrastructure).find("not known") == std::string::npos);
}

TEST_CASE("a policy only where all that is read from S3 is known") {
  Options options;
  options.also = {"s3"};
  const Planned web = plan_of(options, "../task-def-examples/web-service.json");
  CHECK(terraform_module(web.infrastructure).find("policy") == std::string::npos);
  EndpointToCreate endpoint;
  endpoint.s3_objects = {"arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*", "arn:aws:s3:::own/it's.env"};
  CHECK(
      s3_policy(endpoint) ==
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject",)"
      R"("Resource":["arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*","arn:aws:s3:::own/it\u0027s.env"]},)"
      R"({"Effect":"Allow","Principal":"*","Action":"s3:GetBucketLocation","Resource":["arn:aws:s3:::own"]}]})");
}

TEST_CASE("with a saved report only what is missing is planned") {
  TaskContext context;
  Result<RecordedRun> read = parse_recorded_run(read_file(in_tree("tests/golden/json.failing.json")));
  INFO((read ? "" : read.error().message));
  REQUIRE(read);
  context.recorded = read.value();
  Planned planned = plan_of({}, context);
  const std::size_t all = planned.plan.endpoints.size();
  CHECK(all == read.value().endpoints.size());
  const std::size_t present = leave_out_present(planned.plan, read.value());
  CHECK(planned.plan.endpoints.size() == all - present);
  std::string missing;
  for (const PlannedEndpoint& row : planned.plan.endpoints) missing += row.id + " ";
  CHECK(missing == "s3 ");
  CHECK(infrastructure_for(planned.plan, {}, context).endpoints.size() == 1);
  planned.plan.endpoints.clear();
  const Infrastructure nothing = infrastructure_for(planned.plan, {}, context);
  CHECK(aws_cli_script(nothing) == "#!/bin/sh\n# No endpoint is missing.\n");
}

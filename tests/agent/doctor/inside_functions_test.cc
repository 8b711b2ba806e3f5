#include "agent/doctor/inside_functions.h"

#include <nlohmann/json.hpp>

#include "agent/doctor/function_event.h"
#include "agent/doctor/function_package.h"
#include "agent/doctor/function_rights.h"
#include "agent/doctor/own_role.h"
#include "agent/doctor/reading_access.h"
#include "catch.h"
#include "golden.h"

using namespace vpcprobe;
using Json = nlohmann::json;

namespace {

InsidePlan two_functions() {
  InsidePlan plan;
  plan.region = "eu-west-1";
  plan.functions = {{"vpc-probe-doctor-0000000000000001", "subnet-1", "eu-west-1a", {"sg-1", "sg-2"}},
                    {"vpc-probe-doctor-0000000000000002", "subnet-2", "", {"sg-1"}, true}};
  return plan;
}

/// The start of an ELF file with one program header of this type.
std::string elf(char machine, char header_type) {
  std::string file(
      "\x7f"
      "ELF\x02\x01",
      6);
  file.resize(64 + 56, '\0');
  file[18] = machine;
  file[32] = 64;
  file[56] = 1;
  file[64] = header_type;
  return file;
}

}  // namespace

TEST_CASE("a name is that of its subnet, groups and program", "[inside]") {
  const std::string name = function_name("subnet-1", {"sg-2", "sg-1"}, "d");
  CHECK(name == function_name("subnet-1", {"sg-1", "sg-2"}, "d"));
  CHECK(name != function_name("subnet-2", {"sg-1", "sg-2"}, "d"));
  CHECK(name != function_name("subnet-1", {"sg-1"}, "d"));
  CHECK(name != function_name("subnet-1", {"sg-1", "sg-2"}, "e"));
  FunctionState function;
  function.name = name;
  CHECK_FALSE(is_ours(function));
  function.description = function_description("subnet-1");
  CHECK(is_ours(function));
  function.name = "vpc-probe-doctor-of-mine-12345678";
  CHECK_FALSE(is_ours(function));
}

TEST_CASE("what will be made is said before, a line each", "[inside]") {
  InsidePlan plan = two_functions();
  check_golden("inside.plan.txt", plan_table(plan));
  plan.given_role = "arn:aws:iam::111122223333:role/r";
  plan.is_kept = true;
  CHECK(plan_table(plan).find("IAM role") == std::string::npos);
  CHECK(plan_table(plan).find("keeps them (--keep)") != std::string::npos);
  FunctionState function;
  function.name = plan.functions[0].name;
  function.subnets = {"subnet-1"};
  check_golden("inside.removal.txt", removal_table("eu-west-1", {function}, true));
}

TEST_CASE("the policy of a partition", "[inside]") {
  CHECK(vpc_access_policy("eu-west-1") ==
        "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole");
  CHECK(vpc_access_policy("cn-north-1").starts_with("arn:aws-cn:iam::aws:policy/"));
}

TEST_CASE("a program for Lambda is packed, and nothing else", "[inside]") {
  const auto own = package_of(elf(62, 1));
  REQUIRE(own);
  CHECK(own.value().architecture == "x86_64");
  CHECK_FALSE(own.value().loads_libraries);
  CHECK(own.value().zip.starts_with("UEsDB"));
  CHECK(package_of(elf('\xb7', 3)).value().architecture == "arm64");
  CHECK(package_of(elf('\xb7', 3)).value().loads_libraries);
  CHECK(package_of("").error().message.starts_with("no program for Linux"));
  CHECK(package_of(elf(40, 1)).error().message.starts_with("a program for another processor"));
  std::string lying = elf(62, 1);
  lying[32] = lying[33] = lying[39] = '\xff';
  lying[56] = lying[57] = '\xff';
  CHECK_FALSE(package_of(lying).value().loads_libraries);
  const std::string large = elf(62, 1) + std::string(kLongestPackage, '\0');
  CHECK(package_of(large).error().message == "larger than the 50 MB that Lambda takes");
}

TEST_CASE("the event has the needs of the task, without its variables", "[inside]") {
  Options options;
  options.also = {"ssm"};
  options.targets = {{"db.example.com", 5432, true}, {"::1", 443, false}};
  options.depth = Depth::api;
  options.strict = true;
  const std::string definition =
      R"({"taskDefinition":{"family":"web","containerDefinitions":[{"name":"app","image":"i",)"
      R"("environment":[{"name":"PASSWORD","value":"hunter2"}],"command":["--password=hunter2"],)"
      R"("secrets":[{"name":"S","valueFrom":"arn"}]}]}})";
  const Json event =
      Json::parse(function_event(options, "eu-west-1", definition, {*Cidr::parse("100.64.0.0/16")}));
  CHECK(event["region"] == "eu-west-1");
  CHECK(event["also"] == Json({"ssm"}));
  CHECK(event["target"] == Json({"tcp://db.example.com:5432", "[::1]:443"}));
  CHECK(event["depth"] == "api");
  CHECK(event["vpc-cidr"] == Json({"100.64.0.0/16"}));
  CHECK(event.dump().find("hunter2") == std::string::npos);
  CHECK(event["task-definition"]["taskDefinition"]["containerDefinitions"][0]["secrets"].size() == 1);
  options.mentioned = true;
  CHECK(function_event(options, "eu-west-1", definition, {}).find("hunter2") != std::string::npos);
  CHECK(Json::parse(function_event({}, "eu-west-1", "family: web\n", {}))["task-definition"] ==
        "family: web\n");
  CHECK_FALSE(Json::parse(function_event({}, "eu-west-1", "", {})).contains("task-definition"));
}

TEST_CASE("the policy for probing allows what is called, and names limit it", "[inside]") {
  check_golden("doctor.policy.probe.json", probing_policy("eu-west-1"));
  const Json policy = Json::parse(probing_policy("cn-north-1"));
  CHECK(policy["Statement"].size() > 3);
  CHECK(probing_policy("cn-north-1").find("arn:aws:") == std::string::npos);
  for (const FunctionRight& right : function_rights()) {
    INFO(right.action);
    CHECK_FALSE(right.what_for.empty());
  }
}

TEST_CASE("a role is the task's by its ARN", "[inside]") {
  const char* definition = R"({"taskDefinition":{"executionRoleArn":"arn:e","taskRoleArn":"arn:t"}})";
  CHECK(role_in_task(definition, "arn:e") == Role::execution);
  CHECK(role_in_task(definition, "arn:t") == Role::task);
  CHECK_FALSE(role_in_task(definition, "arn:x"));
  CHECK_FALSE(role_in_task("", "arn:e"));
  CHECK_FALSE(role_in_task("[]", ""));
}

TEST_CASE("denials of a role that is not the task's do not count", "[inside]") {
  const auto finding = [](const char* code, const char* endpoint, int stage, Severity severity) {
    Finding made;
    made.code = code;
    made.endpoint = endpoint;
    made.stage = stage;
    made.severity = severity;
    return made;
  };
  Report report;
  EndpointReport logs;
  logs.id = logs.service = "logs";
  report.endpoints = {logs};
  report.verdict = Verdict::fail;
  report.exit_code = 59;
  report.findings = {finding("denied-identity-policy", "ecr.api", 5, Severity::error),
                     finding("denied-endpoint-policy", "logs", 5, Severity::error)};
  CHECK(disregard_own_role(report));
  CHECK(report.verdict == Verdict::fail);
  CHECK(report.exit_code == 54);
  CHECK_FALSE(disregard_own_role(report));
  report.findings = {finding("denied-unspecified", "logs", 5, Severity::error),
                     finding("slow-endpoint", "logs", 0, Severity::warning)};
  CHECK(disregard_own_role(report));
  CHECK(report.verdict == Verdict::warn);
  CHECK(report.exit_code == 0);
}

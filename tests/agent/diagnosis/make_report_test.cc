#include "agent/diagnosis/make_report.h"

#include "agent/diagnosis/report.h"
#include "agent/diagnosis/rules.h"
#include "catch.h"
#include "scenarios/world.h"

namespace vpcprobe {

using scenarios::World;

namespace {

Finding finding(const char* code, const char* endpoint, Severity severity = Severity::error) {
  Finding made;
  made.code = code;
  made.stage = find_rule(code)->stage;
  made.severity = severity;
  made.endpoint = endpoint;
  return made;
}

int fail_code(const World& world, const std::vector<Finding>& findings) {
  return exit_code_of(Verdict::fail, findings, world.plan, false);
}

}  // namespace

TEST_CASE("the exit code is stage and service") {
  World world;
  world.add_service("ssm", {"10.0.1.40"});
  world.add_service("kms", {"10.0.1.41"});
  world.add_target("api.internal", 443, {"10.0.1.42"});
  CHECK(fail_code(world, {finding("name-not-found", "ecr.api")}) == 11);
  CHECK(fail_code(world, {finding("endpoint-filtered", "ecr.dkr")}) == 22);
  CHECK(fail_code(world, {finding("gateway-route-missing", "s3")}) == 23);
  CHECK(fail_code(world, {finding("tls-stalled", "logs")}) == 34);
  CHECK(fail_code(world, {finding("http-silent", "secretsmanager")}) == 45);
  CHECK(fail_code(world, {finding("tls-reset", "ssm")}) == 36);
  CHECK(fail_code(world, {finding("tls-reset", "kms")}) == 37);
  CHECK(fail_code(world, {finding("tls-reset", "api.internal")}) == 38);
}

TEST_CASE("the earliest stage counts, and the endpoints that fail there") {
  const World world;
  CHECK(fail_code(world, {finding("tls-reset", "logs"), finding("endpoint-filtered", "ecr.api")}) == 21);
  CHECK(fail_code(world, {finding("endpoint-filtered", "logs"), finding("endpoint-filtered", "ecr.api")}) ==
        29);
  CHECK(fail_code(world, {finding("endpoint-filtered", "logs"), finding("no-route", "logs")}) == 24);
}

TEST_CASE("a masked error and a warning have no part in the exit code") {
  const World world;
  Finding masked = finding("name-timeout", "logs");
  masked.masked_by = "resolver-silent";
  const Finding warning = finding("answer-not-aws", "ecr.api", Severity::warning);
  CHECK(fail_code(world, {masked, warning, finding("tls-reset", "s3")}) == 33);
}

TEST_CASE("one fault of several endpoints is task-wide only if it covers all that is needed") {
  const World world;
  Finding several = finding("tls-stalled", "");
  several.covers = {"logs", "s3"};
  CHECK(fail_code(world, {several}) == 39);
  several.covers = {"ecr.api", "ecr.dkr", "s3", "logs", "secretsmanager"};
  CHECK(fail_code(world, {several}) == 30);
  Finding own_code = finding("interface-endpoints-filtered", "");
  own_code.covers = {"logs", "ecr.api"};
  CHECK(fail_code(world, {own_code}) == 20);
}

TEST_CASE("without a failure the exit code is 0, 1 for a strict warning, 3 without a verdict") {
  const World world;
  CHECK(exit_code_of(Verdict::pass, {}, world.plan, true) == 0);
  CHECK(exit_code_of(Verdict::warn, {}, world.plan, false) == 0);
  CHECK(exit_code_of(Verdict::warn, {}, world.plan, true) == 1);
  CHECK(exit_code_of(Verdict::incomplete, {finding("tls-reset", "s3")}, world.plan, false) == 3);
}

TEST_CASE("the summary says what to do, or that all is well and what was not checked") {
  World world;
  CHECK(world.report().summary ==
        "5 endpoints this task needs: all answer, 4 by interface endpoint and 1 by gateway endpoint; "
        "permissions "
        "were not checked");
  world.silent("s3");
  CHECK(world.report().summary ==
        "Amazon S3 cannot be reached: the addresses stay silent on 443. Most likely: the route table of this "
        "subnet "
        "has no route to a gateway endpoint for com.amazonaws.eu-west-1.s3");
  world.silent("logs");
  CHECK(world.report().summary.find(". And 1 more error") != std::string::npos);
  world.seen.asked_complete = false;
  CHECK(world.report().summary.ends_with("; the time was over before all was asked"));
  world.seen.complete = false;
  CHECK(world.report().summary.find("Stopped before a verdict") == 0);
}

TEST_CASE("the summary of a warning says that everything works") {
  World world;
  world.resolves("logs", {"10.0.1.12"});
  CHECK(world.report().verdict == Verdict::warn);
  CHECK(world.report().summary.find("Everything this task needs answers, but: ") == 0);
}

TEST_CASE("addresses know their scope and their owner") {
  World world;
  const Report report = world.report();
  CHECK(report.endpoints[0].addresses[0].scope == Scope::subnet);
  CHECK(report.endpoints[0].addresses[1].scope == Scope::private_);
  CHECK(report.endpoints[0].addresses[0].owner.empty());
  CHECK(report.endpoints[2].addresses[0].scope == Scope::public_);
  CHECK(report.endpoints[2].addresses[0].owner == "S3 eu-west-1");
}

TEST_CASE("an observation that ended before anything was seen is a report too") {
  World world;
  world.seen = {};
  const Report report = world.report();
  CHECK(report.verdict == Verdict::incomplete);
  CHECK(report.exit_code == 3);
  CHECK(report.endpoints.size() == 5);
  CHECK(report.findings.empty());
}

TEST_CASE("ECS's words name the address and host of the endpoint they are about") {
  World world;
  world.all_public();
  world.silent("*");
  const Report report = world.report();
  const Finding& root = report.findings.front();
  REQUIRE(root.ecs_errors.size() == 3);
  CHECK(root.ecs_errors[0].find("api.ecr.eu-west-1.amazonaws.com") != std::string::npos);
  CHECK(root.ecs_errors[0].find("dial tcp 34.249.10.10:443: i/o timeout") != std::string::npos);
  CHECK(root.ecs_errors[1].find("Secrets Manager") != std::string::npos);
  CHECK(root.ecs_errors[2].find("dial tcp 34.249.10.11:443: i/o timeout") != std::string::npos);
}

}  // namespace vpcprobe

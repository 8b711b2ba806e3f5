// What findings about refusals and objects advise: commands that fix, and that are safe to paste.
#include <algorithm>

#include "catch.h"
#include "scenarios/world.h"
#include "text.h"

using namespace vpcprobe;
using scenarios::World;

namespace {

constexpr const char* kIdentity = " because no identity-based policy allows the action";
constexpr const char* kSecret = "secretsmanager:GetSecretValue";

std::string commands_of(const Report& report) {
  std::string commands;
  for (const Fix& fix : report.findings.at(0).fix) commands += fix.command + "\n";
  return commands;
}

}  // namespace

TEST_CASE("what AWS's own policy holds is fixed by it, anything else by a policy of the role's") {
  World login;
  login.options.role = Role::execution;
  login.denies("ecr.api", "ecr:GetAuthorizationToken", kIdentity);
  const std::string by_managed = commands_of(login.report());
  CHECK(has(by_managed, "aws iam attach-role-policy --role-name app --policy-arn arn:aws:iam::aws:policy/"));
  CHECK_FALSE(has(by_managed, "put-role-policy"));

  World secret;
  secret.options.role = Role::execution;
  secret.denies("secretsmanager", kSecret, kIdentity, "app/db");
  const std::string by_own = commands_of(secret.report());
  CHECK(has(by_own, "aws iam put-role-policy --role-name app "));
  CHECK_FALSE(has(by_own, "attach-role-policy"));
}

TEST_CASE("a Deny is fixed by no policy that allows") {
  World world;
  world.options.role = Role::execution;
  world.denies("ecr.api", "ecr:GetAuthorizationToken", " with an explicit deny in an identity-based policy");
  const Report report = world.report();
  const std::string commands = commands_of(report);
  CHECK_FALSE(has(commands, "attach-role-policy"));
  CHECK_FALSE(has(commands, "put-role-policy"));
  const Finding& finding = report.findings[0];
  CHECK(has(finding.causes.at(0).text, "denies ecr:GetAuthorizationToken"));
  CHECK(has(finding.fix.back().text, "Find the Deny statement that fits ecr:GetAuthorizationToken"));
  for (const std::string& cause : texts_of(finding.causes)) CHECK_FALSE(has(cause, "do not allow"));
}

TEST_CASE("a note about another role advises to change nothing") {
  World world;
  world.denies("ecr.api", "ecr:GetAuthorizationToken", kIdentity);
  const Report report = world.report();
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].severity == Severity::note);
  const std::string commands = commands_of(report);
  CHECK_FALSE(has(commands, "attach-role-policy"));
  CHECK_FALSE(has(commands, "put-role-policy"));
  CHECK(has(report.findings[0].title, "refused to the task role"));
}

TEST_CASE("the partition's own ARN is advised") {
  World world;
  world.options.role = Role::execution;
  world.plan.partition = find_partition("cn-north-1");
  world.denies("ecr.api", "ecr:GetAuthorizationToken", kIdentity);
  CHECK(has(commands_of(world.report()), "arn:aws-cn:iam::aws:policy/"));
}

TEST_CASE("a refusal's evidence is AWS's own") {
  World world;
  world.denies("secretsmanager", kSecret, " with an explicit deny in a resource-based policy", "app/db");
  const Report report = world.report();
  const auto text = [&](const char* key) {
    const auto& all = report.findings.at(0).evidence;
    const auto found = std::find_if(all.begin(), all.end(), [&](const Evidence& e) { return e.key == key; });
    REQUIRE(found != all.end());
    const auto* words = std::get_if<std::string>(&found->value);
    return words ? *words : std::string(std::get<bool>(found->value) ? "yes" : "no");
  };
  CHECK(text("action") == kSecret);
  CHECK(text("resource") == "app/db");
  CHECK(text("principal") == "arn:aws:sts::111122223333:assumed-role/app/0123");
  CHECK(text("policy") == "resource-based policy");
  CHECK(text("explicit_deny") == "yes");
  CHECK(text("request_id") == "5ee0e5a1-5c3c-4b5e-9d2f-000000000002");
  CHECK(text("asked_as") == "task");
}

TEST_CASE("names go into commands only where a shell reads them as they stand") {
  for (const char* name : {"app/db; rm -rf $HOME", "$(id)", "a'b", "-x", "a b"}) {
    World world;
    world.call("secretsmanager", kSecret, name).presence = Presence::missing;
    const std::string commands = commands_of(world.report());
    INFO(commands);
    CHECK(has(commands, "--secret-id <secret>"));
    CHECK_FALSE(has(commands, name));
  }
  World world;
  world.call("secretsmanager", kSecret, "app/db").presence = Presence::missing;
  CHECK(has(commands_of(world.report()), "--secret-id app/db"));
}

TEST_CASE("commands about a thing of another region name that region, those about the VPC its own") {
  World missing;
  missing.call("logs", "logs:PutLogEvents", "/ecs/app").presence = Presence::missing;
  missing.plan.endpoints[3].region = "us-east-1";
  const Report report = missing.report();
  CHECK(has(commands_of(report), "aws logs create-log-group --region us-east-1 --log-group-name /ecs/app"));
  CHECK_FALSE(has(commands_of(report), "eu-west-1"));
  CHECK(has(report.findings.at(0).title, "us-east-1"));

  World refused;
  refused.denies("logs", "logs:PutLogEvents", " because no VPC endpoint policy allows the action",
                 "/ecs/app");
  refused.plan.endpoints[3].region = "us-east-1";
  const std::string commands = commands_of(refused.report());
  CHECK(has(commands, "aws ec2 describe-vpc-endpoints --region eu-west-1"));
  CHECK(has(commands, "Values=com.amazonaws.us-east-1.logs"));
}

TEST_CASE("S3 that may not be listed hides what is missing behind a refusal") {
  World world;
  world.options.role = Role::execution;
  world.answers("s3", "s3:GetObject", 403, "AccessDenied",
                "User: arn:aws:sts::111122223333:assumed-role/app/0123 is not authorized to perform: "
                "s3:ListBucket on resource: \"arn:aws:s3:::cfg\" because no identity-based policy allows the "
                "s3:ListBucket action");
  world.endpoint("s3").calls.front().object = "arn:aws:s3:::cfg/app.env";
  const Finding finding = world.report().findings.at(0);
  CHECK(finding.code == "denied-identity-policy");
  CHECK(has(finding.causes.at(0).text, "the object is not there"));
}

TEST_CASE("one policy that refuses several calls is told with all of them, each in its own words") {
  World world;
  world.options.role = Role::execution;
  world.denies("ecr.api", "ecr:GetAuthorizationToken", " because no permissions boundary allows the action");
  world.denies("logs", "logs:PutLogEvents", " because no permissions boundary allows the action", "/ecs/app");
  const Finding finding = world.report().findings.at(0);
  CHECK(finding.covers == std::vector<std::string>{"ecr.api", "logs"});
  CHECK(has(finding.causes.at(0).text, "ecr:GetAuthorizationToken and logs:PutLogEvents"));
  REQUIRE(finding.ecs_errors.size() == 2);
  CHECK(has(finding.ecs_errors[0], "ecr:GetAuthorizationToken"));
  CHECK(has(finding.ecs_errors[1], "logs:PutLogEvents"));
  CHECK_FALSE(has(finding.ecs_errors[1], "ecr:GetAuthorizationToken"));
}

TEST_CASE("ECS's own words are quoted with AWS's") {
  World world;
  world.denies("logs", "logs:PutLogEvents",
               " because no VPC endpoint policy allows the logs:PutLogEvents action", "/ecs/app");
  const auto errors = world.report().findings.at(0).ecs_errors;
  REQUIRE(errors.size() == 1);
  CHECK(has(errors[0], "failed to validate logger args: … AccessDeniedException: User: arn:aws:sts::"));
}

TEST_CASE("a refusal that cannot be read is told as one, and nothing is quoted of it") {
  World world;
  world.options.role = Role::execution;
  world.answers("ecr.api", "ecr:GetAuthorizationToken", 403, "", "");
  const Finding finding = world.report().findings.at(0);
  CHECK(finding.code == "denied-unspecified");
  CHECK(has(finding.observed, "HTTP 403 and no error that can be read"));
  CHECK(finding.ecs_errors.empty());
}

// What is said to be behind names that resolve to public addresses.
#include "agent/aws/amazon_resolver.h"
#include "catch.h"
#include "scenarios/world.h"
#include "text.h"

using namespace vpcprobe;
using scenarios::World;

namespace {

Finding no_private_names(void (*breaks)(World&)) {
  World world;
  world.all_public();
  world.silent("*");
  breaks(world);
  Finding finding = world.report().findings.at(0);
  REQUIRE(finding.code == "no-private-names");
  return finding;
}

}  // namespace

TEST_CASE("a NAT route behind a closed security group looks like no way at all, and is told beside it") {
  const Finding finding = no_private_names([](World&) {});
  CHECK(has(finding.causes.at(0).text, "no VPC endpoints, and no NAT route"));
  CHECK(any_has(texts_of(finding.causes), "a NAT route is there to carry it, and the task's security group"));
  CHECK(commands_have(finding, "describe-security-groups"));
  CHECK(commands_have(finding, "describe-network-acls"));
}

TEST_CASE("a resolver that cannot be Amazon's is the first thing to look at where no name is private") {
  const Finding finding = no_private_names([](World& world) { world.only_resolver("10.0.0.53"); });
  CHECK(has(finding.causes.at(0).text, "the resolver 10.0.0.53:53 is not Amazon's"));
  CHECK(commands_have(finding, "vpc-probe run --region eu-west-1 --resolver 169.254.169.253"));

  World one;
  one.resolves("logs", {"34.249.10.12"});
  one.silent("logs");
  one.only_resolver("10.0.0.53");
  const Finding missing = one.report().findings.at(0);
  REQUIRE(missing.code == "private-name-missing");
  CHECK(has(missing.causes.at(0).text, "no interface endpoint"));  // the other names are private
  CHECK(any_has(texts_of(missing.causes), "is not Amazon's"));
}

TEST_CASE("a resolver of one's own gave every answer where Amazon's beside it stays silent") {
  const Finding finding = no_private_names([](World& world) {
    world.resolver("10.0.0.53");
    world.resolver_says("10.0.0.2", "*", DnsStatus::timeout, {});
  });
  CHECK(has(finding.causes.at(0).text, "the resolver 10.0.0.53:53 is not Amazon's"));
}

TEST_CASE("which addresses Amazon's resolver may have") {
  const auto may_be = [](const char* address) {
    return may_be_amazon_resolver(IpAddress::parse(address).value());
  };
  for (const char* address : {"169.254.169.253", "fd00:ec2::253", "10.0.0.2", "172.31.4.18", "127.0.0.53"}) {
    INFO(address);
    CHECK(may_be(address));
  }
  for (const char* address : {"10.0.0.53", "192.168.1.1", "fd00::2", "8.8.8.8"}) {
    INFO(address);
    CHECK_FALSE(may_be(address));
  }
}

TEST_CASE("an address in no range of AWS is not called the public service") {
  World silent;
  silent.resolves("logs", {"20.10.2.12"});
  silent.silent("logs");
  const Finding finding = silent.report().findings.at(0);
  REQUIRE(finding.code == "endpoint-filtered");
  CHECK(has(finding.causes.at(0).text, "--vpc-cidr"));
  CHECK(commands_have(finding, "describe-network-interfaces"));

  World works;
  works.resolves("logs", {"20.10.2.12"});
  const Report report = works.report();
  CHECK(report.endpoints.at(3).path == Path::unknown);
  for (const Finding& other : report.findings) CHECK(other.code != "internet-egress-open");
}

TEST_CASE("where AWS publishes no ranges, an address in none of them says nothing") {
  World world;
  world.plan.endpoints[3].region = "us-iso-east-1";
  world.resolves("logs", {"20.10.2.12"});
  world.silent("logs");
  const Report report = world.report();
  CHECK(report.findings.at(0).code == "private-name-missing");
  for (const Finding& finding : report.findings) CHECK(finding.code != "answer-not-aws");
}

TEST_CASE("an address that several names share is said once") {
  World world;
  for (const char* id : {"ecr.api", "ecr.dkr", "logs", "secretsmanager", "s3"}) {
    world.resolves(id, {"10.0.9.80"});
    world.silent(id);
  }
  const Finding finding = world.report().findings.at(0);
  REQUIRE(finding.code == "name-overridden");
  CHECK(finding.addresses == std::vector<std::string>{"10.0.9.80"});
}

// What is said to be behind addresses that stay silent.
#include "catch.h"
#include "scenarios/world.h"
#include "text.h"

using namespace vpcprobe;
using scenarios::World;

TEST_CASE("one IP version of an endpoint that stays silent is a matter of rules, not of zones") {
  World one;
  one.resolves("logs", {"10.0.1.12", "fd12::12"});
  one.silent("logs", "fd12::12");
  const Finding by_rule = one.report().findings.at(0);
  REQUIRE(by_rule.code == "zone-filtered");
  CHECK(has(by_rule.causes.at(0).text, "rules for the other IP version only"));
  CHECK(has(by_rule.fix.back().text, "Add the rule for IPv6"));

  World two;
  for (const char* id : {"logs", "secretsmanager"}) {
    two.resolves(id, {"10.0.1.12", "fd12::12"});
    two.silent(id, "fd12::12");
  }
  const Finding by_rules = two.report().findings.at(0);
  REQUIRE(by_rules.covers == std::vector<std::string>{"logs", "secretsmanager"});
  CHECK(has(by_rules.causes.at(0).text, "rules for the other IP version only"));

  World zone;
  zone.silent("logs", "10.0.2.12");
  const Finding by_zone = zone.report().findings.at(0);
  REQUIRE(by_zone.code == "zone-filtered");
  CHECK(has(by_zone.causes.at(0).text, "network ACL"));
}

TEST_CASE("addresses that DNS64 makes up are the endpoints' own, by way of a NAT gateway") {
  World dual;
  dual.resolves("logs", {"10.0.1.12", "64:ff9b::a00:10c"});
  dual.resolves("s3", {"52.218.30.10", "64:ff9b::34da:1e0a"});
  dual.silent("logs", "64:ff9b::a00:10c");
  dual.silent("s3", "64:ff9b::34da:1e0a");
  const Report report = dual.report();
  const Finding& half = report.findings.at(0);
  REQUIRE(half.code == "zone-filtered");
  CHECK(half.covers.size() == 2);
  REQUIRE(half.causes.size() == 3);
  CHECK(half.causes.at(0).id == "dns64-without-nat-route");
  CHECK(half.causes.at(1).id == "rules-without-nat64-range");
  CHECK(half.causes.at(2).id == "endpoint-denies-nat-gateway");

  World translated;  // one of them connects: the route and the rules are there
  translated.resolves("logs", {"10.0.1.12", "64:ff9b::a00:10c"});
  translated.resolves("s3", {"52.218.30.10", "64:ff9b::34da:1e0a"});
  translated.silent("logs", "64:ff9b::a00:10c");
  const Report beyond = translated.report();
  REQUIRE(beyond.findings.at(0).code == "zone-filtered");
  CHECK(beyond.findings.at(0).causes.at(0).id == "endpoint-denies-nat-gateway");

  World gateway_only;  // the endpoint lets in the NAT gateway and not the task
  gateway_only.resolves("logs", {"10.0.1.12", "64:ff9b::a00:10c"});
  gateway_only.silent("logs", "10.0.1.12");
  const Report own = gateway_only.report();
  REQUIRE(own.findings.at(0).code == "zone-filtered");
  CHECK(own.findings.at(0).causes.at(0).id == "group-allows-nat-gateway-only");

  World single;
  for (const char* id : {"ecr.api", "ecr.dkr", "logs", "secretsmanager"})
    single.resolves(id, {"64:ff9b::a00:10c"});
  single.resolves("ecr.api", {"64:ff9b::a00:10a"});
  single.resolves("logs", {"64:ff9b::a00:10b"});
  single.resolves("secretsmanager", {"64:ff9b::a00:10d"});
  single.resolves("s3", {"64:ff9b::34da:1e0a"});
  single.silent("*");
  const Report all = single.report();
  REQUIRE(all.findings.at(0).code == "all-filtered");
  CHECK(has(all.findings.at(0).causes.at(0).text, "64:ff9b::/96"));
}

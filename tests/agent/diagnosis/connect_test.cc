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

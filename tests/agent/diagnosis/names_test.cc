// What is said to be behind names without an address.
#include "catch.h"
#include "scenarios/world.h"
#include "text.h"

using namespace vpcprobe;
using scenarios::World;

TEST_CASE("a name that is an alias to nothing has a record, and the record is wrong") {
  World world;
  world.name_fails("logs", DnsStatus::not_found);
  CHECK(world.report().findings.at(0).causes.at(0).id == "private-zone-lacks-record");
  for (EndpointObservation& one : world.seen.endpoints)
    if (one.addresses.empty()) one.dns->cnames = {"vpce-0gone.logs.eu-west-1.vpce.amazonaws.com"};
  const Finding alias = world.report().findings.at(0);
  REQUIRE(alias.code == "name-not-found");
  CHECK(has(alias.observed, "alias (CNAME) to vpce-0gone.logs.eu-west-1.vpce.amazonaws.com"));
  CHECK(alias.causes.at(0).id == "private-zone-alias-to-nothing");
  CHECK(has(alias.fix.back().text, "Delete the alias"));
}

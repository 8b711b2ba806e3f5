// What is said to be behind resolvers that do not answer.
#include "catch.h"
#include "scenarios/world.h"

using namespace vpcprobe;
using scenarios::World;

static Finding silent(const char* resolver, DnsStatus status) {
  World world;
  world.name_fails("*", status);
  world.seen.controls[0] = {};
  const SocketAddress asked{*IpAddress::parse(resolver), 53};
  world.plan.settings.resolvers = {asked};
  for (EndpointObservation& one : world.seen.endpoints)
    for (ResolverAnswer& answer : one.dns->resolvers) answer.resolver = asked;
  return world.report().findings.at(0);
}

TEST_CASE("a silent resolver at Amazon's address is first of all one that the VPC has turned off") {
  const Finding off = silent("10.0.0.2", DnsStatus::timeout);
  REQUIRE(off.code == "resolver-silent");
  CHECK(off.causes.at(0).id == "dns-support-off");
  const Finding apart = silent("10.0.0.2", DnsStatus::unreachable);
  REQUIRE(apart.code == "resolver-silent");
  CHECK(apart.causes.at(0).id == "no-route-to-resolver");

  const Finding own = silent("10.0.9.53", DnsStatus::unreachable);
  REQUIRE(own.code == "resolver-silent");
  CHECK(own.causes.at(0).id == "dhcp-options-name-own-resolver");
  CHECK(own.causes.back().id == "no-route-to-own-resolver");
}

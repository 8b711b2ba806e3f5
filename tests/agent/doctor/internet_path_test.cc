// A VPC without interface endpoints that reaches AWS by the internet: what stops it there is at fault.
#include "catch.h"
#include "text.h"
#include "vpc_cases.h"

using namespace vpcprobe;
using Json = nlohmann::json;

namespace {

Documents without_endpoints() {
  Documents documents = healthy_documents();
  std::erase_if(list_in(documents, "VpcEndpoints").get_ref<Json::array_t&>(),
                [](const Json& one) { return one["VpcEndpointType"] == "Interface"; });
  return documents;
}

void add_default_route(Documents& documents, const char* state) {
  element_in(documents, "RouteTables", "RouteTableId", kTable)["Routes"].push_back(
      {{"DestinationCidrBlock", "0.0.0.0/0"}, {"NatGatewayId", "nat-0a"}, {"State", state}});
}

void close_egress(Documents& documents) {
  element_in(documents, "SecurityGroups", "GroupId", kTaskGroup)["IpPermissionsEgress"] =
      Json::array({{{"IpProtocol", "tcp"},
                    {"FromPort", 443},
                    {"ToPort", 443},
                    {"IpRanges", {{{"CidrIp", "10.0.0.0/16"}}}}}});
}

Culprit culprit_in(const Documents& documents) {
  const Diagnosis diagnosis = diagnose_from(documents, public_and_silent());
  REQUIRE(diagnosis.culprits.size() == 1);
  return diagnosis.culprits.front();
}

}  // namespace

TEST_CASE("with a NAT route, what stops the path is at fault, and no endpoint is missing", "[doctor]") {
  Documents closed = without_endpoints();
  add_default_route(closed, "active");
  close_egress(closed);
  const Culprit group = culprit_in(closed);
  CHECK(group.resource.id == kTaskGroup);
  REQUIRE(group.fixes.size() == 1);
  CHECK(has(group.fixes[0].command, "IpRanges=[{CidrIp=0.0.0.0/0}]"));
  CHECK_FALSE(has(group.why, "gateway endpoint"));

  Documents gone = without_endpoints();
  add_default_route(gone, "blackhole");
  CHECK(has(culprit_in(gone).rule, "is a blackhole"));

  Documents acl = without_endpoints();
  add_default_route(acl, "active");
  only_entries(acl, {entry(100, true, "allow", "0.0.0.0/0", 443, 443),
                     entry(100, false, "allow", "0.0.0.0/0", 443, 443)});
  const Culprit entries = culprit_in(acl);
  CHECK(entries.resource.id == kAcl);
  CHECK(has(entries.fixes.at(0).command, "--cidr-block 0.0.0.0/0"));
}

TEST_CASE("without a route to the internet the endpoints are missing", "[doctor]") {
  Documents documents = without_endpoints();
  close_egress(documents);
  CHECK(has(culprit_in(documents).rule, "no interface endpoint for"));

  Documents open = without_endpoints();
  add_default_route(open, "active");
  CHECK(has(culprit_in(open).rule, "no interface endpoint for"));
}

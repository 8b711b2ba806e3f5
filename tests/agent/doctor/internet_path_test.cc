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

void add_nat(Documents& documents, const char* id, const std::string& subnet, const char* connectivity) {
  list_in(documents, "NatGateways")
      .push_back({{"NatGatewayId", id},
                  {"VpcId", kVpc},
                  {"SubnetId", subnet},
                  {"State", "available"},
                  {"ConnectivityType", connectivity}});
}

void add_internet_gateway(Documents& documents) {
  list_in(documents, "InternetGateways")
      .push_back({{"InternetGatewayId", "igw-0a"}, {"Attachments", Json::array({{{"VpcId", kVpc}}})}});
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

/// Why no culprit is named.
std::string doubt_in(const Documents& documents) {
  const Diagnosis diagnosis = diagnose_from(documents, public_and_silent());
  REQUIRE(diagnosis.culprits.empty());
  REQUIRE(diagnosis.unexplained.size() == 1);
  return diagnosis.unexplained.front().why;
}

void add_public_table(Documents& documents, const char* key, const char* target) {
  const Json route{{"DestinationCidrBlock", "0.0.0.0/0"}, {key, target}, {"State", "active"}};
  list_in(documents, "RouteTables")
      .push_back({{"RouteTableId", "rtb-0public"},
                  {"VpcId", kVpc},
                  {"Associations", Json::array({{{"SubnetId", "subnet-0public"}}})},
                  {"Routes", Json::array({route})}});
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
}

TEST_CASE("beside other endpoints one that is missing is at fault, whatever closes the internet",
          "[doctor]") {
  Documents documents = healthy_documents();
  std::erase_if(list_in(documents, "VpcEndpoints").get_ref<Json::array_t&>(),
                [](const Json& one) { return one["VpcEndpointId"] == kLogsEndpoint; });
  add_default_route(documents, "active");
  close_egress(documents);
  Report report = report_with("private-name-missing", "logs", {});
  report.endpoints[3].addresses =
      report_with("", "", {{"logs", {"34.249.10.12"}, "silent"}}).endpoints[3].addresses;
  const Diagnosis diagnosis = diagnose_from(documents, report);
  REQUIRE(diagnosis.culprits.size() == 1);
  CHECK(has(diagnosis.culprits[0].rule, "no interface endpoint for"));
}

TEST_CASE("nothing is said to be missing where the path to the internet is not read to its end", "[doctor]") {
  Documents gateway = without_endpoints();
  add_default_route(gateway, "active");
  CHECK(has(doubt_in(gateway), "nat-0a"));

  Documents firewall = without_endpoints();
  element_in(firewall, "RouteTables", "RouteTableId", kTable)["Routes"].push_back(
      {{"DestinationCidrBlock", "0.0.0.0/0"}, {"GatewayId", "vpce-0firewall"}, {"State", "active"}});
  CHECK(has(doubt_in(firewall), "vpce-0firewall"));
}

TEST_CASE("a NAT gateway in the task's own subnet leads to itself", "[doctor]") {
  Documents documents = without_endpoints();
  add_default_route(documents, "active");
  add_nat(documents, "nat-0a", kTaskSubnet, "public");
  add_internet_gateway(documents);
  const Culprit alone = culprit_in(documents);
  CHECK(alone.resource.id == kTable);
  CHECK(has(alone.fixes.at(0).text, "create a NAT gateway in a subnet that routes to the internet gateway"));

  Documents both = documents;
  add_nat(both, "nat-0b", kTaskSubnet, "public");
  CHECK(culprit_in(both).fixes.at(0).command.empty());

  add_nat(documents, "nat-0b", "subnet-0public", "public");
  add_public_table(documents, "GatewayId", "igw-0a");
  CHECK(culprit_in(documents).fixes.at(0).command ==
        "aws ec2 replace-route --region eu-west-1 --route-table-id " + kTable +
            " --destination-cidr-block 0.0.0.0/0 --nat-gateway-id nat-0b");
}

TEST_CASE("the route that a NAT gateway's subnet has is replaced, not added", "[doctor]") {
  Documents documents = without_endpoints();
  add_default_route(documents, "active");
  add_nat(documents, "nat-0a", "subnet-0public", "public");
  add_internet_gateway(documents);
  add_public_table(documents, "NatGatewayId", "nat-0b");
  CHECK(culprit_in(documents).fixes.at(0).command ==
        "aws ec2 replace-route --region eu-west-1 --route-table-id rtb-0public --destination-cidr-block "
        "0.0.0.0/0 "
        "--gateway-id igw-0a");
}

TEST_CASE("a private NAT gateway is one fault", "[doctor]") {
  Documents documents = without_endpoints();
  add_default_route(documents, "active");
  add_nat(documents, "nat-0a", kTaskSubnet, "private");
  CHECK(culprit_in(documents).resource.id == "nat-0a");
}

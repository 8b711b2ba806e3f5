// Addresses in 64:ff9b::/96: DNS64 makes them up, a route leads them to a NAT gateway, which translates them.
#include "catch.h"
#include "text.h"
#include "vpc_cases.h"

using namespace vpcprobe;
using Json = nlohmann::json;

namespace {

Json route6(const char* range, const char* key, const std::string& target) {
  return {{"DestinationIpv6CidrBlock", range}, {key, target}, {"State", "active"}};
}

/// The healthy VPC with a NAT gateway, and rules for IPv6 as for IPv4.
Documents dual_stack() {
  Documents documents = healthy_documents();
  list_in(documents, "NatGateways")
      .push_back({{"NatGatewayId", kNat},
                  {"VpcId", kVpc},
                  {"SubnetId", kPublicSubnet},
                  {"State", "available"},
                  {"ConnectivityType", "public"}});
  list_in(documents, "RouteTables")
      .push_back({{"RouteTableId", kPublicTable},
                  {"VpcId", kVpc},
                  {"Associations", Json::array({{{"SubnetId", kPublicSubnet}}})},
                  {"Routes", Json::array({{{"DestinationCidrBlock", "0.0.0.0/0"},
                                           {"GatewayId", "igw-0a"},
                                           {"State", "active"}}})}});
  list_in(documents, "InternetGateways")
      .push_back({{"InternetGatewayId", "igw-0a"}, {"Attachments", Json::array({{{"VpcId", kVpc}}})}});
  element_in(documents, "SecurityGroups", "GroupId", kTaskGroup)["IpPermissionsEgress"] =
      Json::array({{{"IpProtocol", "-1"},
                    {"IpRanges", {{{"CidrIp", "0.0.0.0/0"}}}},
                    {"Ipv6Ranges", {{{"CidrIpv6", "::/0"}}}}}});
  Json& acl = element_in(documents, "NetworkAcls", "NetworkAclId", kAcl);
  for (const bool egress : {true, false})
    acl["Entries"].push_back({{"RuleNumber", 101},
                              {"Egress", egress},
                              {"RuleAction", "allow"},
                              {"Protocol", "-1"},
                              {"Ipv6CidrBlock", "::/0"}});
  return documents;
}

Json& routes_of(Documents& documents) {
  return element_in(documents, "RouteTables", "RouteTableId", kTable)["Routes"];
}

/// What DNS64 adds to logs and S3 stays silent; all else connects.
Report half_silent() {
  Report report =
      report_with("zone-filtered", "",
                  {{"logs", {"64:ff9b::a00:10c"}, "silent"}, {"s3", {"64:ff9b::34da:1e0a"}, "silent"}});
  report.findings.front().covers = {"logs", "s3"};
  report.findings.front().addresses = {"64:ff9b::a00:10c", "64:ff9b::34da:1e0a"};
  return report;
}

Culprit culprit_in(const Documents& documents) {
  const Diagnosis diagnosis = diagnose_from(documents, half_silent());
  REQUIRE(diagnosis.culprits.size() == 1);
  return diagnosis.culprits.front();
}

}  // namespace

TEST_CASE("what DNS64 makes up has no path without a route to a NAT gateway", "[doctor]") {
  const Culprit missing = culprit_in(dual_stack());
  CHECK(missing.resource.id == kTable);
  REQUIRE(missing.fixes.size() == 2);
  CHECK(missing.fixes[0].command == "aws ec2 create-route --region eu-west-1 --route-table-id " + kTable +
                                        " --destination-ipv6-cidr-block 64:ff9b::/96 --nat-gateway-id " +
                                        kNat);
  CHECK(missing.fixes[1].command == "aws ec2 modify-subnet-attribute --region eu-west-1 --subnet-id " +
                                        kTaskSubnet + " --no-enable-dns64");

  Documents without_nat = dual_stack();
  list_in(without_nat, "NatGateways") = Json::array();
  const Culprit alone = culprit_in(without_nat);
  REQUIRE(alone.fixes.size() == 1);
  CHECK(has(alone.fixes[0].command, "--no-enable-dns64"));
}

TEST_CASE("a default route for IPv6 does not translate what DNS64 makes up", "[doctor]") {
  const auto [key, target] =
      GENERATE(std::pair<const char*, const char*>{"GatewayId", "igw-0a"},
               std::pair<const char*, const char*>{"EgressOnlyInternetGatewayId", "eigw-0a"});
  Documents documents = dual_stack();
  routes_of(documents).push_back(route6("::/0", key, target));
  const Culprit culprit = culprit_in(documents);
  CHECK(culprit.resource.id == kTable);
  CHECK(has(culprit.rule, "only a NAT gateway translates 64:ff9b::/96"));
  CHECK(has(culprit.fixes.at(0).command, "create-route --region eu-west-1"));
  CHECK(has(culprit.fixes.at(0).command, "--destination-ipv6-cidr-block 64:ff9b::/96"));
}

TEST_CASE("a rule for IPv4 does not let out what DNS64 makes up", "[doctor]") {
  Documents group = dual_stack();
  routes_of(group).push_back(route6("64:ff9b::/96", "NatGatewayId", kNat));
  element_in(group, "SecurityGroups", "GroupId", kTaskGroup)["IpPermissionsEgress"][0].erase("Ipv6Ranges");
  const Culprit egress = culprit_in(group);
  CHECK(egress.resource.id == kTaskGroup);
  CHECK(
      egress.fixes.at(0).command ==
      "aws ec2 authorize-security-group-egress --region eu-west-1 --group-id " + kTaskGroup +
          " --ip-permissions 'IpProtocol=tcp,FromPort=443,ToPort=443,Ipv6Ranges=[{CidrIpv6=64:ff9b::/96}]'");

  Documents acl = dual_stack();
  routes_of(acl).push_back(route6("64:ff9b::/96", "NatGatewayId", kNat));
  Json& entries = element_in(acl, "NetworkAcls", "NetworkAclId", kAcl)["Entries"];
  std::erase_if(entries.get_ref<Json::array_t&>(),
                [](const Json& one) { return one["RuleNumber"] == 101 && one["Egress"] == true; });
  const Culprit entry = culprit_in(acl);
  CHECK(entry.resource.id == kAcl);
  CHECK(has(entry.fixes.at(0).command, "--ipv6-cidr-block 64:ff9b::/96"));
}

TEST_CASE("a NAT gateway connects to what is behind an address of DNS64", "[doctor]") {
  Documents documents = dual_stack();
  routes_of(documents).push_back(route6("64:ff9b::/96", "NatGatewayId", kNat));
  element_in(documents, "RouteTables", "RouteTableId", kPublicTable)["Routes"] = Json::array();
  const Culprit closed = culprit_in(documents);  // S3, whose IPv4 addresses are public
  CHECK(closed.resource.id == kPublicTable);
  CHECK(closed.endpoints == std::vector<std::string>{"s3"});
  CHECK(has(closed.fixes.at(0).command, "--destination-cidr-block 0.0.0.0/0 --gateway-id igw-0a"));
}

TEST_CASE("an endpoint's group that names the task's does not let the NAT gateway in", "[doctor]") {
  Documents documents = dual_stack();
  routes_of(documents).push_back(route6("64:ff9b::/96", "NatGatewayId", kNat));
  list_in(documents, "NatGateways")[0]["NatGatewayAddresses"] = {{{"PrivateIp", "10.0.100.10"}}};
  const Culprit group = culprit_in(documents);
  CHECK(group.resource.id == kEndpointGroup);
  CHECK(has(group.rule, "from 10.0.100.10"));
  REQUIRE(group.fixes.size() == 2);
  CHECK(group.fixes[0].command == "aws ec2 authorize-security-group-ingress --region eu-west-1 --group-id " +
                                      kEndpointGroup + " --protocol tcp --port 443 --cidr 10.0.100.10/32");
  CHECK(has(group.fixes[1].command, "--no-enable-dns64"));
}

TEST_CASE("what DNS64 adds to a silent endpoint is not why that is silent", "[doctor]") {
  Report report = report_with("endpoint-filtered", "logs", {{"logs", {}, "silent"}});
  const Report added = report_with("endpoint-filtered", "logs", {{"logs", {"64:ff9b::a00:10c"}, "silent"}});
  report.endpoints[3].addresses.push_back(added.endpoints[3].addresses.back());
  Documents documents = dual_stack();
  regroup_logs(documents, Json::array());
  const Diagnosis diagnosis = diagnose_from(documents, report);
  REQUIRE(diagnosis.culprits.size() == 1);
  CHECK(diagnosis.culprits[0].resource.type == "security-group");
}

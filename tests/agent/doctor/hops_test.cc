// Single hops: what allows, what denies, what stays unknown.
#include "agent/doctor/hops.h"

#include <algorithm>

#include "agent/doctor/policy.h"
#include "catch.h"
#include "vpc_cases.h"

using namespace vpcprobe;
using Json = nlohmann::json;

namespace {

Json route(const char* range, const char* key, const std::string& target) {
  return {{"DestinationCidrBlock", range}, {key, target}, {"Origin", "CreateRoute"}, {"State", "active"}};
}

/// The healthy VPC with a NAT gateway in a public subnet, and a default route to it.
Documents with_nat() {
  Documents documents = healthy_documents();
  list_in(documents, "Subnets")
      .push_back({{"SubnetId", kPublicSubnet},
                  {"VpcId", kVpc},
                  {"CidrBlock", "10.0.100.0/24"},
                  {"AvailabilityZone", "eu-west-1a"},
                  {"AvailableIpAddressCount", 200}});
  element_in(documents, "NetworkAcls", "NetworkAclId", kAcl)["Associations"].push_back(
      {{"SubnetId", kPublicSubnet}});
  list_in(documents, "RouteTables")
      .push_back({{"RouteTableId", kPublicTable},
                  {"VpcId", kVpc},
                  {"Associations", Json::array({{{"SubnetId", kPublicSubnet}, {"Main", false}}})},
                  {"Routes", Json::array({route("10.0.0.0/16", "GatewayId", "local"),
                                          route("0.0.0.0/0", "GatewayId", "igw-0aaaa1111bbbb2222")})}});
  element_in(documents, "RouteTables", "RouteTableId", kTable)["Routes"].push_back(
      route("0.0.0.0/0", "NatGatewayId", kNat));
  list_in(documents, "NatGateways")
      .push_back({{"NatGatewayId", kNat},
                  {"VpcId", kVpc},
                  {"SubnetId", kPublicSubnet},
                  {"State", "available"},
                  {"ConnectivityType", "public"}});
  list_in(documents, "InternetGateways")
      .push_back({{"InternetGatewayId", "igw-0aaaa1111bbbb2222"},
                  {"Attachments", Json::array({{{"State", "available"}, {"VpcId", kVpc}}})}});
  return documents;
}

Packet packet_to(const std::string& address, bool is_public) {
  Packet packet;
  packet.vpc = kVpc;
  packet.subnet = kTaskSubnet;
  packet.task = {*Cidr::parse("10.0.1.23/32"), false, std::vector<std::string>{kTaskGroup}};
  packet.has_public_address = false;
  packet.peer = {*Cidr::parse(address + (address.find(':') == std::string::npos ? "/32" : "/128")),
                 is_public};
  return packet;
}

std::vector<PathHop> walk_to(const Documents& documents, const std::string& address, bool is_public = true) {
  const Configuration configuration = configuration_of(documents);
  Packet packet = packet_to(address, is_public);
  locate_peer(configuration, packet);
  return walk(configuration, packet);
}

/// "" where nothing denies or is unknown; else the first such hop: "denies nat-gateway nat-…".
std::string obstacle(const std::vector<PathHop>& hops) {
  for (const PathHop& hop : hops)
    if (hop.verdict != HopVerdict::allows)
      return std::string(to_string(hop.verdict)) + " " + std::string(to_string(hop.kind)) + " " + hop.id;
  return {};
}

Json& nat(Documents& documents) { return element_in(documents, "NatGateways", "NatGatewayId", kNat); }
Json& routes(Documents& documents, const std::string& table) {
  return element_in(documents, "RouteTables", "RouteTableId", table)["Routes"];
}

}  // namespace

TEST_CASE("a NAT gateway passes what its state, its subnet and its ACL pass", "[doctor]") {
  CHECK(obstacle(walk_to(with_nat(), "34.249.10.10")).empty());

  Documents failed = with_nat();
  nat(failed)["State"] = "failed";
  CHECK(obstacle(walk_to(failed, "34.249.10.10")) == "denies nat-gateway " + kNat);
  Documents later = with_nat();
  nat(later)["State"] = "sleeping";
  CHECK(obstacle(walk_to(later, "34.249.10.10")) == "unknown nat-gateway " + kNat);
  Documents is_private = with_nat();
  nat(is_private)["ConnectivityType"] = "private";
  CHECK(obstacle(walk_to(is_private, "34.249.10.10")) == "denies nat-gateway " + kNat);
  Documents inside = with_nat();
  routes(inside, kPublicTable).erase(1);
  CHECK(obstacle(walk_to(inside, "34.249.10.10")) == "denies route " + kPublicTable);
  Documents cycle = with_nat();
  routes(cycle, kPublicTable)[1] = route("0.0.0.0/0", "NatGatewayId", kNat);
  CHECK(obstacle(walk_to(cycle, "34.249.10.10")) == "denies route " + kPublicTable);
  Documents unread = with_nat();
  list_in(unread, "NatGateways").clear();
  CHECK(obstacle(walk_to(unread, "34.249.10.10")) == "unknown nat-gateway " + kNat);
}

TEST_CASE("an ACL that is enough for a task is not for a NAT gateway", "[doctor]") {
  Documents documents = with_nat();
  Json acl = element_in(documents, "NetworkAcls", "NetworkAclId", kAcl);
  Json& first = element_in(documents, "NetworkAcls", "NetworkAclId", kAcl);
  std::erase_if(first["Associations"].get_ref<Json::array_t&>(),
                [](const Json& one) { return one["SubnetId"] == kPublicSubnet; });
  acl["NetworkAclId"] = "acl-0b";
  acl["Associations"] = Json::array({{{"SubnetId", kPublicSubnet}}});
  for (Json& entry : acl["Entries"]) {
    if (entry["Egress"] == true || entry["RuleNumber"] != 100) continue;
    entry["Protocol"] = "6";
    entry["PortRange"] = {{"From", 32768}, {"To", 65535}};
  }
  acl["Entries"].push_back({{"RuleNumber", 90},
                            {"Egress", false},
                            {"RuleAction", "allow"},
                            {"Protocol", "6"},
                            {"CidrBlock", "10.0.0.0/16"},
                            {"PortRange", {{"From", 443}, {"To", 443}}}});
  list_in(documents, "NetworkAcls").push_back(acl);
  const auto hops = walk_to(documents, "34.249.10.10");
  CHECK(obstacle(hops) == "denies network-acl acl-0b");
  const auto hop = std::find_if(hops.begin(), hops.end(), [](const PathHop& one) {
    return one.id == "acl-0b" && one.verdict == HopVerdict::denies;
  });
  REQUIRE(hop != hops.end());
  CHECK(hop->partial);  // answers to ports from 32768 on pass
  CHECK(reachability_of(hops) == Reachability::ambiguous);
}

TEST_CASE("what a route leads to decides, or stays unknown", "[doctor]") {
  struct Target {
    const char* key;
    const char* id;
    const char* obstacle;
  };
  const std::vector<Target> targets{
      {"GatewayId", "igw-0aaaa1111bbbb2222", "denies internet-gateway igw-0aaaa1111bbbb2222"},
      {"GatewayId", "vgw-0a", "unknown appliance vgw-0a"},
      {"GatewayId", "vpce-0firewall", "unknown appliance vpce-0firewall"},
      {"NetworkInterfaceId", "eni-0a00000000000beef", "denies appliance eni-0a00000000000beef"},
      {"NetworkInterfaceId", "eni-0unread", "unknown appliance eni-0unread"},
      {"TransitGatewayId", "tgw-0a", "denies transit-gateway tgw-0a"},
      {"VpcPeeringConnectionId", "pcx-0a", "unknown peering pcx-0a"},
      {"CoreNetworkArn", "arn:aws:networkmanager::1:core-network/c",
       "unknown appliance arn:aws:networkmanager::1:core-network/c"},
      {"OdbNetworkArn", "arn:aws:odb:x", "unknown appliance "},
  };
  for (const Target& target : targets) {
    INFO(target.key << " " << target.id);
    Documents documents = healthy_documents();
    routes(documents, kTable).push_back(route("0.0.0.0/0", target.key, target.id));
    CHECK(obstacle(walk_to(documents, "34.249.10.10")) == target.obstacle);
  }
}

TEST_CASE("peering and transit gateways need their state and zone", "[doctor]") {
  Documents documents = healthy_documents();
  routes(documents, kTable).push_back(route("172.31.0.0/16", "VpcPeeringConnectionId", "pcx-0a"));
  list_in(documents, "VpcPeeringConnections")
      .push_back({{"VpcPeeringConnectionId", "pcx-0a"}, {"Status", {{"Code", "pending-acceptance"}}}});
  CHECK(obstacle(walk_to(documents, "172.31.1.1", false)) == "denies peering pcx-0a");
  list_in(documents, "VpcPeeringConnections")[0]["Status"]["Code"] = "active";
  CHECK(obstacle(walk_to(documents, "172.31.1.1", false)) == "unknown peering pcx-0a");

  routes(documents, kTable).push_back(route("172.30.0.0/16", "TransitGatewayId", "tgw-0a"));
  list_in(documents, "TransitGatewayAttachments")
      .push_back({{"TransitGatewayAttachmentId", "tgw-attach-0a"},
                  {"TransitGatewayId", "tgw-0a"},
                  {"ResourceType", "vpc"},
                  {"ResourceId", kVpc},
                  {"State", "available"},
                  {"SubnetIds", Json::array({"subnet-000000000000000a2"})}});
  CHECK(obstacle(walk_to(documents, "172.30.1.1", false)) == "denies transit-gateway tgw-attach-0a");
  list_in(documents, "TransitGatewayAttachments")[0]["SubnetIds"].push_back(kTaskSubnet);
  CHECK(obstacle(walk_to(documents, "172.30.1.1", false)) == "unknown transit-gateway tgw-attach-0a");
}

static Documents with_peer() {
  Documents documents = healthy_documents();
  add_peer(documents);
  return documents;
}

TEST_CASE("the other side of a peering connection has filters and a route back", "[doctor]") {
  const Documents open = with_peer();
  CHECK(obstacle(walk_to(open, "172.31.1.1", false)).empty());
  CHECK(obstacle(walk_to(open, "172.31.2.1", false)) == "unknown peering pcx-0a");

  Documents closed = open;
  element_in(closed, "NetworkAcls", "NetworkAclId", "acl-0far")["Entries"] = Json::array();
  CHECK(obstacle(walk_to(closed, "172.31.1.1", false)) == "denies network-acl acl-0far");
  Documents one_way = open;
  routes(one_way, "rtb-0far").erase(1);
  CHECK(obstacle(walk_to(one_way, "172.31.1.1", false)) == "denies route rtb-0far");
  Documents other_way = open;
  routes(other_way, "rtb-0far")[1] = route("10.0.0.0/16", "NatGatewayId", kNat);
  CHECK(obstacle(walk_to(other_way, "172.31.1.1", false)) == "denies route rtb-0far");
  Documents gone = open;
  routes(gone, "rtb-0far")[1]["State"] = "blackhole";
  CHECK(obstacle(walk_to(gone, "172.31.1.1", false)) == "denies route rtb-0far");

  for (std::size_t i = 0; i < open.size(); ++i) {
    Documents fewer = open;
    fewer.erase(i);
    INFO(open[i].begin().key());
    CHECK_FALSE(obstacle(walk_to(fewer, "172.31.1.1", false)).starts_with("denies"));
  }
}

TEST_CASE("the internet has no private addresses", "[doctor]") {
  CHECK(obstacle(walk_to(with_nat(), "172.31.1.1", false)) ==
        "denies internet-gateway igw-0aaaa1111bbbb2222");
  Documents direct = with_nat();
  routes(direct, kTable).back() = route("0.0.0.0/0", "GatewayId", "igw-0aaaa1111bbbb2222");
  const Configuration configuration = configuration_of(direct);
  Packet packet = packet_to("172.31.1.1", false);
  packet.has_public_address = true;
  CHECK(obstacle(walk(configuration, packet)) == "denies internet-gateway igw-0aaaa1111bbbb2222");
}

TEST_CASE("the longest prefix takes the packet, a static route before a propagated one", "[doctor]") {
  Documents documents = with_nat();
  Json propagated = route("34.249.0.0/16", "GatewayId", "vgw-0a");
  propagated["Origin"] = "EnableVgwRoutePropagation";
  routes(documents, kTable).push_back(propagated);
  CHECK(obstacle(walk_to(documents, "34.249.10.10")) == "unknown appliance vgw-0a");
  routes(documents, kTable).push_back(route("34.249.0.0/16", "NatGatewayId", kNat));
  CHECK(obstacle(walk_to(documents, "34.249.10.10")).empty());
  Documents unlisted = healthy_documents();
  CHECK(obstacle(walk_to(unlisted, "34.249.10.10")) == "denies route " + kTable);
  Json& table = element_in(unlisted, "RouteTables", "RouteTableId", kTable);
  table["Associations"] = Json::array();  // then the main table counts
  CHECK(obstacle(walk_to(unlisted, "34.249.10.10")) == "denies route rtb-0ffff1111eeee2222");
}

TEST_CASE("a static range goes before a prefix list with the same range", "[doctor]") {
  Documents documents = with_nat();
  routes(documents, kTable).push_back(route("52.218.0.0/17", "NatGatewayId", kNat));
  nat(documents)["State"] = "failed";
  CHECK(obstacle(walk_to(documents, "52.218.30.10")) == "denies nat-gateway " + kNat);
  CHECK(obstacle(walk_to(documents, "3.5.64.20")).empty());
}

TEST_CASE("IPv6 goes by IPv6 rules and routes", "[doctor]") {
  Documents documents = healthy_documents();
  CHECK(obstacle(walk_to(documents, "2600:1f18::1")) == "denies security-group-egress " + kTaskGroup);
  element_in(documents, "SecurityGroups", "GroupId", kTaskGroup)["IpPermissionsEgress"][0]["Ipv6Ranges"] =
      Json::array({{{"CidrIpv6", "::/0"}}});
  const auto hops = walk_to(documents, "2600:1f18::1");
  CHECK(obstacle(hops) == "denies network-acl " + kAcl);
  for (const bool egress : {true, false})
    element_in(documents, "NetworkAcls", "NetworkAclId", kAcl)["Entries"].push_back(
        {{"RuleNumber", 101},
         {"Egress", egress},
         {"RuleAction", "allow"},
         {"Protocol", "-1"},
         {"Ipv6CidrBlock", "::/0"}});
  CHECK(obstacle(walk_to(documents, "2600:1f18::1")) == "denies route " + kTable);
  Json to_internet = {
      {"DestinationIpv6CidrBlock", "::/0"}, {"EgressOnlyInternetGatewayId", "eigw-0a"}, {"State", "active"}};
  routes(documents, kTable).push_back(to_internet);
  CHECK(obstacle(walk_to(documents, "2600:1f18::1")).empty());
}

TEST_CASE("words that this version does not know stay unknown", "[doctor]") {
  Documents documents = healthy_documents();
  Json& entries = element_in(documents, "NetworkAcls", "NetworkAclId", kAcl)["Entries"];
  entries.push_back({{"RuleNumber", 10},
                     {"Egress", true},
                     {"RuleAction", "ponder"},
                     {"Protocol", "-1"},
                     {"CidrBlock", "0.0.0.0/0"}});
  CHECK(obstacle(walk_to(documents, "10.0.2.12", false)) == "unknown network-acl " + kAcl);
  Documents groups = healthy_documents();
  element_in(groups, "SecurityGroups", "GroupId", kEndpointGroup)["IpPermissions"][0]["IpProtocol"] = "quic";
  CHECK(obstacle(walk_to(groups, "10.0.1.12", false)) == "unknown security-group-ingress " + kEndpointGroup);
}

TEST_CASE("several groups of an interface are a union", "[doctor]") {
  Documents documents = healthy_documents();
  Json closed = element_in(documents, "SecurityGroups", "GroupId", kEndpointGroup);
  closed["GroupId"] = "sg-0closed";
  closed["IpPermissions"] = Json::array();
  list_in(documents, "SecurityGroups").push_back(closed);
  Json& endpoint = element_in(documents, "VpcEndpoints", "VpcEndpointId", kLogsEndpoint);
  endpoint["Groups"] = Json::array({{{"GroupId", "sg-0closed"}}, {{"GroupId", kEndpointGroup}}});
  CHECK(obstacle(walk_to(documents, "10.0.1.12", false)).empty());
  endpoint["Groups"] = Json::array({{{"GroupId", "sg-0closed"}}, {{"GroupId", "sg-0unread"}}});
  CHECK(obstacle(walk_to(documents, "10.0.1.12", false)) == "unknown security-group-ingress sg-0closed");
}

TEST_CASE("an endpoint policy allows, denies, or cannot be judged", "[doctor]") {
  const std::string action = "secretsmanager:GetSecretValue";
  const auto verdict = [&](const char* policy, const char* resource = "arn:x") {
    return judge_policy(policy, action, resource);
  };
  const PolicyDecision all =
      verdict(R"({"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}]})");
  CHECK(all.verdict == PolicyVerdict::allows);
  CHECK(all.is_default);
  CHECK(verdict(R"({"Statement":[]})").verdict == PolicyVerdict::denies);
  const PolicyDecision other = verdict(
      R"({"Statement":{"Action":"secretsmanager:List*","Effect":"Allow","Principal":"*","Resource":"*"}})");
  CHECK(other.verdict == PolicyVerdict::denies);
  CHECK(other.by == "no statement allows secretsmanager:GetSecretValue");
  CHECK(
      verdict(
          R"({"Statement":[{"Action":["SECRETSMANAGER:Get*"],"Effect":"Allow","Principal":{"AWS":"*"},"Resource":"arn:?"}]})")
          .verdict == PolicyVerdict::allows);
  const PolicyDecision denied = verdict(
      R"({"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"},{"Sid":"No","Action":"*","Effect":"Deny","Principal":"*","Resource":"*"}]})");
  CHECK(denied.verdict == PolicyVerdict::denies);
  CHECK(denied.by == "statement 2 (No) denies secretsmanager:GetSecretValue");
  CHECK(
      verdict(
          R"({"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*","Condition":{"Bool":{}}}]})")
          .verdict == PolicyVerdict::unknown);
  CHECK(
      verdict(
          R"({"Statement":[{"Action":"*","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::1:role/a"},"Resource":"*"}]})")
          .verdict == PolicyVerdict::unknown);
  CHECK(verdict("no JSON").verdict == PolicyVerdict::unknown);
  CHECK(verdict(R"({"Statement":7})").verdict == PolicyVerdict::denies);
  const std::string longer =
      with_statement(R"({"Version":"2012-10-17","Statement":{"Sid":"A"}})", action, "arn:x");
  CHECK(Json::parse(longer)["Statement"].size() == 2);
  CHECK(Json::parse(longer)["Statement"][1]["Action"] == action);
}

TEST_CASE("a denial names the endpoint's statement or the role", "[doctor]") {
  Documents documents = healthy_documents();
  element_in(documents, "VpcEndpoints", "VpcEndpointId", "vpce-04444444444444444")["PolicyDocument"] =
      R"({"Statement":[]})";
  Report report = report_with("denied-endpoint-policy", "secretsmanager", {});
  report.findings.front().evidence = {
      {"action", std::string("secretsmanager:GetSecretValue")},
      {"resource", std::string("arn:aws:secretsmanager:eu-west-1:1:secret:a")}};
  const Diagnosis diagnosis = diagnose_from(documents, report);
  REQUIRE(diagnosis.culprits.size() == 1);
  CHECK(diagnosis.culprits[0].resource.id == "vpce-04444444444444444");
  CHECK(diagnosis.culprits[0].fixes[0].command.find("--policy-document '{\"Statement\":[{") !=
        std::string::npos);
  CHECK(diagnose_from(healthy_documents(), report).culprits.empty());  // the default policy denies nothing

  report.findings.front().code = "denied-identity-policy";
  report.findings.front().evidence.push_back({"role_name", std::string("app-task")});
  const Diagnosis role = diagnose_from(documents, report);
  REQUIRE(role.culprits.size() == 1);
  CHECK(role.culprits[0].resource.type == "iam-role");
  CHECK(role.culprits[0].fixes[0].command.find("aws iam put-role-policy --role-name app-task") == 0);
}

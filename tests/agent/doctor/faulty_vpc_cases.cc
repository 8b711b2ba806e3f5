#include <algorithm>

#include "vpc_cases.h"

using namespace vpcprobe;
using Json = nlohmann::json;

Report logs_silent() { return report_with("endpoint-filtered", "logs", {{"logs", {}, "silent"}}); }
static Report s3_silent() { return report_with("gateway-route-missing", "s3", {{"s3", {}, "silent"}}); }
Report logs_public() {
  Report report = report_with("private-name-missing", "logs", {});
  for (EndpointReport& endpoint : report.endpoints) {
    if (endpoint.id != "logs") continue;
    endpoint.addresses.resize(1);
    endpoint.addresses[0].seen.address = *IpAddress::parse("34.249.10.12");
    endpoint.addresses[0].scope = Scope::public_;
    endpoint.addresses[0].seen.tcp->status = TcpStatus::timeout;
  }
  return report;
}

Json entry(int number, bool egress, const char* action, const char* range, int from, int to) {
  return {{"RuleNumber", number}, {"Egress", egress},   {"RuleAction", action},
          {"Protocol", "6"},      {"CidrBlock", range}, {"PortRange", {{"From", from}, {"To", to}}}};
}

void only_entries(Documents& documents, const std::vector<Json>& entries) {
  Json& list = element_in(documents, "NetworkAcls", "NetworkAclId", kAcl)["Entries"];
  std::erase_if(list.get_ref<Json::array_t&>(), [](const Json& one) { return one["RuleNumber"] == 100; });
  for (const Json& one : entries) list.push_back(one);
}

static void add_zone_of_logs(Documents& documents) {
  list_in(documents, "HostedZoneSummaries")
      .push_back({{"HostedZoneId", "Z0A"},
                  {"Name", "logs.eu-west-1.amazonaws.com."},
                  {"Owner", {{"OwningAccount", "111122223333"}}}});
}

/// logs resolves to this one address, where `seen` is what came of it.
static Report logs_at(const char* code, const char* address, const char* seen) {
  Report report = report_with(code, "logs", {});
  report.endpoints[3].addresses.clear();
  const Report other = report_with("", "", {{"logs", {address}, seen}});
  report.endpoints[3].addresses.push_back(other.endpoints[3].addresses.back());
  report.findings.front().addresses = {address};
  return report;
}

static Json& logs_endpoint(Documents& documents) {
  return element_in(documents, "VpcEndpoints", "VpcEndpointId", kLogsEndpoint);
}

void remove_endpoint(Documents& documents, const std::string& id) {
  std::erase_if(list_in(documents, "VpcEndpoints").get_ref<Json::array_t&>(),
                [&](const Json& one) { return one["VpcEndpointId"] == id; });
  std::erase_if(list_in(documents, "NetworkInterfaces").get_ref<Json::array_t&>(),
                [&](const Json& one) { return one["Description"] == "VPC Endpoint Interface " + id; });
}

static Json range_route(const char* range, const char* key, const std::string& target) {
  return {{"DestinationCidrBlock", range}, {key, target}, {"Origin", "CreateRoute"}, {"State", "active"}};
}

void add_peer(Documents& documents) {
  element_in(documents, "RouteTables", "RouteTableId", kTable)["Routes"].push_back(
      range_route("172.31.0.0/16", "VpcPeeringConnectionId", "pcx-0a"));
  list_in(documents, "VpcPeeringConnections")
      .push_back({{"VpcPeeringConnectionId", "pcx-0a"},
                  {"Status", {{"Code", "active"}}},
                  {"RequesterVpcInfo", {{"VpcId", kVpc}}},
                  {"AccepterVpcInfo", {{"VpcId", "vpc-0far"}}}});
  list_in(documents, "Subnets")
      .push_back({{"SubnetId", "subnet-0far"}, {"VpcId", "vpc-0far"}, {"CidrBlock", "172.31.1.0/24"}});
  list_in(documents, "NetworkInterfaces")
      .push_back({{"NetworkInterfaceId", "eni-0far"},
                  {"VpcId", "vpc-0far"},
                  {"SubnetId", "subnet-0far"},
                  {"InterfaceType", "interface"},
                  {"PrivateIpAddress", "172.31.1.1"},
                  {"Groups", Json::array({{{"GroupId", kEndpointGroup}}})}});
  Json acl = element_in(documents, "NetworkAcls", "NetworkAclId", kAcl);
  acl["NetworkAclId"] = "acl-0far";
  acl["VpcId"] = "vpc-0far";
  acl["Associations"] = Json::array({{{"SubnetId", "subnet-0far"}}});
  list_in(documents, "NetworkAcls").push_back(acl);
  list_in(documents, "RouteTables")
      .push_back({{"RouteTableId", "rtb-0far"},
                  {"VpcId", "vpc-0far"},
                  {"Associations", Json::array({{{"SubnetId", "subnet-0far"}}})},
                  {"Routes", Json::array({range_route("172.31.0.0/16", "GatewayId", "local"),
                                          range_route("10.0.0.0/16", "VpcPeeringConnectionId", "pcx-0a")})}});
}

/// logs is the host in the peered VPC, and stays silent.
static Report peer_silent() {
  Report report = report_with("endpoint-filtered", "logs", {});
  for (EndpointReport& endpoint : report.endpoints) {
    if (endpoint.id != "logs") continue;
    endpoint.addresses.resize(1);
    endpoint.addresses[0].seen.address = *IpAddress::parse("172.31.1.1");
    endpoint.addresses[0].scope = Scope::private_;
    endpoint.addresses[0].seen.tcp->status = TcpStatus::timeout;
  }
  return report;
}

void regroup_logs(Documents& documents, const Json& ingress) {
  Json group = element_in(documents, "SecurityGroups", "GroupId", kEndpointGroup);
  group["GroupId"] = "sg-0109500000000001a";
  group["GroupName"] = "logs-endpoint";
  group["IpPermissions"] = ingress;
  list_in(documents, "SecurityGroups").push_back(group);
  logs_endpoint(documents)["Groups"] = Json::array({{{"GroupId", "sg-0109500000000001a"}}});
}

static Json tcp(int port, const Json& more) {
  Json rule{{"IpProtocol", "tcp"}, {"FromPort", port}, {"ToPort", port}};
  rule.update(more);
  return Json::array({rule});
}

static void set_attribute(Documents& documents, const std::string& key, bool value) {
  for (auto& document : documents)
    if (document.contains(key)) document[key]["Value"] = value;
}

static void without_s3_route(Documents& documents) {
  Json& routes = element_in(documents, "RouteTables", "RouteTableId", kTable)["Routes"];
  routes.erase(1);
  element_in(documents, "VpcEndpoints", "VpcEndpointId", kGateway)["RouteTableIds"] = Json::array();
}

const std::vector<Wrong>& wrongs() {
  static const std::vector<Wrong> cases{
      {"group of one endpoint admits others",
       [](Documents& d) {
         regroup_logs(d, tcp(443, {{"UserIdGroupPairs", {{{"GroupId", "sg-0bbb"}}}}}));
       },
       logs_silent,
       "security-group",
       "sg-0109500000000001a",
       "no ingress rule for tcp 443 from sg-0aaa1111bbb2222cc or 10.0.1.0/24",
       {"authorize-security-group-ingress --region eu-west-1 --group-id sg-0109500000000001a",
        "--protocol tcp --port 443 --source-group sg-0aaa1111bbb2222cc"}},
      {"group of one endpoint opens another port",
       [](Documents& d) {
         regroup_logs(d, tcp(80, {{"IpRanges", {{{"CidrIp", "10.0.0.0/16"}}}}}));
       },
       logs_silent,
       "security-group",
       "sg-0109500000000001a",
       "no ingress rule",
       {"--group-id sg-0109500000000001a"}},
      {"group shared by the endpoints has no rule",
       [](Documents& d) {
         element_in(d, "SecurityGroups", "GroupId", kEndpointGroup)["IpPermissions"] = Json::array();
       },
       [] {
         return report_with("interface-endpoints-filtered", "",
                            {{"ecr.api", {}, "silent"},
                             {"ecr.dkr", {}, "silent"},
                             {"logs", {}, "silent"},
                             {"secretsmanager", {}, "silent"}});
       },
       "security-group",
       kEndpointGroup,
       "no ingress rule",
       {"--group-id " + kEndpointGroup}},
      {"the task's group lets nothing out",
       [](Documents& d) {
         element_in(d, "SecurityGroups", "GroupId", kTaskGroup)["IpPermissionsEgress"] = Json::array();
       },
       all_silent,
       "security-group",
       kTaskGroup,
       "no egress rule for tcp 443",
       {"authorize-security-group-egress", "UserIdGroupPairs=[{GroupId=" + kEndpointGroup + "}]",
        "PrefixListId=pl-6da54004"}},
      {"the task's group has no rule for the S3 prefix list",
       [](Documents& d) {
         element_in(d, "SecurityGroups", "GroupId", kTaskGroup)["IpPermissionsEgress"] =
             tcp(443, {{"IpRanges", {{{"CidrIp", "10.0.0.0/16"}}}}});
       },
       s3_silent,
       "security-group",
       kTaskGroup,
       "no egress rule",
       {"IpProtocol=tcp,FromPort=443,ToPort=443,PrefixListIds=[{PrefixListId=pl-6da54004}]"}},
      {"the ACL lets no answer in",
       [](Documents& d) {
         only_entries(d, {entry(100, true, "allow", "0.0.0.0/0", 443, 443),
                          entry(100, false, "allow", "0.0.0.0/0", 443, 443),
                          entry(110, true, "allow", "10.0.0.0/16", 1024, 65535)});
       },
       s3_silent,
       "network-acl",
       kAcl,
       "entry * denies inbound tcp 32768-60999 from",
       {"create-network-acl-entry --region eu-west-1 --network-acl-id " + kAcl +
            " --ingress --rule-number 110",
        "--port-range From=32768,To=60999 --cidr-block 52.218.0.0/17", "--cidr-block 3.5.64.0/21"}},
      {"an ACL entry denies one subnet",
       [](Documents& d) {
         element_in(d, "NetworkAcls", "NetworkAclId", kAcl)["Entries"].push_back(
             entry(50, true, "deny", "10.0.2.0/24", 443, 443));
       },
       [] {
         return report_with("zone-filtered", "logs", {{"logs", {"10.0.2.12"}, "silent"}});
       },
       "network-acl",
       kAcl,
       "entry 50 denies outbound tcp 443 to 10.0.2.12",
       {"--egress --rule-number 49", "--cidr-block 10.0.2.0/24"}},
      {"no route to the gateway endpoint",
       without_s3_route,
       s3_silent,
       "route-table",
       kTable,
       "no route to",
       {"modify-vpc-endpoint --region eu-west-1 --vpc-endpoint-id " + kGateway + " --add-route-table-ids " +
        kTable}},
      {"no gateway endpoint",
       [](Documents& d) {
         without_s3_route(d);
         remove_endpoint(d, kGateway);
       },
       s3_silent,
       "route-table",
       kTable,
       "no route to",
       {"create-vpc-endpoint --region eu-west-1 --vpc-endpoint-type Gateway --vpc-id " + kVpc,
        "com.amazonaws.eu-west-1.s3", "--route-table-ids " + kTable}},
      {"the default route is a blackhole",
       [](Documents& d) {
         without_s3_route(d);
         element_in(d, "RouteTables", "RouteTableId", kTable)["Routes"].push_back(
             {{"DestinationCidrBlock", "0.0.0.0/0"}, {"NatGatewayId", "nat-0a"}, {"State", "blackhole"}});
       },
       s3_silent,
       "route-table",
       kTable,
       "is a blackhole",
       {"--add-route-table-ids " + kTable}},
      {"an internet gateway without a public address",
       [](Documents& d) {
         without_s3_route(d);
         element_in(d, "RouteTables", "RouteTableId", kTable)["Routes"].push_back(
             {{"DestinationCidrBlock", "0.0.0.0/0"}, {"GatewayId", "igw-0a"}, {"State", "active"}});
       },
       s3_silent,
       "internet-gateway",
       "igw-0a",
       "no public address",
       {"--add-route-table-ids " + kTable}},
      {"an internet gateway that is not attached",
       [](Documents& d) {
         without_s3_route(d);
         element_in(d, "RouteTables", "RouteTableId", kTable)["Routes"].push_back(
             {{"DestinationCidrBlock", "0.0.0.0/0"}, {"GatewayId", "igw-0a"}, {"State", "active"}});
         list_in(d, "InternetGateways")
             .push_back({{"InternetGatewayId", "igw-0a"}, {"Attachments", Json::array()}});
       },
       s3_silent,
       "internet-gateway",
       "igw-0a",
       "not attached to " + kVpc,
       {"attach-internet-gateway --region eu-west-1 --internet-gateway-id igw-0a --vpc-id " + kVpc}},
      {"the peered VPC has no route back",
       [](Documents& d) {
         add_peer(d);
         element_in(d, "RouteTables", "RouteTableId", "rtb-0far")["Routes"].erase(1);
       },
       peer_silent,
       "route-table",
       "rtb-0far",
       "no route to 10.0.1.23",
       {"create-route --region eu-west-1 --route-table-id rtb-0far --destination-cidr-block 10.0.1.0/24 "
        "--vpc-peering-connection-id pcx-0a"}},
      {"the peered VPC routes answers elsewhere",
       [](Documents& d) {
         add_peer(d);
         element_in(d, "RouteTables", "RouteTableId", "rtb-0far")["Routes"][1] = {
             {"DestinationCidrBlock", "10.0.1.0/24"}, {"NatGatewayId", "nat-0a"}, {"State", "blackhole"}};
       },
       peer_silent,
       "route-table",
       "rtb-0far",
       "is a blackhole",
       {"replace-route --region eu-west-1 --route-table-id rtb-0far --destination-cidr-block 10.0.1.0/24 "
        "--vpc-peering-connection-id pcx-0a"}},
      {"no route to the peered VPC",
       [](Documents& d) {
         add_peer(d);
         element_in(d, "RouteTables", "RouteTableId", kTable)["Routes"].erase(2);
       },
       peer_silent,
       "route-table",
       kTable,
       "no route to 172.31.1.1",
       {"create-route --region eu-west-1 --route-table-id " + kTable +
        " --destination-cidr-block 172.31.1.0/24 --vpc-peering-connection-id pcx-0a"}},
      {"the endpoint is not available",
       [](Documents& d) { logs_endpoint(d)["State"] = "Failed"; },
       logs_silent,
       "vpc-endpoint",
       kLogsEndpoint,
       "its state is failed",
       {"create-vpc-endpoint"}},
      {"enableDnsHostnames is off",
       [](Documents& d) { set_attribute(d, "EnableDnsHostnames", false); },
       public_and_silent,
       "vpc",
       kVpc,
       "enableDnsHostnames is false",
       {"modify-vpc-attribute --region eu-west-1 --vpc-id " + kVpc + " --enable-dns-hostnames"}},
      {"an endpoint is missing",
       [](Documents& d) { remove_endpoint(d, kLogsEndpoint); },
       logs_public,
       "vpc",
       kVpc,
       "no interface endpoint for com.amazonaws.eu-west-1.logs",
       {"--vpc-endpoint-type Interface --vpc-id " + kVpc +
            " --service-name com.amazonaws.eu-west-1.logs --subnet-ids " + kTaskSubnet,
        "--security-group-ids " + kEndpointGroup + " --private-dns-enabled"}},
      {"an endpoint's private DNS is off",
       [](Documents& d) { logs_endpoint(d)["PrivateDnsEnabled"] = false; },
       logs_public,
       "vpc-endpoint",
       kLogsEndpoint,
       "its private DNS is off",
       {"modify-vpc-endpoint --region eu-west-1 --vpc-endpoint-id " + kLogsEndpoint +
        " --private-dns-enabled"}},
      {"the DHCP options name another resolver",
       [](Documents& d) {
         list_in(d, "DhcpOptions")[0]["DhcpConfigurations"][1]["Values"] =
             Json::array({{{"Value", "10.0.9.53"}}});
       },
       public_and_silent,
       "dhcp-options",
       "dopt-0aaaa1111bbbb2222",
       "10.0.9.53",
       {""}},
      {"a Resolver rule forwards the names",
       [](Documents& d) {
         list_in(d, "ResolverRules")
             .push_back({{"Id", "rslvr-rr-0a"}, {"DomainName", "amazonaws.com."}, {"RuleType", "FORWARD"}});
         list_in(d, "ResolverRuleAssociations")
             .push_back({{"Id", "rslvr-rrassoc-0a"},
                         {"ResolverRuleId", "rslvr-rr-0a"},
                         {"VPCId", kVpc},
                         {"Status", "COMPLETE"}});
       },
       public_and_silent,
       "resolver-rule",
       "rslvr-rr-0a",
       "forwards amazonaws.com",
       {"--rule-type SYSTEM"}},
      {"a private zone has the name",
       add_zone_of_logs,
       [] {
         Report report = report_with("name-not-found", "logs", {});
         report.endpoints[3].addresses.clear();
         report.endpoints[3].dns->status = DnsStatus::not_found;
         return report;
       },
       "hosted-zone",
       "Z0A",
       "answers for logs.eu-west-1.amazonaws.com",
       {"disassociate-vpc-from-hosted-zone"}},
      {"a private zone keeps an address that no interface has",
       add_zone_of_logs,
       [] { return logs_at("endpoint-filtered", "10.0.2.99", "silent"); },
       "hosted-zone",
       "Z0A",
       "10.0.2.99 is no address of an endpoint for com.amazonaws.eu-west-1.logs",
       {"disassociate-vpc-from-hosted-zone"}},
      {"a private zone keeps such an address, and the task's group names the endpoints' group",
       [](Documents& d) {
         add_zone_of_logs(d);
         element_in(d, "SecurityGroups", "GroupId", kTaskGroup)["IpPermissionsEgress"] =
             tcp(443, {{"UserIdGroupPairs", {{{"GroupId", kEndpointGroup}}}}});
       },
       [] { return logs_at("endpoint-filtered", "10.0.2.99", "silent"); },
       "hosted-zone",
       "Z0A",
       "10.0.2.99 is no address",
       {"disassociate-vpc-from-hosted-zone"}},
      {"a private zone leads the name to another service's endpoint",
       add_zone_of_logs,
       [] { return logs_at("certificate-name-mismatch", "10.0.1.10", "connects"); },
       "hosted-zone",
       "Z0A",
       "10.0.1.10 is no address of an endpoint for com.amazonaws.eu-west-1.logs",
       {"disassociate-vpc-from-hosted-zone"}},
  };
  return cases;
}

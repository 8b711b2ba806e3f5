#include <algorithm>
#include <array>

#include "agent/base/text_search.h"
#include "agent/doctor/read_elements.h"

namespace vpcprobe {
namespace {

/// "-1", "tcp", "6" … EC2 writes names or numbers (IANA "Protocol Numbers").
Protocol read_protocol(const DocumentNode& node) {
  constexpr std::array<std::string_view, 4> kOthers{"udp", "icmp", "icmpv6", "sctp"};
  const std::string word = lower_case(node.text());
  if (word == "-1" || word == "all") return Protocol::all;
  if (word == "6" || word == "tcp") return Protocol::tcp;
  const bool is_number =
      !word.empty() && word.size() <= 3 && word.find_first_not_of("0123456789") == std::string::npos;
  if (is_number || std::find(kOthers.begin(), kOthers.end(), word) != kOthers.end()) return Protocol::other;
  return Protocol::unknown;
}

/// EC2 writes -1, or nothing, for all ports.
std::uint16_t read_port(const DocumentNode& node, std::uint16_t otherwise) {
  const auto number = node.number();
  if (!number || *number == -1) return otherwise;
  if (*number < 0 || *number > 65535) node.wrong("a port");
  return static_cast<std::uint16_t>(*number);
}

PortRange read_ports(const DocumentNode& from, const DocumentNode& to) {
  return {read_port(from, 0), read_port(to, 65535)};
}

GroupRule read_permission(const DocumentNode& node) {
  GroupRule rule;
  rule.protocol = read_protocol(node.at("IpProtocol"));
  // Types and codes of ICMP stand in the same members: ports are read for TCP only.
  if (rule.protocol == Protocol::tcp) rule.ports = read_ports(node.at("FromPort"), node.at("ToPort"));
  add_ranges(rule.ranges, node.at("IpRanges"), "CidrIp");
  add_ranges(rule.ranges, node.at("Ipv6Ranges"), "CidrIpv6");
  rule.prefix_lists = texts_of(node.at("PrefixListIds"), "PrefixListId");
  for (const DocumentNode& pair : node.at("UserIdGroupPairs").items())
    rule.groups.push_back({pair.at("GroupId").text(), pair.at("VpcPeeringConnectionId").text()});
  return rule;
}

std::optional<std::vector<GroupRule>> read_permissions(const DocumentNode& list) {
  if (list.is_absent()) return std::nullopt;
  std::vector<GroupRule> rules;
  for (const DocumentNode& permission : list.items()) rules.push_back(read_permission(permission));
  return rules;
}

AclEntry read_entry(const DocumentNode& node) {
  AclEntry entry;
  const DocumentNode number = node.at("RuleNumber");
  if (number.number().value_or(-1) < 0 || *number.number() > 32767) node.wrong("an entry with a RuleNumber");
  entry.number = static_cast<int>(*number.number());
  entry.egress = node.at("Egress").truth().value_or(false);
  const std::string action = node.at("RuleAction").text();
  entry.action = action == "allow"  ? AclAction::allow
                 : action == "deny" ? AclAction::deny
                                    : AclAction::unknown;
  entry.protocol = read_protocol(node.at("Protocol"));
  const DocumentNode ports = node.at("PortRange");
  if (entry.protocol == Protocol::tcp) entry.ports = read_ports(ports.at("From"), ports.at("To"));
  for (const char* key : {"CidrBlock", "Ipv6CidrBlock"})
    if (!node.at(key).is_absent()) entry.range = read_range(node.at(key));
  return entry;
}

struct GatewayPrefix {
  std::string_view prefix;
  RouteTarget kind;
};
constexpr std::array<GatewayPrefix, 4> kGateways{{{"local", RouteTarget::local},
                                                  {"igw-", RouteTarget::internet_gateway},
                                                  {"vgw-", RouteTarget::virtual_private_gateway},
                                                  {"vpce-", RouteTarget::appliance_endpoint}}};

struct TargetMember {
  const char* key;
  RouteTarget kind;
};
// The network interface of an instance stands beside the instance: the interface counts.
constexpr std::array<TargetMember, 9> kTargets{
    {{"NatGatewayId", RouteTarget::nat_gateway},
     {"TransitGatewayId", RouteTarget::transit_gateway},
     {"VpcPeeringConnectionId", RouteTarget::peering},
     {"EgressOnlyInternetGatewayId", RouteTarget::egress_only_gateway},
     {"CoreNetworkArn", RouteTarget::core_network},
     {"NetworkInterfaceId", RouteTarget::network_interface},
     {"InstanceId", RouteTarget::instance},
     {"LocalGatewayId", RouteTarget::other},
     {"CarrierGatewayId", RouteTarget::other}}};

void read_target(const DocumentNode& node, Route& route) {
  for (const TargetMember& member : kTargets) {
    route.target = node.at(member.key).text();
    route.kind = member.kind;
    if (!route.target.empty()) return;
  }
  route.target = node.at("GatewayId").text();
  route.kind = RouteTarget::other;
  for (const GatewayPrefix& row : kGateways)
    if (route.target.starts_with(row.prefix)) route.kind = row.kind;
  if (route.kind == RouteTarget::appliance_endpoint && !route.prefix_list.empty())
    route.kind = RouteTarget::gateway_endpoint;
}

Route read_route(const DocumentNode& node) {
  Route route;
  for (const char* key : {"DestinationCidrBlock", "DestinationIpv6CidrBlock"})
    if (!node.at(key).is_absent()) route.range = read_range(node.at(key));
  route.prefix_list = node.at("DestinationPrefixListId").text();
  route.state = node.at("State").text();
  route.propagated = node.at("Origin").text() == "EnableVgwRoutePropagation";
  read_target(node, route);
  return route;
}

/// False for an association that is being taken away or failed.
bool is_associated(const DocumentNode& association) {
  const std::string state = association.at("AssociationState").at("State").text();
  return state.empty() || state == "associated" || state == "associating";
}

}  // namespace

std::string name_tag(const DocumentNode& element) {
  for (const DocumentNode& tag : element.at("Tags").items())
    if (tag.at("Key").text() == "Name") return tag.at("Value").text();
  return {};
}

std::string required_id(const DocumentNode& element, std::string_view key) {
  std::string id = element.at(key).text();
  if (id.empty()) element.wrong(("an object with " + std::string(key)).c_str());
  return id;
}

Cidr read_range(const DocumentNode& node) {
  const auto range = Cidr::parse(node.text());
  if (!range) node.wrong("a range such as 10.0.0.0/16");
  return *range;
}

void add_ranges(std::vector<Cidr>& ranges, const DocumentNode& list, std::string_view key) {
  for (const DocumentNode& item : list.items()) ranges.push_back(read_range(item.at(key)));
}

std::vector<std::string> texts_of(const DocumentNode& list, std::string_view key) {
  std::vector<std::string> texts;
  for (const DocumentNode& item : list.items()) texts.push_back(item.at(key).text());
  return texts;
}

std::optional<std::vector<std::string>> texts_if_there(const DocumentNode& list) {
  if (list.is_absent()) return std::nullopt;
  return list.texts();
}

void read_vpc(const DocumentNode& element, Configuration& configuration) {
  Vpc& vpc = configuration.vpcs.by_id[required_id(element, "VpcId")];  // its attributes may be there already
  vpc.id = required_id(element, "VpcId");
  vpc.name = name_tag(element);
  vpc.owner = element.at("OwnerId").text();
  vpc.dhcp_options = element.at("DhcpOptionsId").text();
  vpc.ranges.clear();
  constexpr std::array<std::array<const char*, 3>, 2> kFamilies{
      {{"CidrBlockAssociationSet", "CidrBlock", "CidrBlockState"},
       {"Ipv6CidrBlockAssociationSet", "Ipv6CidrBlock", "Ipv6CidrBlockState"}}};
  for (const auto& [list, key, state] : kFamilies) {
    for (const DocumentNode& block : element.at(list).items()) {
      const std::string word = block.at(state).at("State").text();
      if (word.empty() || word == "associated") vpc.ranges.push_back(read_range(block.at(key)));
    }
  }
  const DocumentNode first = element.at("CidrBlock");
  if (!first.is_absent() &&
      std::find(vpc.ranges.begin(), vpc.ranges.end(), read_range(first)) == vpc.ranges.end())
    vpc.ranges.push_back(read_range(first));
}

void read_subnet(const DocumentNode& element, Configuration& configuration) {
  Subnet subnet;
  subnet.id = required_id(element, "SubnetId");
  subnet.name = name_tag(element);
  subnet.vpc = element.at("VpcId").text();
  subnet.owner = element.at("OwnerId").text();
  subnet.zone = element.at("AvailabilityZone").text();
  subnet.zone_id = element.at("AvailabilityZoneId").text();
  if (!element.at("CidrBlock").is_absent()) subnet.ranges.push_back(read_range(element.at("CidrBlock")));
  add_ranges(subnet.ranges, element.at("Ipv6CidrBlockAssociationSet"), "Ipv6CidrBlock");
  if (const auto free = element.at("AvailableIpAddressCount").number())
    subnet.free_addresses = static_cast<int>(std::clamp<std::int64_t>(*free, 0, INT32_MAX));
  configuration.subnets.by_id[subnet.id] = std::move(subnet);
}

void read_security_group(const DocumentNode& element, Configuration& configuration) {
  SecurityGroup group;
  group.id = required_id(element, "GroupId");
  group.name = element.at("GroupName").text();
  group.vpc = element.at("VpcId").text();
  group.owner = element.at("OwnerId").text();
  group.ingress = read_permissions(element.at("IpPermissions"));
  group.egress = read_permissions(element.at("IpPermissionsEgress"));
  configuration.groups.by_id[group.id] = std::move(group);
}

/// The flat form of the same rules. They fill groups that were not read themselves: which other rules these
/// have is not known, so their lists stay in part (SecurityGroup::is_whole).
void read_security_group_rule(const DocumentNode& element, Configuration& configuration) {
  const std::string id = required_id(element, "GroupId");
  auto [found, is_new] = configuration.groups.by_id.try_emplace(id);
  SecurityGroup& group = found->second;
  if (is_new) group.is_whole = false;
  if (group.is_whole) return;
  group.id = id;
  GroupRule rule;
  rule.protocol = read_protocol(element.at("IpProtocol"));
  if (rule.protocol == Protocol::tcp) rule.ports = read_ports(element.at("FromPort"), element.at("ToPort"));
  for (const char* key : {"CidrIpv4", "CidrIpv6"})
    if (!element.at(key).is_absent()) rule.ranges.push_back(read_range(element.at(key)));
  if (!element.at("PrefixListId").is_absent()) rule.prefix_lists.push_back(element.at("PrefixListId").text());
  const DocumentNode other = element.at("ReferencedGroupInfo");
  if (!other.is_absent())
    rule.groups.push_back({other.at("GroupId").text(), other.at("VpcPeeringConnectionId").text()});
  auto& rules = element.at("IsEgress").truth().value_or(false) ? group.egress : group.ingress;
  if (!rules) rules.emplace();
  rules->push_back(std::move(rule));
}

void read_network_acl(const DocumentNode& element, Configuration& configuration) {
  NetworkAcl acl;
  acl.id = required_id(element, "NetworkAclId");
  acl.name = name_tag(element);
  acl.vpc = element.at("VpcId").text();
  acl.is_default = element.at("IsDefault").truth().value_or(false);
  acl.subnets = texts_of(element.at("Associations"), "SubnetId");
  if (!element.at("Entries").is_absent()) {
    acl.entries.emplace();
    for (const DocumentNode& entry : element.at("Entries").items()) acl.entries->push_back(read_entry(entry));
    std::stable_sort(acl.entries->begin(), acl.entries->end(),
                     [](const AclEntry& a, const AclEntry& b) { return a.number < b.number; });
  }
  configuration.acls.by_id[acl.id] = std::move(acl);
}

void read_route_table(const DocumentNode& element, Configuration& configuration) {
  RouteTable table;
  table.id = required_id(element, "RouteTableId");
  table.name = name_tag(element);
  table.vpc = element.at("VpcId").text();
  for (const DocumentNode& association : element.at("Associations").items()) {
    if (!is_associated(association)) continue;
    table.is_main = table.is_main || association.at("Main").truth().value_or(false);
    const std::string subnet = association.at("SubnetId").text();
    if (!subnet.empty()) table.subnets.push_back(subnet);
  }
  if (!element.at("Routes").is_absent()) {
    table.routes.emplace();
    for (const DocumentNode& route : element.at("Routes").items()) table.routes->push_back(read_route(route));
  }
  configuration.route_tables.by_id[table.id] = std::move(table);
}

void read_prefix_list(const DocumentNode& element, Configuration& configuration) {
  PrefixList& list = configuration.prefix_lists.by_id[required_id(element, "PrefixListId")];
  list.id = required_id(element, "PrefixListId");
  if (!element.at("PrefixListName").is_absent()) list.name = element.at("PrefixListName").text();
  const DocumentNode ranges = element.at("Cidrs");
  if (ranges.is_absent()) return;
  list.ranges.emplace();
  for (const DocumentNode& range : ranges.items()) list.ranges->push_back(read_range(range));
}

}  // namespace vpcprobe

#pragma once
// A VPC's configuration as values, keyed by id. What was not read is "not seen", and never "not there": each
// part says how much of it was read. Source of the shapes: botocore's models of EC2, ECS, Route 53 and Route
// 53 Resolver.
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probes/address.h"

namespace vpcprobe {

/// How much of a part was read.
enum class Seen : std::uint8_t {
  not_seen,
  in_part,    ///< what is here is right, and more may exist
  completely  ///< what is not here does not exist
};
std::string_view to_string(Seen seen);

struct PartState {
  Seen seen = Seen::not_seen;
  std::string why;  ///< one line: why it was not seen, or what is left out; empty where nothing is known
};

/// All resources of one kind, by id.
template <typename T>
struct Part : PartState {
  std::map<std::string, T, std::less<>> by_id;

  /// Null where this id was not read.
  const T* find(std::string_view id) const {
    const auto found = by_id.find(id);
    return found == by_id.end() ? nullptr : &found->second;
  }
};

/// `IpProtocol` of a group's rule and `Protocol` of an ACL's entry, as far as TCP cares. `unknown`: a word
/// that this version does not know.
enum class Protocol : std::uint8_t { all, tcp, other, unknown };

/// Both ends included. Where the document names no ports, all of them.
struct PortRange {
  std::uint16_t from = 0;
  std::uint16_t to = 65535;
};

/// `UserIdGroupPairs`: matches the private addresses of the network interfaces that carry the group.
struct GroupReference {
  std::string group;    ///< "sg-…"
  std::string peering;  ///< VpcPeeringConnectionId; empty for a group of the same VPC
};

/// One entry of IpPermissions or IpPermissionsEgress. Allows only.
struct GroupRule {
  Protocol protocol = Protocol::unknown;
  PortRange ports;
  std::vector<Cidr> ranges;  ///< IPv4 and IPv6
  std::vector<std::string> prefix_lists;
  std::vector<GroupReference> groups;
};

/// DescribeSecurityGroups, or the same from DescribeSecurityGroupRules.
struct SecurityGroup {
  std::string id, name, vpc, owner;
  std::optional<std::vector<GroupRule>> ingress, egress;  ///< empty optional: these rules were not read
  bool is_whole = true;  ///< false: it may have more rules (read from DescribeSecurityGroupRules)
};

enum class AclAction : std::uint8_t { allow, deny, unknown };

struct AclEntry {
  int number = 0;
  bool egress = false;
  AclAction action = AclAction::unknown;
  Protocol protocol = Protocol::unknown;
  PortRange ports;
  std::optional<Cidr> range;  ///< empty where it was not read: then it is unknown whether the entry matches
};

/// DescribeNetworkAcls.
struct NetworkAcl {
  std::string id, name, vpc;
  bool is_default = false;
  std::vector<std::string> subnets;
  std::optional<std::vector<AclEntry>> entries;  ///< in rising order of their numbers
};

/// What a route leads to; told by which member of the document is there, and by the id's prefix.
enum class RouteTarget : std::uint8_t {
  local,
  internet_gateway,
  egress_only_gateway,
  nat_gateway,
  transit_gateway,
  peering,
  gateway_endpoint,    ///< vpce-… with a prefix list
  appliance_endpoint,  ///< vpce-… with a range: Network Firewall or Gateway Load Balancer
  network_interface,
  instance,
  virtual_private_gateway,
  core_network,
  other  ///< a kind that this version does not know
};
std::string_view to_string(RouteTarget target);

struct Route {
  std::optional<Cidr> range;  ///< empty for a prefix list
  std::string prefix_list;    ///< "pl-…"; empty for a range
  RouteTarget kind = RouteTarget::other;
  std::string target;  ///< id; "local" for the local route
  std::string state;   ///< "active", "blackhole"; empty where it was not read
  bool propagated = false;
};

/// DescribeRouteTables.
struct RouteTable {
  std::string id, name, vpc;
  bool is_main = false;
  std::vector<std::string> subnets;  ///< associated by hand
  std::optional<std::vector<Route>> routes;
};

enum class EndpointKind : std::uint8_t { interface, gateway, load_balancer, other };

/// DescribeVpcEndpoints.
struct VpcEndpoint {
  std::string id, name, vpc, owner, service;  ///< service: "com.amazonaws.eu-west-1.logs"
  EndpointKind kind = EndpointKind::other;
  std::string state;  ///< in small letters: "available"
  std::optional<bool> private_dns;
  bool private_dns_for_inbound_resolver_only = false;  ///< DnsOptions, S3
  std::optional<std::vector<std::string>> subnets, groups, route_tables;
  std::vector<std::string> interfaces;
  std::vector<std::string> dns_names;
  std::optional<std::string> policy;  ///< the JSON text
};

/// DescribeVpcs and DescribeVpcAttribute.
struct Vpc {
  std::string id, name, owner, dhcp_options;
  std::vector<Cidr> ranges;  ///< associated ones, IPv4 and IPv6
  std::optional<bool> dns_support, dns_hostnames;
};

/// DescribeSubnets.
struct Subnet {
  std::string id, name, vpc, owner, zone, zone_id;
  std::vector<Cidr> ranges;
  std::optional<int> free_addresses;
};

/// DescribeNetworkInterfaces.
struct NetworkInterface {
  std::string id, vpc, subnet, owner, type, status, description;
  std::vector<IpAddress> addresses;  ///< private IPv4 and IPv6
  std::optional<std::vector<std::string>> groups;
  bool has_public_address = false;
  std::optional<bool> source_dest_check;
  std::string instance;  ///< it is attached to; empty for none
};

/// DescribePrefixLists, DescribeManagedPrefixLists with GetManagedPrefixListEntries.
struct PrefixList {
  std::string id, name;
  std::optional<std::vector<Cidr>> ranges;  ///< empty optional: its entries were not read
};

/// DescribeNatGateways.
struct NatGateway {
  std::string id, name, vpc, subnet, state, connectivity;
  std::vector<IpAddress> addresses;  ///< private ones
};

/// DescribeInternetGateways.
struct InternetGateway {
  std::string id, name;
  std::vector<std::string> vpcs;  ///< attached to
};

/// DescribeVpcPeeringConnections.
struct VpcPeering {
  std::string id, status;
  std::string requester, accepter;  ///< VPC ids
};

/// DescribeTransitGatewayAttachments and DescribeTransitGatewayVpcAttachments.
struct TransitAttachment {
  std::string id, gateway, vpc, state;
  std::optional<std::vector<std::string>> subnets;
};

/// DescribeDhcpOptions.
struct DhcpOptions {
  std::string id, name;
  std::vector<std::string> servers;  ///< "AmazonProvidedDNS" or addresses
};

/// ListHostedZonesByVPC: private zones that the VPC sees.
struct HostedZone {
  std::string id, name;            ///< name without its last dot, in small letters
  std::string owning_service;      ///< "vpce.amazonaws.com" for the zones behind private DNS
  bool of_vpc = false;             ///< ListHostedZonesByVPC has it
  std::optional<bool> is_private;  ///< ListHostedZones has it
};

/// ListResolverRules, GetResolverRule.
struct ResolverRule {
  std::string id, name, domain, type;  ///< type: "FORWARD", "SYSTEM", "RECURSIVE"
  std::vector<std::string> targets;    ///< addresses
};

/// ListResolverRuleAssociations.
struct ResolverRuleAssociation {
  std::string id, rule, vpc, status;
};

/// ListFirewallRuleGroupAssociations: DNS Firewall.
struct DnsFirewallAssociation {
  std::string id, name, rule_group, vpc, status;
};

/// DescribeTasks: what remains of a stopped task, too.
struct EcsTask {
  std::string arn, cluster, definition, group, launch_type, last_status;  ///< group: "service:web"
  std::string subnet, interface, address;                                 ///< of its attachment
  bool has_stopped = false;
  bool has_failed =
      false;  ///< it did not start, or its container ended; ECS did not stop it for another reason
  double stopped_at = 0;  ///< in seconds since 1970; 0: not known
  std::string document;   ///< the whole task as JSON on one line
};

/// DescribeServices.
struct EcsService {
  std::string arn, name, cluster, definition;
  std::vector<std::string> subnets, groups;
  bool assigns_public_address = false;
};

/// Everything read about a VPC and what is around it.
struct Configuration {
  std::string account;  ///< of the caller (sts get-caller-identity); empty if it was not read
  Part<Vpc> vpcs;
  Part<Subnet> subnets;
  Part<SecurityGroup> groups;
  Part<NetworkAcl> acls;
  Part<RouteTable> route_tables;
  Part<VpcEndpoint> endpoints;
  Part<NetworkInterface> interfaces;
  Part<PrefixList> prefix_lists;
  Part<NatGateway> nat_gateways;
  Part<InternetGateway> internet_gateways;
  Part<VpcPeering> peerings;
  Part<TransitAttachment> transit_attachments;
  Part<DhcpOptions> dhcp_options;
  Part<HostedZone> hosted_zones;
  Part<ResolverRule> resolver_rules;
  Part<ResolverRuleAssociation> resolver_associations;
  Part<DnsFirewallAssociation> dns_firewalls;
  Part<EcsTask> tasks;
  Part<EcsService> services;
  /// Why calls were refused that belong to no part: "EnableDnsSupport" → "UnauthorizedOperation: …".
  std::map<std::string, std::string, std::less<>> refused;
  std::string task_definition;  ///< the document with `taskDefinition`, as it was read; empty for none
};

/// A part by its document's top-level key, "SecurityGroups"; null for a key that names none.
PartState* part_named(Configuration& configuration, std::string_view key);

/// A part that was not seen, or in part only.
struct NotSeen {
  std::string what;  ///< the document's top-level key: "NetworkAcls"
  std::string why;
};
/// Every part that is not completely seen, in the order of Configuration. VPC attributes count as parts,
/// under "EnableDnsSupport" and "EnableDnsHostnames".
std::vector<NotSeen> not_seen(const Configuration& configuration);

}  // namespace vpcprobe

#pragma once
// The path of one connection as a chain of hops. Each hop is a pure function of the configuration and the
// packet; a new kind of hop is one function and one row of a table (walk.cc, names.cc).
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/doctor/configuration.h"

namespace vpcprobe {

enum class HopKind : std::uint8_t {
  vpc_attributes,
  endpoint_private_dns,
  hosted_zone,
  resolver_rule,
  dhcp_options,
  dns_firewall,
  group_egress,
  network_acl,
  route,
  nat_gateway,
  internet_gateway,
  transit_gateway,
  peering,
  appliance,
  endpoint,
  group_ingress
};
std::string_view to_string(HopKind kind);

enum class HopVerdict : std::uint8_t { allows, denies, unknown };
std::string_view to_string(HopVerdict verdict);

/// What has to change where a hop denies; each is a row of the table in culprits.cc.
enum class Block : std::uint8_t {
  none,
  dns_support_off,
  dns_hostnames_off,
  endpoint_absent,
  private_dns_off,
  inbound_resolver_only,
  hosted_zone,
  resolver_rule,
  custom_resolver,
  dns_firewall,
  group_egress,
  acl_entry,
  no_route,
  no_route_back,
  blackhole,
  no_public_address,
  gateway_detached,
  private_to_internet,
  nat_state,
  nat_is_private,
  nat_without_internet,
  peering_state,
  transit_attachment,
  source_dest_check,
  endpoint_state,
  group_ingress,
  zone_without_endpoint,
  endpoint_policy,
  identity_policy
};

/// What a network ACL must let through and does not.
struct AclGap {
  bool egress = false;
  PortRange ports;
  Cidr peer;       ///< the other side, a single address where it is known
  int before = 0;  ///< RuleNumber of the entry that denies: a new one needs a lower number
};

struct PathHop {
  HopKind kind = HopKind::route;
  std::string id;  ///< of the resource that was judged; empty where none was read
  HopVerdict verdict = HopVerdict::unknown;
  std::string by;               ///< the rule that decides, or why it is unknown
  Block block = Block::none;    ///< with `unknown`: the fault must be here if the rest allows
  bool partial = false;         ///< denies a part of the connections only
  std::optional<AclGap> gap{};  ///< of a network ACL that denies
};
PathHop allows(HopKind kind, std::string id, std::string by);
PathHop denies(HopKind kind, std::string id, std::string by, Block block);
PathHop unknown(HopKind kind, std::string id, std::string by);

/// One side of a connection, as rules see it.
struct Peer {
  Cidr within;  ///< a single address where it is known, else the range it lies in; 0.0.0.0/0: a public one
  bool is_public = false;
  /// Of its network interface. Empty optional: not known. None: it is outside, or has no interface here.
  std::optional<std::vector<std::string>> groups{};
};

/// A TCP connection from the task to one address.
struct Packet {
  std::string vpc, subnet;  ///< of the task; empty where they are not known
  Peer task;
  std::optional<bool> has_public_address;  ///< the task's interface
  Peer peer;
  std::uint16_t port = 443;
  std::string service;      ///< PrivateLink's name: "com.amazonaws.eu-west-1.logs"; empty where there is none
  std::string owner;        ///< of a public address, by AWS's ranges: "S3 eu-west-1"
  std::string peer_subnet;  ///< empty where the peer is not in a subnet that was read
  std::string peer_interface;
  std::string
      peer_vpc;  ///< empty where the peer is not in a VPC that was read; else this VPC or a peered one
  const VpcEndpoint* endpoint = nullptr;  ///< whose interface the peer is
};
/// Fills in what the configuration knows of the peer: its VPC, subnet, interface, groups and endpoint.
void locate_peer(const Configuration& configuration, Packet& packet);

// Each hop of the network, in the order of walk().
PathHop judge_group_egress(const Configuration& configuration, const Packet& packet);
PathHop judge_group_ingress(const Configuration& configuration, const Packet& packet);
/// What the network ACL of `subnet` does with TCP to `ports` of the receiving side.
PathHop judge_acl(const Configuration& configuration, const std::string& subnet, bool egress, PortRange ports,
                  const Peer& peer);
PathHop judge_endpoint_state(const VpcEndpoint& endpoint);

struct RouteChoice {
  PathHop hop;  ///< kind route
  const RouteTable* table = nullptr;
  std::optional<Route> route{};  ///< that takes the packet; empty where none does or it is unknown
};
RouteChoice choose_route(const Configuration& configuration, const Packet& packet, const std::string& subnet);
/// The hops at what a route leads to: NAT gateway, internet gateway, gateway endpoint …
std::vector<PathHop> judge_target(const Configuration& configuration, const Packet& packet,
                                  const RouteChoice& choice);

/// The other VPC of a peering connection; empty where this VPC is none of its two.
std::string other_side(const VpcPeering& peering, const std::string& vpc);
/// How the peered VPC routes the answers.
RouteChoice choose_route_back(const Configuration& configuration, const Packet& packet);
/// Only the same peering connection leads back.
PathHop judge_route_back(const Configuration& configuration, const Packet& packet,
                         const std::string& peering);

/// All hops of the packet and of its answer, in order.
std::vector<PathHop> walk(const Configuration& configuration, const Packet& packet);

/// Whether, and by which hops, the VPC gives the private addresses of an endpoint for a name.
std::vector<PathHop> judge_name(const Configuration& configuration, const std::string& vpc,
                                const std::string& host, const std::string& service);

/// True where the part is completely read, and this VPC's owner is the account that read it: in a shared VPC
/// a participant sees nothing of the owner's resources.
bool is_whole(const Configuration& configuration, const PartState& part, const std::string& vpc);
/// "NetworkAcls: UnauthorizedOperation …": why a part cannot be used.
std::string why_not_seen(std::string_view what, const PartState& part);

/// "tcp 443", "tcp 32768-60999".
std::string port_words(PortRange ports);
std::string peer_words(const Peer& peer);

/// Ports from which Linux connects, and so to which answers go (ip_local_port_range).
inline constexpr PortRange kTaskPorts{32768, 60999};
/// AWS: "Custom network ACLs", ephemeral ports of NAT gateways.
inline constexpr PortRange kNatPorts{1024, 65535};

}  // namespace vpcprobe

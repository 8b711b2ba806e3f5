// Whose interface an address is, and the state of a VPC endpoint.
#include <algorithm>
#include <array>

#include "agent/doctor/match.h"

namespace vpcprobe {
namespace {

bool has(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

bool is_address(const Peer& peer) { return peer.within.prefix == peer.within.base.bits(); }

const NetworkInterface* interface_of(const Configuration& configuration, const std::string& vpc,
                                     const Packet& packet) {
  for (const auto& [id, interface] : configuration.interfaces.by_id) {
    const bool is_here = vpc.empty() || interface.vpc.empty() || interface.vpc == vpc;
    const auto& list = interface.addresses;
    if (is_here && std::find(list.begin(), list.end(), packet.peer.within.base) != list.end())
      return &interface;
  }
  return nullptr;
}

const Subnet* subnet_of(const Configuration& configuration, const std::string& vpc, const Packet& packet) {
  for (const auto& [id, subnet] : configuration.subnets.by_id) {
    if (vpc.empty() || subnet.vpc != vpc) continue;
    for (const Cidr& range : subnet.ranges)
      if (range.contains(packet.peer.within.base)) return &subnet;
  }
  return nullptr;
}

/// Whether all addresses of the endpoint in this subnet (empty: in all of its subnets) were read.
bool has_known_addresses(const Configuration& configuration, const VpcEndpoint& endpoint,
                         const std::string& subnet, Family family) {
  std::size_t here = 0;
  for (const std::string& id : endpoint.interfaces) {
    const NetworkInterface* interface = configuration.interfaces.find(id);
    if (interface == nullptr) return false;
    if (!subnet.empty() && interface->subnet != subnet) continue;
    const auto& list = interface->addresses;
    const bool has_one = std::any_of(list.begin(), list.end(),
                                     [family](const IpAddress& address) { return address.family == family; });
    if (!has_one) return false;
    ++here;
  }
  return here > 0;
}

bool is_interface_endpoint(const VpcEndpoint& endpoint, const Packet& packet) {
  return endpoint.kind == EndpointKind::interface && endpoint.vpc == packet.vpc && !packet.service.empty() &&
         endpoint.service == packet.service;
}

/// The endpoint that has this interface; where no document says whose it is, the only one of the service with
/// a subnet there.
const VpcEndpoint* endpoint_of(const Configuration& configuration, const Packet& packet,
                               const NetworkInterface* interface) {
  const VpcEndpoint* by_service = nullptr;
  std::size_t found = 0;
  for (const auto& [id, endpoint] : configuration.endpoints.by_id) {
    const bool is_owner = interface != nullptr && (has(endpoint.interfaces, interface->id) ||
                                                   interface->description.ends_with(" " + endpoint.id));
    if (is_owner) return &endpoint;
    const bool may_be =
        is_interface_endpoint(endpoint, packet) && endpoint.subnets &&
        has(*endpoint.subnets, packet.peer_subnet) &&
        !has_known_addresses(configuration, endpoint, packet.peer_subnet, packet.peer.within.base.family);
    if (!may_be) continue;
    by_service = &endpoint;
    ++found;
  }
  const bool is_foreign =
      interface != nullptr && !interface->type.empty() && interface->type != "vpc_endpoint";
  return found == 1 && !is_foreign ? by_service : nullptr;
}

/// The task's VPC; where the route leads to a peering connection, the other one.
std::string vpc_of_peer(const Configuration& configuration, const Packet& packet) {
  const RouteChoice choice = choose_route(configuration, packet, packet.subnet);
  if (!choice.route || choice.route->kind != RouteTarget::peering) return packet.vpc;
  const VpcPeering* peering = configuration.peerings.find(choice.route->target);
  return peering == nullptr ? std::string() : other_side(*peering, packet.vpc);
}

}  // namespace

void locate_peer(const Configuration& configuration, Packet& packet) {
  packet.peer.groups.reset();
  if (!is_address(packet.peer)) {
    packet.peer.groups.emplace();
    return;
  }
  const std::string vpc = vpc_of_peer(configuration, packet);
  const bool is_nowhere = vpc.empty() && !packet.vpc.empty();
  const NetworkInterface* interface = is_nowhere ? nullptr : interface_of(configuration, vpc, packet);
  const Subnet* subnet = is_nowhere ? nullptr : subnet_of(configuration, vpc, packet);
  if (interface != nullptr || subnet != nullptr) packet.peer_vpc = vpc;
  if (interface != nullptr) {
    packet.peer_interface = interface->id;
    packet.peer_subnet = interface->subnet;
    packet.peer.groups = interface->groups;
  } else if (subnet != nullptr) {
    packet.peer_subnet = subnet->id;
  }
  packet.endpoint = endpoint_of(configuration, packet, interface);
  // The endpoint's own list counts: some emulations of EC2 leave the interface's unset.
  if (packet.endpoint != nullptr && packet.endpoint->groups && !packet.endpoint->groups->empty())
    packet.peer.groups = packet.endpoint->groups;
  if (packet.peer.groups && packet.peer.groups->empty()) packet.peer.groups.reset();
  if (interface == nullptr && subnet == nullptr && packet.peer.is_public) packet.peer.groups.emplace();
}

Match leads_elsewhere(const Configuration& configuration, const Packet& packet) {
  const Vpc* vpc = configuration.vpcs.find(packet.vpc);
  if (packet.service.empty() || packet.peer.is_public) return Match::no;
  if (packet.endpoint != nullptr && packet.endpoint->service != packet.service) return Match::yes;
  if (packet.endpoint != nullptr) return packet.peer_interface.empty() ? Match::unknown : Match::no;
  const IpAddress& address = packet.peer.within.base;
  const bool is_here = vpc != nullptr && is_address(packet.peer) &&
                       std::any_of(vpc->ranges.begin(), vpc->ranges.end(),
                                   [&](const Cidr& range) { return range.contains(address); });
  const bool is_read = is_whole(configuration, configuration.interfaces, packet.vpc) &&
                       is_whole(configuration, configuration.endpoints, packet.vpc);
  if (!is_here || !is_read) return Match::unknown;
  const auto& endpoints = configuration.endpoints.by_id;
  const bool is_known = std::all_of(endpoints.begin(), endpoints.end(), [&](const auto& entry) {
    return !is_interface_endpoint(entry.second, packet) ||
           has_known_addresses(configuration, entry.second, "", address.family);
  });
  return is_known ? Match::yes : Match::unknown;
}

PathHop judge_endpoint_state(const VpcEndpoint& endpoint) {
  constexpr HopKind kind = HopKind::endpoint;
  constexpr std::array<std::string_view, 7> kBad{"pending", "pendingacceptance", "deleting", "deleted",
                                                 "failed",  "rejected",          "expired"};
  if (endpoint.state == "available") return allows(kind, endpoint.id, "available");
  const std::string by = endpoint.state.empty() ? "its state was not read" : "its state is " + endpoint.state;
  if (std::find(kBad.begin(), kBad.end(), endpoint.state) == kBad.end())
    return unknown(kind, endpoint.id, by);
  return denies(kind, endpoint.id, by, Block::endpoint_state);
}

}  // namespace vpcprobe

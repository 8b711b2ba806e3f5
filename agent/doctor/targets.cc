// What a route leads to.
#include <algorithm>
#include <array>

#include "agent/doctor/hops.h"
#include "agent/doctor/match.h"

namespace vpcprobe {
namespace {

using Hops = std::vector<PathHop>;

struct At {
  const Configuration& configuration;
  const Packet& packet;
  const Route& route;
  const RouteTable& table;
};

Hops at_local(const At&) { return {}; }

Hops at_gateway_endpoint(const At& at) {
  const VpcEndpoint* endpoint = at.configuration.endpoints.find(at.route.target);
  if (endpoint == nullptr)
    return {unknown(HopKind::endpoint, at.route.target,
                    why_not_seen("VpcEndpoints", at.configuration.endpoints))};
  return {judge_endpoint_state(*endpoint)};
}

/// Of a private range (RFC 1918 …), and not in the VPC: there the local route takes it.
bool is_private(const Peer& peer) {
  return !peer.is_public && peer.within.prefix == peer.within.base.bits() &&
         scope_of(peer.within.base, {}) == Scope::private_;
}

PathHop private_to_internet(const std::string& id, const Peer& peer) {
  return denies(HopKind::internet_gateway, id,
                peer_words(peer) + " is a private address, and the route leads to the internet",
                Block::private_to_internet);
}

Hops at_internet_gateway(const At& at) {
  constexpr HopKind kind = HopKind::internet_gateway;
  const std::string& id = at.route.target;
  const InternetGateway* gateway = at.configuration.internet_gateways.find(id);
  const bool is_detached = gateway != nullptr && std::find(gateway->vpcs.begin(), gateway->vpcs.end(),
                                                           at.packet.vpc) == gateway->vpcs.end();
  if (is_detached && !at.packet.vpc.empty())
    return {denies(kind, id, "it is not attached to " + at.packet.vpc, Block::gateway_detached)};
  if (is_private(at.packet.peer)) return {private_to_internet(id, at.packet.peer)};
  if (at.packet.peer.within.base.family == Family::ipv6)
    return {allows(kind, id, "IPv6 addresses are public")};
  if (!at.packet.has_public_address)
    return {unknown(kind, id, "whether the task has a public address is not known")};
  if (*at.packet.has_public_address) return {allows(kind, id, "the task has a public address")};
  return {denies(kind, id, "the task has no public address: an internet gateway drops its packets",
                 Block::no_public_address)};
}

Hops at_egress_only_gateway(const At& at) {
  return {allows(HopKind::internet_gateway, at.route.target, "an egress-only gateway takes IPv6 out")};
}

PathHop nat_state(const NatGateway& gateway, const Packet& packet) {
  constexpr HopKind kind = HopKind::nat_gateway;
  constexpr std::array<std::string_view, 4> kBad{"pending", "failed", "deleting", "deleted"};
  if (std::find(kBad.begin(), kBad.end(), gateway.state) != kBad.end())
    return denies(kind, gateway.id, "its state is " + gateway.state, Block::nat_state);
  if (gateway.state != "available") return unknown(kind, gateway.id, "its state is " + gateway.state);
  if (gateway.connectivity == "private" && packet.peer.is_public)
    return denies(kind, gateway.id, "its connectivity type is private: it does not reach public addresses",
                  Block::nat_is_private);
  if (gateway.connectivity != "public" && !gateway.connectivity.empty() && packet.peer.is_public)
    return unknown(kind, gateway.id, "its connectivity type is " + gateway.connectivity);
  return allows(kind, gateway.id, "available");
}

/// The route of the NAT gateway's own subnet: it must be an internet gateway.
PathHop nat_route(const At& at, const NatGateway& gateway) {
  RouteChoice choice = choose_route(at.configuration, at.packet, gateway.subnet);
  if (choice.hop.verdict == HopVerdict::unknown) return choice.hop;
  const bool leads_out = choice.route && choice.route->kind == RouteTarget::internet_gateway;
  if (leads_out && is_private(at.packet.peer))
    return private_to_internet(choice.route->target, at.packet.peer);
  if (leads_out || choice.hop.verdict == HopVerdict::denies) {
    if (choice.hop.block == Block::no_route) choice.hop.block = Block::nat_without_internet;
    return choice.hop;
  }
  const bool is_closed =
      choice.route->kind == RouteTarget::nat_gateway || choice.route->kind == RouteTarget::local;
  if (is_closed)
    return denies(HopKind::route, choice.hop.id, choice.hop.by + ": no internet gateway behind " + gateway.id,
                  Block::nat_without_internet);
  return unknown(HopKind::route, choice.hop.id, choice.hop.by + ": what is behind it is not read here");
}

/// Where the address behind NAT64 is private: the gateway connects from its own address, which no group has.
Hops behind_translation(const Configuration& configuration, Packet packet, const NatGateway& gateway) {
  locate_peer(configuration, packet);
  if (packet.peer_subnet.empty() || packet.peer_vpc != gateway.vpc || gateway.addresses.empty())
    return {unknown(HopKind::nat_gateway, gateway.id,
                    "it connects to " + peer_words(packet.peer) +
                        " from its own address: whether that is let in there is not judged")};
  const IpAddress& own = gateway.addresses.front();
  packet.task = {{own, own.bits()}, false, std::vector<std::string>{}};
  const PathHop ingress = judge_group_ingress(configuration, packet);
  if (packet.peer_subnet == gateway.subnet) return {ingress};
  const PortRange port{packet.port, packet.port};
  return {judge_acl(configuration, gateway.subnet, true, port, packet.peer),
          judge_acl(configuration, packet.peer_subnet, false, port, packet.task), ingress,
          judge_acl(configuration, packet.peer_subnet, true, kNatPorts, packet.task),
          judge_acl(configuration, gateway.subnet, false, kNatPorts, packet.peer)};
}

/// Both legs on both sides of the gateway, where it has a subnet of its own.
Hops at_nat_gateway(const At& at) {
  const NatGateway* gateway = at.configuration.nat_gateways.find(at.route.target);
  if (gateway == nullptr)
    return {unknown(HopKind::nat_gateway, at.route.target,
                    why_not_seen("NatGateways", at.configuration.nat_gateways))};
  const Packet& packet = at.packet;
  const Packet onward = beyond_nat(packet);
  const bool is_translated = behind_nat64(packet.peer.within.base).has_value();
  const bool has_own_subnet = gateway->subnet != packet.subnet;
  const auto acl = [&](bool egress, PortRange ports, const Peer& peer) {
    return judge_acl(at.configuration, gateway->subnet, egress, ports, peer);
  };
  Hops hops;
  if (has_own_subnet) hops.push_back(acl(false, {packet.port, packet.port}, packet.task));
  hops.push_back(nat_state(*gateway, onward));
  if (is_translated && !onward.peer.is_public) {
    for (PathHop& hop : behind_translation(at.configuration, onward, *gateway))
      hops.push_back(std::move(hop));
  } else {
    if (hops.back().block != Block::nat_is_private)
      hops.push_back(nat_route({at.configuration, onward, at.route, at.table}, *gateway));
    hops.push_back(acl(true, {packet.port, packet.port}, onward.peer));
    hops.push_back(acl(false, kNatPorts, onward.peer));
  }
  if (has_own_subnet) hops.push_back(acl(true, kTaskPorts, packet.task));
  return hops;
}

Hops at_peering(const At& at) {
  constexpr HopKind kind = HopKind::peering;
  const VpcPeering* peering = at.configuration.peerings.find(at.route.target);
  if (peering == nullptr)
    return {unknown(kind, at.route.target, why_not_seen("VpcPeeringConnections", at.configuration.peerings))};
  constexpr std::array<std::string_view, 7> kBad{
      "initiating-request", "pending-acceptance", "failed", "expired", "rejected", "deleted", "deleting"};
  if (std::find(kBad.begin(), kBad.end(), peering->status) != kBad.end())
    return {denies(kind, peering->id, "its status is " + peering->status, Block::peering_state)};
  const bool is_known = peering->status == "active" && !at.packet.peer_subnet.empty() &&
                        at.packet.peer_vpc == other_side(*peering, at.packet.vpc);
  if (is_known) return {allows(kind, peering->id, "active, to " + at.packet.peer_vpc)};
  return {unknown(kind, peering->id, "the tables and filters of the other VPC are not read here")};
}

PathHop judge_attachment(const At& at, const TransitAttachment& attachment) {
  constexpr HopKind kind = HopKind::transit_gateway;
  constexpr std::array<std::string_view, 8> kBad{
      "failed",   "failing", "rejected",          "rejecting",
      "deleting", "deleted", "pendingacceptance", "initiatingrequest"};
  if (std::find(kBad.begin(), kBad.end(), attachment.state) != kBad.end())
    return denies(kind, attachment.id, "its state is " + attachment.state, Block::transit_attachment);
  const Subnet* own = at.configuration.subnets.find(at.packet.subnet);
  bool is_known = own != nullptr && attachment.subnets.has_value();
  bool has_zone = false;
  for (const std::string& id : attachment.subnets.value_or(std::vector<std::string>{})) {
    const Subnet* subnet = at.configuration.subnets.find(id);
    is_known = is_known && subnet != nullptr;
    has_zone = has_zone || (subnet != nullptr && own != nullptr && subnet->zone == own->zone);
  }
  if (is_known && !has_zone)
    return denies(kind, attachment.id, "it has no subnet in " + own->zone, Block::transit_attachment);
  return unknown(kind, attachment.id, "the route tables of " + at.route.target + " are not read here");
}

Hops at_transit_gateway(const At& at) {
  const auto& attachments = at.configuration.transit_attachments;
  for (const auto& [id, attachment] : attachments.by_id) {
    const bool is_ours = attachment.gateway == at.route.target && attachment.vpc == at.packet.vpc;
    if (is_ours) return {judge_attachment(at, attachment)};
  }
  const HopKind kind = HopKind::transit_gateway;
  if (is_whole(at.configuration, attachments, at.packet.vpc))
    return {denies(kind, at.route.target, "no attachment of " + at.packet.vpc, Block::transit_attachment)};
  return {unknown(kind, at.route.target, why_not_seen("TransitGatewayAttachments", attachments))};
}

/// A NAT instance or an appliance: what it does with the packet is not read here.
Hops at_interface(const At& at) {
  constexpr HopKind kind = HopKind::appliance;
  const NetworkInterface* interface = at.configuration.interfaces.find(at.route.target);
  const bool drops = interface != nullptr && interface->source_dest_check.value_or(false);
  if (drops)
    return {denies(kind, interface->id, "its source/destination check is on: it drops what is not for itself",
                   Block::source_dest_check)};
  return {unknown(kind, at.route.target, "what this interface does with the packet is not read here")};
}

Hops at_appliance(const At& at) {
  return {unknown(HopKind::appliance, at.route.target,
                  "a firewall or an appliance: its rules are not read here")};
}

Hops at_other(const At& at) {
  return {unknown(HopKind::appliance, at.route.target, "what is behind it is not read here")};
}

using Judge = Hops (*)(const At&);
/// In the order of RouteTarget.
constexpr std::array<Judge, 13> kJudges{at_local,
                                        at_internet_gateway,
                                        at_egress_only_gateway,
                                        at_nat_gateway,
                                        at_transit_gateway,
                                        at_peering,
                                        at_gateway_endpoint,
                                        at_appliance,
                                        at_interface,
                                        at_other,
                                        at_other,
                                        at_other,
                                        at_other};

}  // namespace

std::string other_side(const VpcPeering& peering, const std::string& vpc) {
  if (peering.requester == vpc) return peering.accepter;
  return peering.accepter == vpc ? peering.requester : std::string();
}

RouteChoice choose_route_back(const Configuration& configuration, const Packet& packet) {
  Packet back;
  back.vpc = packet.peer_vpc;
  back.subnet = packet.peer_subnet;
  back.peer = packet.task;
  return choose_route(configuration, back, back.subnet);
}

PathHop judge_route_back(const Configuration& configuration, const Packet& packet,
                         const std::string& peering) {
  RouteChoice choice = choose_route_back(configuration, packet);
  if (choice.hop.verdict == HopVerdict::denies) choice.hop.block = Block::no_route_back;
  if (choice.hop.verdict != HopVerdict::allows || choice.route->target == peering) return choice.hop;
  return denies(HopKind::route, choice.hop.id, choice.hop.by + ", and not to " + peering,
                Block::no_route_back);
}

std::vector<PathHop> judge_target(const Configuration& configuration, const Packet& packet,
                                  const RouteChoice& choice) {
  if (!choice.route || choice.table == nullptr || choice.hop.verdict == HopVerdict::denies) return {};
  const At at{configuration, packet, *choice.route, *choice.table};
  return kJudges.at(static_cast<std::size_t>(choice.route->kind))(at);
}

Packet beyond_nat(Packet packet) {
  if (const auto real = behind_nat64(packet.peer.within.base))
    packet.peer = {{*real, real->bits()}, scope_of(*real, {}) == Scope::public_};
  return packet;
}

}  // namespace vpcprobe

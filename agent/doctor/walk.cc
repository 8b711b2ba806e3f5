// The chain of hops: out, across, in, and back.
#include <iterator>

#include "agent/doctor/hops.h"
#include "agent/doctor/match.h"

namespace vpcprobe {
namespace {

/// Whether the packet leaves the task's subnet: only then it meets network ACLs.
Match leaves_subnet(const Configuration& configuration, const Packet& packet) {
  if (!packet.peer_subnet.empty() && !packet.subnet.empty())
    return packet.peer_subnet == packet.subnet ? Match::no : Match::yes;
  if (packet.peer.is_public) return Match::yes;
  const Subnet* own = configuration.subnets.find(packet.subnet);
  if (own == nullptr || own->ranges.empty()) return Match::unknown;
  Match inside = Match::no;
  for (const Cidr& range : own->ranges) inside = either(inside, in_range(range, packet.peer));
  return inside == Match::yes ? Match::no : Match::yes;
}

class Walk {
 public:
  Walk(const Configuration& configuration, const Packet& packet)
      : configuration_(configuration), packet_(packet), leaves_(leaves_subnet(configuration, packet)) {}

  std::vector<PathHop> hops() && {
    const PortRange port{packet_.port, packet_.port};
    hops_.push_back(judge_group_egress(configuration_, packet_));
    acl(packet_.subnet, true, port, packet_.peer);
    const RouteChoice choice = choose_route(configuration_, packet_, packet_.subnet);
    hops_.push_back(choice.hop);
    for (PathHop& hop : judge_target(configuration_, packet_, choice)) hops_.push_back(std::move(hop));
    if (is_inside(choice)) arrive(port, choice);
    acl(packet_.subnet, false, kTaskPorts, packet_.peer);
    return std::move(hops_);
  }

 private:
  /// Nothing where the packet stays in the subnet. Where that is unknown, a denial is, too.
  void acl(const std::string& subnet, bool egress, PortRange ports, const Peer& peer) {
    if (leaves_ == Match::no) return;
    PathHop hop = judge_acl(configuration_, subnet, egress, ports, peer);
    if (leaves_ == Match::unknown && hop.verdict == HopVerdict::denies)
      hop = unknown(hop.kind, hop.id, hop.by + ", if the packet leaves its subnet");
    hops_.push_back(std::move(hop));
  }

  bool is_inside(const RouteChoice& choice) const {
    if (choice.route && choice.route->kind == RouteTarget::peering)
      return !packet_.peer_subnet.empty() && packet_.peer_vpc != packet_.vpc;
    if (choice.route) return choice.route->kind == RouteTarget::local;
    return !packet_.peer_subnet.empty() || packet_.endpoint != nullptr;
  }

  void arrive(PortRange port, const RouteChoice& choice) {
    acl(packet_.peer_subnet, false, port, packet_.task);
    if (packet_.endpoint != nullptr) hops_.push_back(judge_endpoint_state(*packet_.endpoint));
    if (packet_.endpoint == nullptr) add_unread_endpoint();
    hops_.push_back(judge_group_ingress(configuration_, packet_));
    acl(packet_.peer_subnet, true, kTaskPorts, packet_.task);
    if (choice.route && choice.route->kind == RouteTarget::peering)
      hops_.push_back(judge_route_back(configuration_, packet_, choice.route->target));
  }

  /// An address whose interface, or whose endpoint, was not read.
  void add_unread_endpoint() {
    const NetworkInterface* interface = configuration_.interfaces.find(packet_.peer_interface);
    if (interface == nullptr)
      hops_.push_back(unknown(HopKind::endpoint, "",
                              "no network interface with " + peer_words(packet_.peer) + " was read"));
    else if (interface->type == "vpc_endpoint")
      hops_.push_back(unknown(HopKind::endpoint, interface->id,
                              "its endpoint: " + why_not_seen("VpcEndpoints", configuration_.endpoints)));
  }

  const Configuration& configuration_;
  const Packet& packet_;
  Match leaves_;
  std::vector<PathHop> hops_;
};

}  // namespace

std::vector<PathHop> walk(const Configuration& configuration, const Packet& packet) {
  return Walk(configuration, packet).hops();
}

}  // namespace vpcprobe

#pragma once
// Whether a rule's range or prefix list holds an address. What was not read is unknown.
#include "agent/doctor/hops.h"

namespace vpcprobe {

enum class Match : std::uint8_t { no, yes, unknown };

Match in_range(const Cidr& range, const Peer& peer);

Match in_prefix_list(const Configuration& configuration, const std::string& id, const Peer& peer);
/// The longest prefix of the list's ranges that hold the peer; empty where none does or they are not known.
std::optional<int> longest_prefix(const Configuration& configuration, const std::string& id,
                                  const Peer& peer);
/// `yes` if any is, else `unknown` if any is.
Match either(Match left, Match right);
/// Whether the packet goes to an address of the VPC that no interface endpoint of its service has; unknown
/// where too little was read to say, and where the address is outside the VPC.
Match leads_elsewhere(const Configuration& configuration, const Packet& packet);
/// The packet as a NAT gateway sends it on: to the address behind one in 64:ff9b::/96.
Packet beyond_nat(Packet packet);

}  // namespace vpcprobe

#include "agent/doctor/hops.h"

#include <array>

namespace vpcprobe {
namespace {

constexpr std::array<std::string_view, 16> kKindWords{
    "vpc-attributes",        "endpoint-private-dns",  "hosted-zone", "resolver-rule", "dhcp-options",
    "dns-firewall",          "security-group-egress", "network-acl", "route",         "nat-gateway",
    "internet-gateway",      "transit-gateway",       "peering",     "appliance",     "endpoint",
    "security-group-ingress"};
constexpr std::array<std::string_view, 3> kVerdictWords{"allows", "denies", "unknown"};

}  // namespace

std::string_view to_string(HopKind kind) { return kKindWords.at(static_cast<std::size_t>(kind)); }
std::string_view to_string(HopVerdict verdict) { return kVerdictWords.at(static_cast<std::size_t>(verdict)); }

PathHop allows(HopKind kind, std::string id, std::string by) {
  return {kind, std::move(id), HopVerdict::allows, std::move(by)};
}
PathHop denies(HopKind kind, std::string id, std::string by, Block block) {
  return {kind, std::move(id), HopVerdict::denies, std::move(by), block};
}
PathHop unknown(HopKind kind, std::string id, std::string by) {
  return {kind, std::move(id), HopVerdict::unknown, std::move(by)};
}

bool is_whole(const Configuration& configuration, const PartState& part, const std::string& vpc) {
  if (part.seen != Seen::completely) return false;
  const Vpc* own = configuration.vpcs.find(vpc);
  const bool is_shared = own != nullptr && !own->owner.empty() && !configuration.account.empty() &&
                         own->owner != configuration.account;
  return !is_shared;
}

std::string why_not_seen(std::string_view what, const PartState& part) {
  const std::string reason = part.why.empty() ? "no document has it" : part.why;
  return std::string(what) + (part.seen == Seen::completely ? ": seen from another account than the VPC's"
                              : part.seen == Seen::in_part  ? ": seen in part (" + reason + ")"
                                                            : ": not seen (" + reason + ")");
}

std::string port_words(PortRange ports) {
  if (ports.from == ports.to) return "tcp " + std::to_string(ports.from);
  return "tcp " + std::to_string(ports.from) + "-" + std::to_string(ports.to);
}

std::string peer_words(const Peer& peer) {
  if (peer.is_public && peer.within.prefix == 0) return "public addresses";
  if (peer.within.prefix == peer.within.base.bits()) return peer.within.base.to_string();
  return peer.within.to_string();
}

}  // namespace vpcprobe

// Network ACLs: stateless, in the order of their numbers, the first entry that matches decides.
#include <algorithm>

#include "agent/doctor/hops.h"
#include "agent/doctor/match.h"

namespace vpcprobe {
namespace {

constexpr int kLastEntry = 32767;

using Ports = std::vector<PortRange>;

/// What is left of `ports` without `taken`.
Ports without(const Ports& ports, PortRange taken) {
  Ports left;
  for (const PortRange& range : ports) {
    if (taken.to < range.from || range.to < taken.from) {
      left.push_back(range);
      continue;
    }
    if (range.from < taken.from) left.push_back({range.from, static_cast<std::uint16_t>(taken.from - 1)});
    if (taken.to < range.to) left.push_back({static_cast<std::uint16_t>(taken.to + 1), range.to});
  }
  return left;
}

bool overlaps(const Ports& ports, PortRange other) {
  return std::any_of(ports.begin(), ports.end(), [&](const PortRange& range) {
    return range.from <= other.to && other.from <= range.to;
  });
}

Match matches(const AclEntry& entry, bool egress, const Peer& peer) {
  if (entry.egress != egress || entry.protocol == Protocol::other) return Match::no;
  if (!entry.range) return Match::unknown;
  const Match match = in_range(*entry.range, peer);
  return match == Match::yes && entry.protocol == Protocol::unknown ? Match::unknown : match;
}

std::string entry_name(int number) {
  return number == kLastEntry ? "entry *" : "entry " + std::to_string(number);
}

const NetworkAcl* acl_of(const Configuration& configuration, const std::string& subnet) {
  for (const auto& [id, acl] : configuration.acls.by_id)
    if (std::find(acl.subnets.begin(), acl.subnets.end(), subnet) != acl.subnets.end()) return &acl;
  return nullptr;
}

struct Outcome {
  const AclEntry* allowing = nullptr;
  const AclEntry* denying = nullptr;
  const AclEntry* unclear = nullptr;
  Ports denied;
};

Outcome pass(const NetworkAcl& acl, bool egress, PortRange ports, const Peer& peer) {
  Outcome outcome;
  Ports left{ports};
  for (const AclEntry& entry : *acl.entries) {
    const Match match = matches(entry, egress, peer);
    if (match == Match::no || !overlaps(left, entry.ports)) continue;
    if (match == Match::unknown || entry.action == AclAction::unknown) {
      outcome.unclear = &entry;
      return outcome;
    }
    const Ports after = without(left, entry.ports);
    if (entry.action == AclAction::allow && outcome.allowing == nullptr) outcome.allowing = &entry;
    if (entry.action == AclAction::deny) {
      if (outcome.denying == nullptr) outcome.denying = &entry;
      for (const PortRange& range : left)
        if (overlaps({range}, entry.ports))
          outcome.denied.push_back(
              {std::max(range.from, entry.ports.from), std::min(range.to, entry.ports.to)});
    }
    left = after;
    if (left.empty()) break;
  }
  outcome.denied.insert(outcome.denied.end(), left.begin(), left.end());
  return outcome;
}

}  // namespace

PathHop judge_acl(const Configuration& configuration, const std::string& subnet, bool egress, PortRange ports,
                  const Peer& peer) {
  constexpr HopKind kind = HopKind::network_acl;
  if (subnet.empty()) return unknown(kind, "", "the subnet is not known");
  const NetworkAcl* acl = acl_of(configuration, subnet);
  if (acl == nullptr)
    return unknown(kind, "", "the ACL of " + subnet + ": " + why_not_seen("NetworkAcls", configuration.acls));
  if (!acl->entries) return unknown(kind, acl->id, "its entries were not read");
  const Outcome outcome = pass(*acl, egress, ports, peer);
  const std::string what = std::string(egress ? "outbound " : "inbound ") + port_words(ports) +
                           (egress ? " to " : " from ") + peer_words(peer) + " (" + subnet + ")";
  if (outcome.unclear != nullptr)
    return unknown(kind, acl->id, entry_name(outcome.unclear->number) + " cannot be judged here: " + what);
  if (outcome.denied.empty())
    return allows(kind, acl->id, entry_name(outcome.allowing->number) + " allows " + what);
  const int number = outcome.denying == nullptr ? kLastEntry : outcome.denying->number;
  PathHop hop = denies(kind, acl->id, entry_name(number) + " denies " + what, Block::acl_entry);
  hop.partial = outcome.allowing != nullptr;
  if (hop.partial) hop.by += ", for " + port_words(outcome.denied.front());
  hop.gap = AclGap{egress, ports, peer.within, number};
  return hop;
}

}  // namespace vpcprobe

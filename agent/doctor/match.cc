#include "agent/doctor/match.h"

namespace vpcprobe {

Match either(Match left, Match right) {
  if (left == Match::yes || right == Match::yes) return Match::yes;
  return left == Match::unknown || right == Match::unknown ? Match::unknown : Match::no;
}

Match in_range(const Cidr& range, const Peer& peer) {
  if (range.base.family != peer.within.base.family) return Match::no;
  if (range.prefix <= peer.within.prefix) return range.contains(peer.within.base) ? Match::yes : Match::no;
  if (!peer.within.contains(range.base)) return Match::no;
  // A public address that is not known: a private range does not hold it.
  const bool is_private = scope_of(range.base, {}) != Scope::public_;
  return peer.is_public && is_private ? Match::no : Match::unknown;
}

Match in_prefix_list(const Configuration& configuration, const std::string& id, const Peer& peer) {
  const PrefixList* list = configuration.prefix_lists.find(id);
  if (list == nullptr || !list->ranges) return Match::unknown;
  Match match = Match::no;
  for (const Cidr& range : *list->ranges) match = either(match, in_range(range, peer));
  return match;
}

std::optional<int> longest_prefix(const Configuration& configuration, const std::string& id,
                                  const Peer& peer) {
  const PrefixList* list = configuration.prefix_lists.find(id);
  std::optional<int> longest;
  if (list == nullptr || !list->ranges) return longest;
  for (const Cidr& range : *list->ranges)
    if (in_range(range, peer) == Match::yes && range.prefix > longest.value_or(-1)) longest = range.prefix;
  return longest;
}

}  // namespace vpcprobe

// Security groups: allow rules only, a union over the groups of an interface, stateful.
#include <algorithm>

#include "agent/base/add_once.h"
#include "agent/base/words.h"
#include "agent/doctor/hops.h"
#include "agent/doctor/match.h"

namespace vpcprobe {
namespace {

struct Question {
  bool egress = false;
  const Peer& peer;
  std::uint16_t port = 443;
};

Match holds_group(const GroupRule& rule, const Peer& peer) {
  if (rule.groups.empty()) return Match::no;
  if (!peer.groups) return Match::unknown;
  const bool is_named =
      std::any_of(rule.groups.begin(), rule.groups.end(), [&](const GroupReference& reference) {
        return std::find(peer.groups->begin(), peer.groups->end(), reference.group) != peer.groups->end();
      });
  return is_named ? Match::yes : Match::no;
}

Match matches(const Configuration& configuration, const GroupRule& rule, const Question& question) {
  const bool right_port = rule.ports.from <= question.port && question.port <= rule.ports.to;
  if (rule.protocol == Protocol::other || !right_port) return Match::no;
  Match match = holds_group(rule, question.peer);
  for (const Cidr& range : rule.ranges) match = either(match, in_range(range, question.peer));
  for (const std::string& list : rule.prefix_lists)
    match = either(match, in_prefix_list(configuration, list, question.peer));
  return rule.protocol == Protocol::unknown && match == Match::yes ? Match::unknown : match;
}

struct Decision {
  Match match = Match::no;
  std::string by;  ///< the rule, or why it is unknown
};

std::string rule_words(const GroupRule& rule, bool egress) {
  std::vector<std::string> peers;
  for (const GroupReference& reference : rule.groups) peers.push_back(reference.group);
  for (const Cidr& range : rule.ranges) peers.push_back(range.to_string());
  peers.insert(peers.end(), rule.prefix_lists.begin(), rule.prefix_lists.end());
  const std::string what = rule.protocol == Protocol::all ? "all traffic" : port_words(rule.ports);
  return what + (egress ? " to " : " from ") + enumerate(peers, 3);
}

Decision decide(const Configuration& configuration, const std::string& id, const Question& question) {
  const SecurityGroup* group = configuration.groups.find(id);
  if (group == nullptr)
    return {Match::unknown, id + ": " + why_not_seen("SecurityGroups", configuration.groups)};
  const auto& rules = question.egress ? group->egress : group->ingress;
  if (!rules) return {Match::unknown, "the rules of " + id + " were not read"};
  Decision decision{group->is_whole ? Match::no : Match::unknown, id + " may have more rules than were read"};
  for (const GroupRule& rule : *rules) {
    const Match match = matches(configuration, rule, question);
    if (match == Match::yes) return {Match::yes, id + " allows " + rule_words(rule, question.egress)};
    if (match == Match::unknown)
      decision = {Match::unknown,
                  id + " has a rule that cannot be judged here: " + rule_words(rule, question.egress)};
  }
  return decision;
}

PathHop judge(const Configuration& configuration, const std::vector<std::string>& groups,
              const Question& question) {
  const HopKind kind = question.egress ? HopKind::group_egress : HopKind::group_ingress;
  const std::string first = groups.empty() ? std::string() : groups.front();
  std::string doubt;
  for (const std::string& id : groups) {
    const Decision decision = decide(configuration, id, question);
    if (decision.match == Match::yes) return allows(kind, id, decision.by);
    if (decision.match == Match::unknown && doubt.empty()) doubt = decision.by;
  }
  if (!doubt.empty()) return unknown(kind, first, doubt);
  const std::string what = port_words({question.port, question.port});
  const std::string by = std::string("no ") + (question.egress ? "egress" : "ingress") + " rule of " +
                         enumerate(groups, 5) + " for " + what + (question.egress ? " to " : " from ") +
                         peer_words(question.peer);
  return denies(kind, first, by, question.egress ? Block::group_egress : Block::group_ingress);
}

}  // namespace

PathHop judge_group_egress(const Configuration& configuration, const Packet& packet) {
  if (!packet.task.groups || packet.task.groups->empty())
    return unknown(HopKind::group_egress, "", "the security groups of the task are not known");
  return judge(configuration, *packet.task.groups, {true, packet.peer, packet.port});
}

PathHop judge_group_ingress(const Configuration& configuration, const Packet& packet) {
  if (!packet.peer.groups || packet.peer.groups->empty())
    return unknown(HopKind::group_ingress, "",
                   "the security groups of " + peer_words(packet.peer) + " are not known");
  return judge(configuration, *packet.peer.groups, {false, packet.task, packet.port});
}

}  // namespace vpcprobe

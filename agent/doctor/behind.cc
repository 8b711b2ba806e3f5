#include "agent/doctor/behind.h"

#include <algorithm>
#include <array>
#include <set>

#include "agent/base/add_once.h"
#include "agent/base/words.h"
#include "agent/doctor/policy.h"

namespace vpcprobe {
namespace {

struct KindRow {
  HopKind kind;
  /// For an answer, a name, a resolver, a mixture. A mixture has private addresses: private DNS is on.
  std::array<bool, 4> counts;
};
constexpr std::array<KindRow, 6> kNameKinds{{{HopKind::vpc_attributes, {true, true, true, false}},
                                             {HopKind::endpoint_private_dns, {true, false, false, false}},
                                             {HopKind::hosted_zone, {true, true, false, true}},
                                             {HopKind::resolver_rule, {true, true, true, true}},
                                             {HopKind::dhcp_options, {true, true, true, true}},
                                             {HopKind::dns_firewall, {false, true, false, false}}}};

bool counts(const PathHop& hop, FindingAbout about) {
  const bool is_support_only = about != FindingAbout::answer && hop.kind == HopKind::vpc_attributes;
  if (is_support_only && hop.by.starts_with("enableDnsHostnames")) return false;
  const HopKind kind = hop.kind == HopKind::endpoint ? HopKind::endpoint_private_dns : hop.kind;
  return std::any_of(kNameKinds.begin(), kNameKinds.end(), [&](const KindRow& row) {
    return row.kind == kind && row.counts.at(static_cast<std::size_t>(about));
  });
}

void add_fault(std::vector<Fault>& faults, const Finding& finding, const Judged& judged, const PathHop& hop,
               std::size_t position) {
  const auto same = std::find_if(faults.begin(), faults.end(), [&](const Fault& other) {
    const bool same_side = !hop.gap || (other.hop.gap && other.hop.gap->egress == hop.gap->egress &&
                                        other.hop.gap->ports.from == hop.gap->ports.from);
    return other.hop.block == hop.block && other.hop.id == hop.id && same_side;
  });
  const bool is_new = same == faults.end();
  Fault& fault = is_new ? faults.emplace_back() : *same;
  if (is_new) {
    fault.finding = &finding;
    fault.hop = hop;
    fault.position = position;
  }
  fault.position = std::min(fault.position, position);
  fault.hop.partial = fault.hop.partial && hop.partial;
  fault.judged.push_back(&judged);
  if (hop.gap) fault.gaps.push_back(*hop.gap);
}

bool is_named(const Finding& finding, const Peer& peer) {
  const auto& list = finding.addresses;
  return list.empty() || std::find(list.begin(), list.end(), peer_words(peer)) != list.end();
}

bool is_of_finding(const Finding& finding, const Judged& judged) {
  if (!covers(finding, judged.endpoint->id) || judged.measured == "connects" || judged.hops.empty())
    return false;
  return is_named(finding, judged.packet.peer);
}

bool is_by_nat64(const Judged& judged) { return behind_nat64(judged.packet.peer.within.base).has_value(); }

/// Endpoints whose own addresses are silent: what DNS64 adds to them is another matter.
std::set<std::string> silent_as_given(const Inside& inside, const Finding& finding) {
  std::set<std::string> endpoints;
  for (const Judged& judged : inside.judged)
    if (is_of_finding(finding, judged) && !is_by_nat64(judged)) endpoints.insert(judged.endpoint->id);
  return endpoints;
}

/// Whether the task's route table was read and has no route to it.
bool has_no_route(const Judged& judged) {
  return std::any_of(judged.hops.begin(), judged.hops.end(),
                     [](const PathHop& hop) { return hop.block == Block::no_route; });
}

/// The host whose name is in question: of the endpoint, or where a registry sends the pull.
std::string host_of(const Finding& finding, const EndpointReport& endpoint) {
  const std::string next = evidence_text(finding, "hop_host");
  return next.empty() ? endpoint.host : next;
}

/// A gateway endpoint has no name: a finding about all names is about the other endpoints.
bool has_name_in_question(const Finding& finding, const EndpointReport& endpoint, FindingAbout about) {
  const bool is_shared_answer = about == FindingAbout::answer && finding.endpoint.empty();
  return covers(finding, endpoint.id) && (!is_shared_answer || endpoint.expects == "interface");
}

}  // namespace

bool covers(const Finding& finding, const std::string& endpoint) {
  if (!finding.endpoint.empty()) return finding.endpoint == endpoint;
  const auto& list = finding.covers;
  return list.empty() || std::find(list.begin(), list.end(), endpoint) != list.end();
}

void add_doubt(Behind& behind, const PathHop& hop) {
  add_once(behind.doubts, {(hop.id.empty() ? std::string(to_string(hop.kind)) : hop.id) + ": " + hop.by});
}

Behind behind_connection(const Inside& inside, const Finding& finding) {
  Behind behind;
  const std::set<std::string> as_given = silent_as_given(inside, finding);
  for (const Judged& judged : inside.judged) {
    const bool is_made_up = is_by_nat64(judged) && as_given.contains(judged.endpoint->id);
    if (!is_of_finding(finding, judged) || is_made_up) continue;
    behind.has_hops = true;
    for (std::size_t i = 0; i < judged.hops.size(); ++i) {
      const PathHop& hop = judged.hops[i];
      if (hop.verdict == HopVerdict::denies) add_fault(behind.faults, finding, judged, hop, i);
      if (hop.verdict == HopVerdict::unknown) add_doubt(behind, hop);
    }
  }
  std::stable_sort(behind.faults.begin(), behind.faults.end(),
                   [](const Fault& left, const Fault& right) { return left.position < right.position; });
  return behind;
}

Behind behind_name(const Inside& inside, const Finding& finding, FindingAbout about) {
  Behind behind;
  Behind suspects;
  std::set<std::string> done;
  for (const Judged& judged : inside.judged) {
    if (!has_name_in_question(finding, *judged.endpoint, about)) continue;
    if (!done.insert(judged.endpoint->id).second) continue;
    const std::vector<PathHop> hops = judge_name(inside.configuration, inside.who.vpc,
                                                 host_of(finding, *judged.endpoint), judged.packet.service);
    for (std::size_t i = 0; i < hops.size(); ++i) {
      const PathHop& hop = hops[i];
      if (!counts(hop, about)) continue;
      behind.has_hops = true;
      const bool is_suspect = hop.verdict == HopVerdict::unknown && hop.block != Block::none;
      if (hop.verdict == HopVerdict::denies) add_fault(behind.faults, finding, judged, hop, i);
      if (is_suspect) add_fault(suspects.faults, finding, judged, hop, i);
      if (hop.verdict == HopVerdict::unknown && !is_suspect) add_doubt(behind, hop);
    }
  }
  // Suspects are at fault only where everything else is known to be right.
  if (behind.faults.empty() && behind.doubts.empty()) behind.faults = std::move(suspects.faults);
  for (const Fault& fault : suspects.faults) add_doubt(behind, fault.hop);
  std::stable_sort(behind.faults.begin(), behind.faults.end(),
                   [](const Fault& left, const Fault& right) { return left.position < right.position; });
  return behind;
}

Elsewhere elsewhere(const Inside& inside, const Finding& finding, FindingAbout about) {
  Elsewhere found;
  for (const Judged& judged : inside.judged) {
    const bool is_meant = covers(finding, judged.endpoint->id) && !judged.hops.empty() &&
                          is_named(finding, judged.packet.peer) &&
                          (about == FindingAbout::peer || judged.measured != "connects");
    const Match match = is_meant ? leads_elsewhere(inside.configuration, judged.packet) : Match::no;
    found.match = either(found.match, match);
    if (match == Match::yes) found.judged.push_back(&judged);
  }
  return found;
}

Behind behind_elsewhere(const Inside& inside, const Finding& finding, const Elsewhere& found) {
  Behind names = behind_name(inside, finding, FindingAbout::name);
  for (Fault& fault : names.faults) {
    std::erase_if(fault.judged, [&](const Judged* one) {
      // AWS: "BlockOverrideDnsType" of DNS Firewall's API has the one value CNAME.
      const bool gives_none = fault.hop.kind == HopKind::dns_firewall &&
                              (!one->endpoint->dns || one->endpoint->dns->cnames.empty());
      return gives_none || !found.holds_endpoint(*one);
    });
    if (!fault.judged.empty()) fault.hop.by += ": " + found.words(*fault.judged.front());
  }
  std::erase_if(names.faults, [](const Fault& fault) { return fault.judged.empty(); });
  return names;
}

void put_names_first(const Inside& inside, const Finding& finding, Behind& behind) {
  const Elsewhere found = elsewhere(inside, finding, FindingAbout::connection);
  if (found.match == Match::no) return;
  std::vector<Fault> names;
  if (found.match == Match::yes) {
    Behind by_name = behind_elsewhere(inside, finding, found);
    names = std::move(by_name.faults);
    add_once(behind.doubts, by_name.doubts);
  }
  const bool is_vacant = found.match == Match::yes &&
                         std::all_of(found.judged.begin(), found.judged.end(),
                                     [](const Judged* one) { return one->packet.peer_interface.empty(); });
  if (found.match == Match::unknown && behind.faults.empty())
    for (const Fault& fault : behind_name(inside, finding, FindingAbout::name).faults)
      add_doubt(behind, fault.hop);
  if (names.empty() || (!is_vacant && !behind.faults.empty())) return;
  for (Fault& fault : behind.faults)
    std::erase_if(fault.judged, [&](const Judged* one) { return found.holds(*one); });
  std::erase_if(behind.faults, [](const Fault& fault) { return fault.judged.empty(); });
  behind.faults.insert(behind.faults.begin(), names.begin(), names.end());
}

void put_path_first(const Inside& inside, const Finding& finding, Behind& behind) {
  const bool is_unmade = !behind.faults.empty() &&
                         std::all_of(behind.faults.begin(), behind.faults.end(), [](const Fault& fault) {
                           return fault.hop.block == Block::endpoint_absent;
                         });
  const auto& endpoints = inside.configuration.endpoints.by_id;
  const bool has_others = std::any_of(endpoints.begin(), endpoints.end(), [&](const auto& entry) {
    return entry.second.kind == EndpointKind::interface && entry.second.vpc == inside.who.vpc;
  });
  if (!is_unmade || has_others) return;
  const bool has_route = std::none_of(inside.judged.begin(), inside.judged.end(), [&](const Judged& judged) {
    return is_of_finding(finding, judged) && has_no_route(judged);
  });
  if (has_route) behind = behind_connection(inside, finding);
}

}  // namespace vpcprobe

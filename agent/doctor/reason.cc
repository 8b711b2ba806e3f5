// The reasoner: findings of the inside view, joined with the hops that deny.
#include <algorithm>
#include <array>

#include "agent/aws/catalog.h"
#include "agent/base/exit_codes.h"
#include "agent/doctor/explain_finding.h"
#include "agent/doctor/judge.h"

namespace vpcprobe {
namespace {

constexpr std::array<std::string_view, 4> kReachWords{"reachable", "unreachable", "ambiguous",
                                                      "undetermined"};

/// Where the name may lead elsewhere, its public addresses decide nothing.
Reachability reach_of_predicted(const Judged& judged) {
  if (judged.hops.empty() || is_name_open(judged)) return Reachability::undetermined;
  return reachability_of(judged.hops);
}

JudgedPath path_of(const Judged& judged) {
  JudgedPath path;
  path.endpoint = judged.endpoint->id;
  path.subnet = judged.packet.subnet;
  path.measured = judged.measured;
  path.hops = judged.name;
  path.hops.insert(path.hops.end(), judged.hops.begin(), judged.hops.end());
  path.reach = reach_of_predicted(judged);
  if (!judged.hops.empty()) path.address = peer_words(judged.packet.peer);
  return path;
}

/// Addresses that connect although a hop denies them.
void add_denied_but_open(const std::deque<Judged>& judged, Diagnosis& diagnosis) {
  for (const Judged& one : judged) {
    const bool is_wrong =
        one.measured == "connects" && reachability_of(one.hops) == Reachability::unreachable;
    if (!is_wrong) continue;
    auto& list = diagnosis.disagreements;
    const auto same = std::find_if(list.begin(), list.end(), [&](const Contradiction& other) {
      return other.code == "configuration-denies" && other.endpoint == one.endpoint->id;
    });
    if (same != list.end()) {
      same->addresses.push_back(peer_words(one.packet.peer));
      continue;
    }
    const auto hop = std::find_if(one.hops.begin(), one.hops.end(), [](const PathHop& candidate) {
      return candidate.verdict == HopVerdict::denies && !candidate.partial;
    });
    list.push_back(
        {"configuration-denies",
         "",
         one.endpoint->id,
         {peer_words(one.packet.peer)},
         hop->id + ": " + hop->by +
             ", but the packets pass: the configuration changed since, or the task has other groups or "
             "another subnet than were given"});
  }
}

int unit_of(const Report& report, const Finding& finding) {
  if (finding.endpoint.empty()) return kUnitTaskWide;
  for (const EndpointReport& endpoint : report.endpoints) {
    if (endpoint.id != finding.endpoint) continue;
    const Service* service = find_service(endpoint.service);
    return service != nullptr ? service->exit_unit : kUnitCustom;
  }
  return kUnitOtherService;
}

bool is_undetermined(const Diagnosis& diagnosis) {
  return std::any_of(diagnosis.paths.begin(), diagnosis.paths.end(),
                     [](const JudgedPath& path) { return path.reach == Reachability::undetermined; });
}

void judge_prediction(const Report& report, const std::vector<Finding>& findings, Diagnosis& diagnosis) {
  if (!findings.empty()) {
    diagnosis.verdict = Verdict::fail;
    diagnosis.exit_code = exit_code_of(report, findings);
  } else if (is_undetermined(diagnosis) || diagnosis.paths.empty()) {
    diagnosis.verdict = Verdict::incomplete;
    diagnosis.exit_code = kIncomplete;
  } else {
    diagnosis.verdict = Verdict::pass;
    diagnosis.exit_code = kPass;
  }
}

/// The report's own, unless nothing of what it found can be explained for want of configuration.
void judge_measured(const Report& report, Diagnosis& diagnosis) {
  const bool has_doubt = std::any_of(diagnosis.unexplained.begin(), diagnosis.unexplained.end(),
                                     [](const Unexplained& one) { return one.is_unseen; });
  const bool is_blind = diagnosis.culprits.empty() && diagnosis.disagreements.empty() && has_doubt;
  const bool has_error =
      std::any_of(report.findings.begin(), report.findings.end(), [](const Finding& finding) {
        return finding.masked_by.empty() && finding.severity == Severity::error;
      });
  diagnosis.verdict = is_blind && has_error ? Verdict::incomplete : report.verdict;
  diagnosis.exit_code = is_blind && has_error ? kIncomplete : report.exit_code;
}

}  // namespace

int exit_code_of(const Report& report, const std::vector<Finding>& findings) {
  int stage = 0;
  for (const Finding& finding : findings)
    if (stage == 0 || finding.stage < stage) stage = finding.stage;
  int unit = -1;
  for (const Finding& finding : findings) {
    if (finding.stage != stage) continue;
    const int own = unit_of(report, finding);
    if (own == kUnitTaskWide) return stage * 10;
    unit = unit == -1 || unit == own ? own : kUnitSeveral;
  }
  return stage * 10 + unit;
}

std::string summary_of(const Diagnosis& diagnosis) {
  const std::string start = diagnosis.measured ? "" : "prediction: ";
  if (!diagnosis.culprits.empty()) {
    const Culprit& first = diagnosis.culprits.front();
    const std::string more = diagnosis.culprits.size() == 1
                                 ? ""
                                 : " (+" + std::to_string(diagnosis.culprits.size() - 1) + " more)";
    return start + resource_words(first.resource) + ": " + first.rule + more;
  }
  if (!diagnosis.disagreements.empty()) return start + diagnosis.disagreements.front().why;
  if (!diagnosis.unexplained.empty())
    return start + diagnosis.unexplained.front().finding +
           " is not explained: " + diagnosis.unexplained.front().why;
  if (diagnosis.exit_code == kIncomplete) return start + "too little of the configuration was seen to say";
  return start + "nothing in the configuration stops the task";
}

std::string_view to_string(Reachability reachability) {
  return kReachWords.at(static_cast<std::size_t>(reachability));
}

Reachability reachability_of(const std::vector<PathHop>& hops) {
  Reachability reach = Reachability::reachable;
  for (const PathHop& hop : hops) {
    if (hop.verdict == HopVerdict::denies && !hop.partial) return Reachability::unreachable;
    if (hop.verdict == HopVerdict::unknown) reach = Reachability::undetermined;
    if (hop.verdict == HopVerdict::denies && reach == Reachability::reachable)
      reach = Reachability::ambiguous;
  }
  return reach;
}

Diagnosis reason(const Configuration& configuration, const Report& report, const Who& who, bool measured) {
  Diagnosis diagnosis;
  diagnosis.measured = measured;
  diagnosis.who = who;
  diagnosis.not_seen = not_seen(configuration);
  const std::deque<Judged> judged = judge_endpoints(configuration, report, who, measured);
  for (const Judged& one : judged) diagnosis.paths.push_back(path_of(one));
  const std::vector<Finding> findings = measured ? report.findings : predict(report, judged);
  const Inside inside{configuration, report, who, judged};
  for (const Finding& finding : findings) explain_finding(inside, finding, diagnosis);
  add_denied_but_open(judged, diagnosis);
  if (measured)
    judge_measured(report, diagnosis);
  else
    judge_prediction(report, findings, diagnosis);
  diagnosis.summary = summary_of(diagnosis);
  return diagnosis;
}

}  // namespace vpcprobe

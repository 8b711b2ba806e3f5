// What a probe would find, where nothing was measured.
#include <algorithm>
#include <map>

#include "agent/aws/catalog.h"
#include "agent/doctor/judge.h"
#include "version.h"

namespace vpcprobe {
namespace {

enum class Outlook { open, closed, nameless };  // nameless: closed, and an endpoint's name would open it

Outlook outlook_of(const Judged& judged) {
  if (is_name_open(judged)) return Outlook::open;
  if (reachability_of(judged.hops) != Reachability::unreachable) return Outlook::open;
  const bool by_name = std::any_of(judged.name.begin(), judged.name.end(),
                                   [](const PathHop& hop) { return hop.verdict == HopVerdict::denies; });
  return by_name ? Outlook::nameless : Outlook::closed;
}

struct Outcome {
  const EndpointReport* endpoint = nullptr;
  std::vector<std::string> closed{};  ///< addresses
  bool is_nameless = false;
  bool has_open = false;
};

std::vector<Outcome> outcomes_of(const Report& report, const std::deque<Judged>& judged) {
  std::vector<Outcome> outcomes;
  for (const EndpointReport& endpoint : report.endpoints) {
    Outcome outcome{&endpoint};
    for (const Judged& one : judged) {
      if (one.endpoint != &endpoint) continue;
      const Outlook outlook = outlook_of(one);
      outcome.is_nameless = outcome.is_nameless || outlook == Outlook::nameless;
      outcome.has_open = outcome.has_open || outlook == Outlook::open;
      if (outlook != Outlook::open) outcome.closed.push_back(peer_words(one.packet.peer));
    }
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

Finding finding_for(const char* code, int stage, const Outcome& outcome) {
  Finding finding;
  finding.code = code;
  finding.stage = stage;
  finding.severity = Severity::error;
  finding.endpoint = outcome.endpoint->id;
  finding.addresses = outcome.closed;
  return finding;
}

struct Code {
  const char* alone;
  const char* shared;  ///< of all interface endpoints at once
  int stage;
};

/// One finding where all interface endpoints share the fault, else one each.
void add_findings(const std::vector<const Outcome*>& outcomes, std::size_t interfaces, const Code& code,
                  std::vector<Finding>& findings) {
  if (outcomes.empty()) return;
  const bool is_shared = code.shared != nullptr && outcomes.size() == interfaces && outcomes.size() > 1;
  if (!is_shared) {
    for (const Outcome* outcome : outcomes) findings.push_back(finding_for(code.alone, code.stage, *outcome));
    return;
  }
  Finding finding = finding_for(code.shared, code.stage, *outcomes.front());
  finding.endpoint.clear();
  finding.addresses.clear();
  for (const Outcome* outcome : outcomes) finding.covers.push_back(outcome->endpoint->id);
  findings.push_back(std::move(finding));
}

}  // namespace

bool is_name_open(const Judged& judged) {
  const bool denied = std::any_of(judged.name.begin(), judged.name.end(),
                                  [](const PathHop& hop) { return hop.verdict == HopVerdict::denies; });
  return judged.measured.empty() && !judged.name.empty() && !denied;
}

std::vector<Finding> predict(const Report& report, const std::deque<Judged>& judged) {
  constexpr Code kNameless{"private-name-missing", "no-private-names", 1};
  constexpr Code kPart{"zone-filtered", nullptr, 2};
  constexpr Code kGateway{"gateway-route-missing", nullptr, 2};
  constexpr Code kFiltered{"endpoint-filtered", "interface-endpoints-filtered", 2};
  constexpr Code kAll{"endpoint-filtered", "all-filtered", 2};
  const std::vector<Outcome> outcomes = outcomes_of(report, judged);
  std::vector<const Outcome*> nameless, part, gateway, filtered, all;
  std::size_t interfaces = 0;
  for (const Outcome& outcome : outcomes) {
    const std::string& expects = outcome.endpoint->expects;
    interfaces += expects == "interface" ? 1 : 0;
    if (outcome.closed.empty()) continue;
    all.push_back(&outcome);
    auto& list = outcome.is_nameless    ? nameless
                 : outcome.has_open     ? part
                 : expects == "gateway" ? gateway
                                        : filtered;
    list.push_back(&outcome);
  }
  std::vector<Finding> findings;
  add_findings(nameless, interfaces, kNameless, findings);
  const bool everything =
      all.size() == outcomes.size() && nameless.empty() && part.empty() && !gateway.empty();
  if (everything) {
    add_findings(all, all.size(), kAll, findings);
    return findings;
  }
  add_findings(part, 0, kPart, findings);
  add_findings(gateway, 0, kGateway, findings);
  add_findings(filtered, interfaces, kFiltered, findings);
  return findings;
}

Report unmeasured_report(const Plan& plan, const TaskContext& context) {
  Report report;
  report.version = VPC_PROBE_VERSION;
  report.context.region = plan.region;
  report.context.partition = plan.partition == nullptr ? "" : plan.partition->id;
  report.context.account = context.account;
  for (const PlannedEndpoint& planned : plan.endpoints) {
    EndpointReport endpoint;
    endpoint.id = planned.id;
    if (planned.service != nullptr) endpoint.service = planned.service->id;
    endpoint.host = planned.target.host;
    endpoint.port = planned.target.port;
    endpoint.required = planned.required;
    endpoint.required_by = planned.required_by;
    endpoint.expects = to_string(planned.expects);
    report.endpoints.push_back(std::move(endpoint));
  }
  return report;
}

}  // namespace vpcprobe

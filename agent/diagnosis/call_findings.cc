#include "agent/diagnosis/call_findings.h"

#include <algorithm>
#include <array>
#include <optional>

#include "agent/calls/api_calls.h"
#include "agent/calls/call_verdict.h"
#include "agent/diagnosis/findings.h"
#include "agent/diagnosis/words.h"

namespace vpcprobe {

namespace {

/// Nothing that a shell reads in another way: what is filled into a command must be safe to paste.
bool is_plain_word(std::string_view text) {
  constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._/+=@:";
  return !text.empty() && text.front() != '-' && text.find_first_not_of(plain) == std::string_view::npos;
}

bool is_unreadable(const CallObservation& call) { return call.error.empty() && call.message.empty(); }

/// "secretsmanager:GetSecretValue on arn:…", asked where and answered how.
std::string call_sentence(const CallObservation& call) {
  std::string text = call.peer.address.to_string() + " answers " + call.operation;
  if (!call.object.empty()) text += " on " + call.object;
  text += " with HTTP " + std::to_string(call.code);
  if (!call.error.empty()) text += " " + call.error;
  if (!call.message.empty()) text += ": " + call.message;
  if (is_unreadable(call)) text += " and no error that can be read";
  return text;
}

Severity severity_of(const Case& scene, const Rule& rule, const Subject& subject,
                     const CallObservation& call) {
  if (rule.refuses == Refuses::none) return rule.severity;
  const Weight weight = weight_of(call);
  const bool by_role = rule.refuses == Refuses::role;
  if (weight == Weight::sample) return by_role ? Severity::note : std::min(rule.severity, Severity::warning);
  if (weight == Weight::likely && rule.refuses == Refuses::anyone) return Severity::note;
  if (weight == Weight::likely && rule.refuses == Refuses::account)
    return std::min(rule.severity, Severity::warning);
  if (!by_role) return rule.severity;
  const bool own = is_made_by(scene.options.role, subject.planned, call);
  return own && weight == Weight::task ? rule.severity : Severity::note;
}

void add_objects(Finding& finding, const Calls& calls) {
  std::vector<std::string> objects;
  for (const CallObservation* call : calls) {
    if (!call->object.empty()) objects.push_back(call->object);
  }
  if (objects.empty()) return;
  const ApiCall* row = find_api_call(calls.front()->operation);
  const bool can_be_pasted = is_plain_word(objects.front());
  if (row != nullptr && !row->kind.empty() && can_be_pasted)
    add_evidence(finding, row->kind.data(), objects.front());
  add_evidence(finding, "objects", std::move(objects));
}

void add_denial(Finding& finding, const CallObservation& call, const Denial& denial) {
  add_evidence(finding, "action", denial.action.empty() ? call.operation : denial.action);
  add_evidence(finding, "resource", denial.resource);
  add_evidence(finding, "principal", denial.principal);
  add_evidence(finding, "policy", std::string(denial.policy));
  add_evidence(finding, "explicit_deny", denial.explicit_deny);
  if (const std::string role = role_name_of(denial.principal); is_plain_word(role))
    add_evidence(finding, "role_name", role);
}

void add_answer(Finding& finding, const CallObservation& call) {
  add_evidence(finding, "operation", call.operation);
  add_evidence(finding, "code", static_cast<std::int64_t>(call.code));
  add_evidence(finding, "error", call.error);
  add_evidence(finding, "message", call.message);
  add_evidence(finding, "request_id", call.request_id);
}

}  // namespace

Finding finding_of(const Case& scene, const Rule& rule, const Subject& subject, const Calls& calls) {
  const CallObservation& call = *calls.front();
  std::string observed = call_sentence(call);
  if (calls.size() > 1) observed += "; " + count_words(calls.size() - 1, "more call") + " of it likewise";
  Finding finding = about(rule, subject, {}, std::move(observed));
  finding.addresses = {call.peer.address.to_string()};
  add_answer(finding, call);
  add_objects(finding, calls);
  add_evidence(finding, "unreadable", is_unreadable(call));
  if (rule.refuses == Refuses::none) return finding;
  const Denial denial = verdict_of(call).denial;
  add_denial(finding, call, denial);
  const Weight weight = weight_of(call);
  add_evidence(finding, "asked_as", std::string(to_string(scene.options.role)));
  const bool other_role = !is_made_by(scene.options.role, subject.planned, call);
  const ApiCall* row = find_api_call(call.operation);
  const bool managed = row != nullptr && row->in_managed_policy;
  const bool by_deny = denial.explicit_deny;
  add_evidence(finding, "other_role", other_role);
  add_evidence(finding, "wants_own_policy", !other_role && !managed && !by_deny);
  add_evidence(finding, "beyond_managed_policy", other_role || !managed || by_deny);
  add_evidence(finding, "wants_deny_gone", !other_role && by_deny);
  add_evidence(finding, "other_action", !denial.action.empty() && denial.action != call.operation);
  add_evidence(finding, "made_up", weight == Weight::likely);
  add_evidence(finding, "sample", weight == Weight::sample);
  return finding;
}

Findings check_calls(const Case& scene, const Rule& rule) {
  Findings findings;
  for (const Subject& subject : subjects_of(scene)) {
    Calls calls =
        calls_with(subject, [&](const CallObservation& call) { return verdict_of(call).code == rule.code; });
    if (calls.empty()) continue;
    const auto severity = [&](const CallObservation* call) {
      return severity_of(scene, rule, subject, *call);
    };
    std::stable_sort(calls.begin(), calls.end(),
                     [&](auto* left, auto* right) { return severity(left) > severity(right); });
    const Severity gravest = severity(calls.front());
    std::erase_if(calls, [&](auto* call) { return severity(call) != gravest; });
    Finding finding = finding_of(scene, rule, subject, calls);
    finding.severity = gravest;
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace vpcprobe

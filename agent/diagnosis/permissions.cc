// Stages 5 and 6: the credentials, and what AWS's own answers to signed calls say of policies and objects.
#include <algorithm>
#include <array>
#include <optional>

#include "agent/calls/api_calls.h"
#include "agent/calls/call_verdict.h"
#include "agent/diagnosis/findings.h"
#include "agent/diagnosis/words.h"

namespace vpcprobe {
namespace {

using Calls = std::vector<const CallObservation*>;

// ── Credentials

/// How much missing credentials matter: not at all where nothing would be asked with a signature, a note
/// where only a guess would.
std::optional<Severity> severity_of_unsigned(const Case& scene, const Rule& rule) {
  std::optional<Severity> severity;
  for (const PlannedEndpoint& planned : scene.plan.endpoints) {
    if (!expects_aws_answer(planned)) continue;
    if (!planned.guessed) return rule.severity;
    severity = Severity::note;
  }
  return severity;
}

struct CredentialsFault {
  CredentialsStatus status;
  bool in_environment;  ///< found there; else at the container endpoint, or nowhere
  const char* code;
};
constexpr std::array kCredentialsFaults{
    CredentialsFault{CredentialsStatus::missing, false, "credentials-missing"},
    CredentialsFault{CredentialsStatus::unusable, true, "credentials-missing"},
    CredentialsFault{CredentialsStatus::unusable, false, "credentials-unreachable"},
    CredentialsFault{CredentialsStatus::unreachable, false, "credentials-unreachable"},
    CredentialsFault{CredentialsStatus::refused, false, "credentials-unreachable"},
    CredentialsFault{CredentialsStatus::expired, false, "credentials-expired"},
    CredentialsFault{CredentialsStatus::expired, true, "credentials-expired"},
};

// ── Calls

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

/// Those of an endpoint's calls that `wanted` says yes to.
template <typename Wanted>
Calls calls_with(const Subject& subject, Wanted wanted) {
  Calls calls;
  for (const CallObservation& call : subject.seen.calls) {
    if (wanted(call)) calls.push_back(&call);
  }
  return calls;
}

}  // namespace

Findings check_credentials(const Case& scene, const Rule& rule) {
  const CredentialsView& view = scene.context.credentials;
  const bool in_environment = view.source == "environment";
  const bool fits = std::any_of(kCredentialsFaults.begin(), kCredentialsFaults.end(), [&](const auto& row) {
    return row.status == view.status && row.in_environment == in_environment &&
           std::string_view(row.code) == rule.code;
  });
  const std::optional<Severity> severity = severity_of_unsigned(scene, rule);
  if (!fits || !severity) return {};
  Finding finding = about_all(rule, {}, {}, "credentials from " + view.source + ": " + view.problem);
  finding.severity = *severity;
  add_evidence(finding, "source", view.source);
  add_evidence(finding, "status", std::string(to_string(view.status)));
  add_evidence(finding, "problem", view.problem);
  add_evidence(finding, "role_arn", view.role_arn);
  add_evidence(finding, "in_environment", in_environment);
  add_evidence(finding, "asked_directly", true);  // by this program: no proxy, no instance metadata
  add_evidence(finding, "answered", view.status == CredentialsStatus::refused);
  return {finding};
}

Findings check_credentials_expired(const Case& scene, const Rule& rule) {
  Findings findings = check_credentials(scene, rule);
  if (!findings.empty()) return findings;
  Findings by_call = check_calls(scene, rule);
  if (by_call.empty()) return {};
  by_call.resize(1);
  by_call.front().endpoint.clear();
  return by_call;
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

Findings check_objects(const Case& scene, const Rule& rule) {
  Findings findings;
  for (const Subject& subject : subjects_of(scene)) {
    const Calls calls = calls_with(subject, [&](const CallObservation& call) {
      const ApiCall* row = find_api_call(call.operation);
      return call.presence == Presence::missing && row != nullptr && row->missing_code == rule.code;
    });
    if (!calls.empty()) findings.push_back(finding_of(scene, rule, subject, calls));
  }
  return findings;
}

}  // namespace vpcprobe

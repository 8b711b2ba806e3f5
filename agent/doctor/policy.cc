#include "agent/doctor/policy.h"

#include <algorithm>
#include <array>

#include "agent/base/bounded_json.h"
#include "agent/base/json_text.h"
#include "agent/doctor/fault.h"
#include "agent/doctor/judge.h"

namespace vpcprobe {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLongestPolicy = 1U << 20;  // AWS: 20 480 characters at most

/// `*` and `?` as IAM has them; without regard to case where `is_action`.
bool is_like(std::string_view pattern, std::string_view text, bool is_action) {
  const auto same = [&](char a, char b) {
    return a == b || (is_action && std::tolower(static_cast<unsigned char>(a)) ==
                                       std::tolower(static_cast<unsigned char>(b)));
  };
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || same(pattern[p], text[t]))) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

enum class Held { no, yes, unknown };

/// Whether a string, or one of a list, is like the text.
Held holds(const Json& patterns, const std::string& text, bool is_action) {
  if (patterns.is_string()) {
    const auto& pattern = patterns.get_ref<const std::string&>();
    if (pattern.find("${") != std::string::npos) return Held::unknown;
    if (text.empty()) return pattern == "*" ? Held::yes : Held::unknown;
    return is_like(pattern, text, is_action) ? Held::yes : Held::no;
  }
  if (!patterns.is_array()) return Held::unknown;
  Held held = Held::no;
  for (const Json& pattern : patterns) {
    const Held one = pattern.is_string() ? holds(pattern, text, is_action) : Held::unknown;
    if (one == Held::yes) return one;
    if (one == Held::unknown) held = one;
  }
  return held;
}

Held concerns(const Json& statement, const char* key, const char* negated, const std::string& text,
              bool is_action) {
  if (const auto found = statement.find(key); found != statement.end()) return holds(*found, text, is_action);
  const auto found = statement.find(negated);
  if (found == statement.end()) return Held::yes;  // an endpoint's policy may leave Resource out
  const Held held = holds(*found, text, is_action);
  return held == Held::unknown ? held : held == Held::yes ? Held::no : Held::yes;
}

/// Everybody: "*" or {"AWS": "*"}. Anything else names principals.
bool is_everybody(const Json& statement) {
  const auto found = statement.find("Principal");
  if (found == statement.end()) return !statement.contains("NotPrincipal");
  if (found->is_string()) return *found == "*";
  if (!found->is_object()) return false;
  const auto aws = found->find("AWS");
  return aws != found->end() && (*aws == "*" || *aws == Json::array({"*"}));
}

Held applies(const Json& statement, const std::string& action, const std::string& resource) {
  const Held by_action = concerns(statement, "Action", "NotAction", action, true);
  const Held by_resource = concerns(statement, "Resource", "NotResource", resource, false);
  if (by_action == Held::no || by_resource == Held::no) return Held::no;
  const bool is_plain = is_everybody(statement) && !statement.contains("Condition");
  return by_action == Held::yes && by_resource == Held::yes && is_plain ? Held::yes : Held::unknown;
}

std::vector<Json> statements_of(const Json& policy) {
  if (!policy.is_object() || !policy.contains("Statement")) return {};
  const Json& list = policy["Statement"];
  if (list.is_object()) return {list};
  return list.is_array() ? list.get<std::vector<Json>>() : std::vector<Json>{};
}

std::string statement_name(const Json& statement, std::size_t number) {
  const auto sid = statement.find("Sid");
  const bool has_name =
      sid != statement.end() && sid->is_string() && !sid->get_ref<const std::string&>().empty();
  return "statement " + std::to_string(number + 1) + (has_name ? " (" + sid->get<std::string>() + ")" : "");
}

/// The VPC's endpoint that the finding's address belongs to, or the only one of the service.
const VpcEndpoint* endpoint_of(const Configuration& configuration, const Report& report, const Who& who,
                               const Finding& finding) {
  const auto endpoint = std::find_if(report.endpoints.begin(), report.endpoints.end(),
                                     [&](const EndpointReport& one) { return one.id == finding.endpoint; });
  if (endpoint == report.endpoints.end()) return nullptr;
  const std::string service = service_of(*endpoint, who.region);
  const VpcEndpoint* found = nullptr;
  for (const auto& [id, candidate] : configuration.endpoints.by_id) {
    if (candidate.vpc != who.vpc || candidate.service != service || service.empty()) continue;
    const bool by_gateway = candidate.kind == EndpointKind::gateway;
    if (by_gateway != (endpoint->expects == "gateway")) continue;
    if (found != nullptr) return nullptr;
    found = &candidate;
  }
  return found;
}

std::optional<Culprit> endpoint_culprit(const Configuration& configuration, const Report& report,
                                        const Who& who, const Finding& finding, Unexplained& why_not) {
  const VpcEndpoint* endpoint = endpoint_of(configuration, report, who, finding);
  if (endpoint == nullptr || !endpoint->policy) {
    why_not.is_unseen = true;
    why_not.why = endpoint == nullptr ? why_not_seen("VpcEndpoints", configuration.endpoints)
                                      : "its policy was not read";
    return std::nullopt;
  }
  const std::string action = evidence_text(finding, "action");
  const std::string resource = evidence_text(finding, "resource");
  const PolicyDecision decision = judge_policy(*endpoint->policy, action, resource);
  if (decision.verdict == PolicyVerdict::allows) {
    why_not.why = "the policy of " + endpoint->id + " allows " + action + ": " + decision.by;
    return std::nullopt;
  }
  Culprit culprit;
  culprit.resource = {"vpc-endpoint", endpoint->id, endpoint->name};
  culprit.rule = "the endpoint policy: " + decision.by;
  culprit.why = "AWS's answer names the endpoint policy as what denies " + action;
  const std::string start =
      aws_command(who, "ec2 modify-vpc-endpoint") + " --vpc-endpoint-id " + endpoint->id;
  const std::string policy = decision.by_deny ? "" : with_statement(*endpoint->policy, action, resource);
  if (!policy.empty())
    culprit.fixes.push_back(
        {"add a statement that allows " + action, start + " --policy-document " + shell_word(policy)});
  if (decision.by_deny)
    culprit.fixes.push_back({"take " + action + " out of the Deny of that statement", ""});
  culprit.fixes.push_back({"or go back to the default policy, which allows everything through the endpoint",
                           start + " --reset-policy"});
  return culprit;
}

std::optional<Culprit> role_culprit(const Configuration&, const Report&, const Who& who,
                                    const Finding& finding, Unexplained& why_not) {
  const std::string role = evidence_text(finding, "role_name");
  const std::string action = evidence_text(finding, "action");
  const std::string resource = evidence_text(finding, "resource");
  if (role.empty() || action.empty()) {
    why_not.why = "AWS's answer names no role";
    return std::nullopt;
  }
  const bool by_deny = evidence_true(finding, "explicit_deny");
  Culprit culprit;
  culprit.resource = {"iam-role", role, role};
  culprit.rule = by_deny ? "an explicit deny of " + action : "no identity policy allows " + action;
  culprit.why = "AWS's answer names the role's identity policy as what denies " + action;
  if (by_deny) {
    culprit.fixes.push_back({"find the Deny among the role's policies",
                             "aws iam list-attached-role-policies --role-name " + shell_word(role)});
    return culprit;
  }
  const Json statement{
      {"Effect", "Allow"}, {"Action", action}, {"Resource", resource.empty() ? "*" : resource}};
  const Json policy{{"Version", "2012-10-17"}, {"Statement", Json::array({statement})}};
  (void)who;
  culprit.fixes.push_back(
      {"allow " + action + " to the role", "aws iam put-role-policy --role-name " + shell_word(role) +
                                               " --policy-name vpc-probe --policy-document " +
                                               shell_word(json_text(policy))});
  return culprit;
}

struct Row {
  std::string_view code;
  std::optional<Culprit> (*judge)(const Configuration&, const Report&, const Who&, const Finding&,
                                  Unexplained&);
};
constexpr std::array<Row, 2> kRows{
    {{"denied-endpoint-policy", endpoint_culprit}, {"denied-identity-policy", role_culprit}}};

}  // namespace

std::string evidence_text(const Finding& finding, std::string_view key) {
  for (const Evidence& evidence : finding.evidence)
    if (evidence.key == key && std::holds_alternative<std::string>(evidence.value))
      return std::get<std::string>(evidence.value);
  return {};
}

bool evidence_true(const Finding& finding, std::string_view key) {
  return std::any_of(finding.evidence.begin(), finding.evidence.end(), [&](const Evidence& evidence) {
    return evidence.key == key && evidence.value == decltype(evidence.value)(true);
  });
}

PolicyDecision judge_policy(const std::string& text, const std::string& action, const std::string& resource) {
  const auto policy = parse_bounded_json(text, kLongestPolicy);
  PolicyDecision decision;
  decision.by = "the policy cannot be judged here";
  if (!policy || action.empty()) return decision;
  const std::vector<Json> statements = statements_of(policy.value());
  bool is_unclear = false;
  bool is_allowed = false;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const Json& statement = statements[i];
    if (!statement.is_object()) return decision;
    const Held held = applies(statement, action, resource);
    const bool is_deny = statement.value("Effect", "") == "Deny";
    is_unclear = is_unclear || held == Held::unknown;
    if (held != Held::yes) continue;
    if (is_deny) return {PolicyVerdict::denies, statement_name(statement, i) + " denies " + action, true};
    if (!is_allowed) decision.by = statement_name(statement, i) + " allows " + action;
    is_allowed = true;
    const bool is_all =
        statement.value("Action", Json()) == "*" && statement.value("Resource", Json()) == "*";
    decision.is_default = statements.size() == 1 && is_all;
  }
  if (is_unclear && !is_allowed) decision.by = "its statements depend on conditions or principals";
  if (is_unclear) return decision;
  if (!is_allowed) return {PolicyVerdict::denies, "no statement allows " + action};
  decision.verdict = PolicyVerdict::allows;
  return decision;
}

std::string with_statement(const std::string& text, const std::string& action, const std::string& resource) {
  auto policy = parse_bounded_json(text, kLongestPolicy);
  if (!policy || !policy.value().is_object()) return {};
  Json statements = Json::array();
  for (Json& statement : statements_of(policy.value())) statements.push_back(std::move(statement));
  statements.push_back({{"Effect", "Allow"},
                        {"Principal", "*"},
                        {"Action", action},
                        {"Resource", resource.empty() ? "*" : resource}});
  policy.value()["Statement"] = std::move(statements);
  return json_text(policy.value());
}

std::optional<Culprit> policy_culprit(const Configuration& configuration, const Report& report,
                                      const Who& who, const Finding& finding, Unexplained& why_not) {
  const auto row = std::find_if(kRows.begin(), kRows.end(),
                                [&](const Row& candidate) { return candidate.code == finding.code; });
  if (row == kRows.end()) {
    why_not.why = "the policies behind it are not read here";
    return std::nullopt;
  }
  auto culprit = row->judge(configuration, report, who, finding, why_not);
  if (!culprit) return std::nullopt;
  culprit->finding = finding.code;
  culprit->endpoint = finding.endpoint;
  culprit->endpoints = {finding.endpoint};
  return culprit;
}

}  // namespace vpcprobe

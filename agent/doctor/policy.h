#pragma once
// Policies: which statement of an endpoint's decides about an action, and what a denial by a role needs.
#include <optional>
#include <string>
#include <string_view>

#include "agent/diagnosis/report.h"
#include "agent/doctor/diagnosis.h"

namespace vpcprobe {

enum class PolicyVerdict : std::uint8_t { allows, denies, unknown };

struct PolicyDecision {
  PolicyVerdict verdict = PolicyVerdict::unknown;
  std::string by;           ///< "statement 2 (ReadOnly) denies it", "no statement allows it"
  bool by_deny = false;     ///< an explicit Deny
  bool is_default = false;  ///< Allow * * *
};

/// A text, or a truth, of a finding's evidence; empty, or false, where it has none.
std::string evidence_text(const Finding& finding, std::string_view key);
bool evidence_true(const Finding& finding, std::string_view key);

/// What the policy (JSON) of an endpoint says of an action on a resource; an empty resource is any. A
/// statement with a Condition, or with principals that are not "*", is unknown unless it cannot concern the
/// action.
PolicyDecision judge_policy(const std::string& policy, const std::string& action,
                            const std::string& resource);

/// The policy with a statement that allows the action added; empty where it is no JSON.
std::string with_statement(const std::string& policy, const std::string& action, const std::string& resource);

/// The culprit of a `denied-…` finding; nothing where none is known, and why.
std::optional<Culprit> policy_culprit(const Configuration& configuration, const Report& report,
                                      const Who& who, const Finding& finding, Unexplained& why_not);

}  // namespace vpcprobe

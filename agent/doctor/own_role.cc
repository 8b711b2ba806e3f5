#include "agent/doctor/own_role.h"

#include <algorithm>
#include <array>

#include "agent/base/bounded_json.h"
#include "agent/base/exit_codes.h"
#include "agent/base/json_members.h"
#include "agent/base/json_node.h"
#include "agent/doctor/diagnosis.h"

namespace vpcprobe {
namespace {

constexpr std::array<std::string_view, 4> kOfTheCaller{"denied-identity-policy", "denied-boundary",
                                                       "denied-session-policy", "denied-unspecified"};

bool is_of_caller(const Finding& finding) {
  return std::find(kOfTheCaller.begin(), kOfTheCaller.end(), finding.code) != kOfTheCaller.end();
}

}  // namespace

std::optional<Role> role_in_task(std::string_view definition, std::string_view role) {
  const auto document = parse_bounded_json(definition, kLongestDocument);
  if (!document || role.empty()) return {};
  const nlohmann::json* inner = member_of(document.value(), "taskDefinition");
  const nlohmann::json& root = inner == nullptr ? document.value() : *inner;
  if (text_in(root, "executionRoleArn") == role) return Role::execution;
  if (text_in(root, "taskRoleArn") == role) return Role::task;
  return {};
}

bool disregard_own_role(Report& report) {
  auto& findings = report.findings;
  const auto rest = std::remove_if(findings.begin(), findings.end(), is_of_caller);
  if (rest == findings.end()) return false;
  findings.erase(rest, findings.end());
  if (report.verdict == Verdict::incomplete) return true;
  std::vector<Finding> roots;
  for (Finding& finding : findings) {
    const auto is_code = [&](std::string_view code) { return code == finding.masked_by; };
    if (std::any_of(kOfTheCaller.begin(), kOfTheCaller.end(), is_code)) finding.masked_by.clear();
    if (finding.masked_by.empty()) roots.push_back(finding);
  }
  const bool has_warning = std::any_of(roots.begin(), roots.end(), [](const Finding& finding) {
    return finding.severity == Severity::warning;
  });
  roots.erase(std::remove_if(roots.begin(), roots.end(),
                             [](const Finding& finding) { return finding.severity != Severity::error; }),
              roots.end());
  report.verdict = !roots.empty() ? Verdict::fail : has_warning ? Verdict::warn : Verdict::pass;
  report.exit_code = roots.empty() ? kPass : exit_code_of(report, roots);
  return true;
}

}  // namespace vpcprobe

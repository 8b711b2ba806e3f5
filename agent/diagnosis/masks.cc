// Which finding is only the consequence of which.
#include "agent/diagnosis/masks.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "agent/diagnosis/rules.h"

namespace vpcprobe {
namespace {

/// Whether the root names every address that the other one is about.
bool names_addresses_of(const Finding& root, const Finding& other) {
  const std::set<std::string_view> named(root.addresses.begin(), root.addresses.end());
  return std::all_of(other.addresses.begin(), other.addresses.end(),
                     [&](const std::string& address) { return named.contains(address); });
}

bool speaks_for(const Finding& root, const Finding& other) {
  if (find_rule(root.code)->masks_its_addresses && !names_addresses_of(root, other)) return false;
  if (root.endpoint.empty() && root.covers.empty()) return true;
  const auto has = [&](const std::string& id) {
    return root.endpoint == id || std::find(root.covers.begin(), root.covers.end(), id) != root.covers.end();
  };
  if (!other.endpoint.empty()) return has(other.endpoint);
  return !other.covers.empty() && std::all_of(other.covers.begin(), other.covers.end(), has);
}

const Finding* cause_of(const Finding& finding, const std::vector<Finding>& fired) {
  for (const char* code : find_rule(finding.code)->masked_by) {
    if (code == nullptr) continue;
    for (const Finding& root : fired) {
      // A warning explains no error: hiding it would turn a failure into a pass.
      if (root.code == code && root.severity >= finding.severity && speaks_for(root, finding)) return &root;
    }
  }
  return nullptr;
}

}  // namespace

// The table has no cycles (checked when it is built), so every chain ends.
void resolve_masks(std::vector<Finding>& fired) {
  for (Finding& finding : fired) {
    const Finding* root = nullptr;
    for (const Finding* next = cause_of(finding, fired); next != nullptr; next = cause_of(*next, fired))
      root = next;
    if (root != nullptr) finding.masked_by = root->code;
  }
}

void sort_roots_first(std::vector<Finding>& findings) {
  const auto key = [](const Finding& finding) {
    constexpr int no_stage = 10;
    return std::make_tuple(!finding.masked_by.empty(), -static_cast<int>(finding.severity),
                           finding.stage == 0 ? no_stage : finding.stage);
  };
  std::stable_sort(findings.begin(), findings.end(),
                   [&](const Finding& a, const Finding& b) { return key(a) < key(b); });
}

}  // namespace vpcprobe

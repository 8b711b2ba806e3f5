#include "agent/diagnosis/rules.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "catch.h"

using namespace vpcprobe;

namespace {

/// How many masks lead on from a code, the longest chain; -1 where a chain comes back to a code that is on
/// it.
int longest_chain(std::string_view code, std::set<std::string_view>& on_it) {
  if (!on_it.insert(code).second) return -1;
  int longest = 0;
  for (const char* mask : find_rule(code)->masked_by) {
    if (mask == nullptr) continue;
    const int chain = longest_chain(mask, on_it);
    if (chain < 0) return -1;
    longest = std::max(longest, chain + 1);
  }
  on_it.erase(code);
  return longest;
}

}  // namespace

TEST_CASE("every code has one row and a check") {
  std::set<std::string_view> codes;
  for (const Rule& rule : rules()) {
    INFO(rule.code);
    CHECK(codes.insert(rule.code).second);
    CHECK(rule.check != nullptr);
    CHECK(find_rule(rule.code) == &rule);
  }
}

TEST_CASE("masks name codes that exist, and no chain of masks comes back") {
  for (const Rule& rule : rules()) {
    for (const char* mask : rule.masked_by) {
      INFO(rule.code << " masked by " << text_or_none(mask));
      CHECK((mask == nullptr || find_rule(mask) != nullptr));
    }
  }
  for (const Rule& rule : rules()) {
    INFO(rule.code);
    std::set<std::string_view> on_it;
    CHECK(longest_chain(rule.code, on_it) >= 0);
  }
}

#include "agent/aws/region_pattern.h"

#include <cstddef>

namespace vpcprobe {
namespace {

constexpr std::size_t kLongestRegion = 32;
constexpr std::string_view kDigits = "0123456789";
// Lower case only: host names are built from it.
constexpr std::string_view kWord = "abcdefghijklmnopqrstuvwxyz0123456789";

std::size_t run_of(std::string_view text, std::string_view set) {
  const std::size_t end = text.find_first_not_of(set);
  return end == std::string_view::npos ? text.size() : end;
}

/// True where the first word of `text` is one of `alternatives` ("us|eu|ap").
bool is_one_of(std::string_view word, std::string_view alternatives) {
  for (;;) {
    const std::size_t bar = alternatives.find('|');
    if (alternatives.substr(0, bar) == word) return true;
    if (bar == std::string_view::npos) return false;
    alternatives.remove_prefix(bar + 1);
  }
}

/// Takes one element of the pattern off both; false where they differ.
bool take(std::string_view& pattern, std::string_view& text) {
  if (pattern.front() == '(') {
    const std::size_t close = pattern.find(')');
    const std::size_t length = run_of(text, kWord);
    if (!is_one_of(text.substr(0, length), pattern.substr(1, close - 1))) return false;
    pattern.remove_prefix(close + 1);
    text.remove_prefix(length);
    return true;
  }
  const bool escaped = pattern.front() == '\\';
  if (escaped && (pattern[1] == 'w' || pattern[1] == 'd')) {
    const std::size_t length = run_of(text, pattern[1] == 'w' ? kWord : kDigits);
    pattern.remove_prefix(3);  // the class and its `+`
    text.remove_prefix(length);
    return length > 0;
  }
  if (escaped) pattern.remove_prefix(1);
  if (text.empty() || text.front() != pattern.front()) return false;
  pattern.remove_prefix(1);
  text.remove_prefix(1);
  return true;
}

}  // namespace

bool matches_region_pattern(std::string_view pattern, std::string_view region) {
  if (region.size() > kLongestRegion) return false;
  pattern.remove_prefix(1);  // ^
  pattern.remove_suffix(1);  // $
  while (!pattern.empty()) {
    if (!take(pattern, region)) return false;
  }
  return region.empty();
}

}  // namespace vpcprobe

#include "agent/base/text_search.h"

#include <algorithm>

#include "probes/letter_case.h"

namespace vpcprobe {
namespace {

constexpr std::string_view kGap = "…";

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace

std::string on_one_line(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  for (const char c : text) {
    if (!is_space(c)) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  if (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

std::string lower_case(std::string_view text) {
  std::string small(text);
  for (char& c : small) c = lower(c);
  return small;
}

std::size_t find_fragments(std::string_view text, std::string_view pattern) {
  const bool at_start = pattern.starts_with('^');
  const bool at_end = pattern.ends_with('$');
  if (at_start) pattern.remove_prefix(1);
  if (at_end) pattern.remove_suffix(1);
  std::size_t from = 0;
  for (bool first = true;; first = false) {
    const std::size_t gap = std::min(pattern.find(kGap), pattern.size());
    const std::string_view fragment = pattern.substr(0, gap);
    const bool last = gap == pattern.size();
    if (first && at_start && !text.starts_with(fragment)) return std::string_view::npos;
    if (last && at_end) {
      const bool fits = text.size() >= from + fragment.size() && text.ends_with(fragment);
      const bool whole = !first || !at_start || text.size() == fragment.size();
      return fits && whole ? text.size() : std::string_view::npos;
    }
    const std::size_t found = text.find(fragment, from);
    if (found == std::string_view::npos) return found;
    from = found + fragment.size();
    if (last) return from;
    pattern.remove_prefix(gap + kGap.size());
  }
}

std::string_view after(std::string_view text, std::string_view mark, std::string_view ends) {
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + mark.size());
  return text.substr(0, text.find_first_of(ends));
}

}  // namespace vpcprobe

#include "agent/task/log_stream.h"

#include <algorithm>

#include "agent/base/ascii.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kLongestName = 512;

bool is_group_character(char c) {
  return is_letter_or_digit(c) || std::string_view("_-/.#").find(c) != std::string_view::npos;
}

std::string wrong_stream(std::string_view stream) {
  const bool clean = std::all_of(stream.begin(), stream.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f && c != ':' && c != '*';
  });
  return clean && stream.size() <= kLongestName ? "" : "no log stream has such a name (no : and no *)";
}

}  // namespace

Result<LogPlace> parse_log_place(std::string_view text) {
  std::size_t cut = text.find(':');
  if (cut == std::string_view::npos && !text.starts_with('/')) cut = text.find('/');
  LogPlace place{std::string(text.substr(0, cut)), {}};
  if (cut != std::string_view::npos) place.stream = text.substr(cut + 1);
  if (place.group.empty()) return UsageError{"no log group; write cloudwatch-logs:GROUP[:STREAM]"};
  const bool clean = std::all_of(place.group.begin(), place.group.end(), is_group_character);
  if (!clean || place.group.size() > kLongestName)
    return UsageError{"no log group has such a name (letters, digits and _ - / . #)"};
  if (std::string wrong = wrong_stream(place.stream); !wrong.empty()) return UsageError{std::move(wrong)};
  return place;
}

}  // namespace vpcprobe

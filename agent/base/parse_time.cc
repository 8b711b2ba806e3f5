#include "agent/base/parse_time.h"

#include <charconv>
#include <cmath>
#include <ctime>
#include <string>

#include "agent/base/ascii.h"

namespace vpcprobe {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kLongest = 64;

bool holds(double since_1970) {
  constexpr double most = 9.222e9;  // 292 years are 63 bits of nanoseconds; room for an offset
  return since_1970 > -most && since_1970 < most;
}

/// ".25" as milliseconds, taken off `text`; nothing where no digit follows the point.
std::optional<milliseconds> take_fraction(std::string_view& text) {
  if (!text.starts_with('.')) return milliseconds{0};
  milliseconds fraction{0};
  milliseconds place{100};
  std::size_t length = 1;
  for (; length < text.size() && is_digit(text[length]); ++length, place /= 10)
    fraction += place * (text[length] - '0');
  text.remove_prefix(length);
  if (length == 1) return std::nullopt;
  return fraction;
}

/// How much "+01:00" is before UTC.
std::optional<seconds> read_offset(std::string_view text) {
  if (text == "Z") return seconds{0};
  const bool right = text.size() == 6 && (text[0] == '+' || text[0] == '-') && is_digit(text[1]) &&
                     is_digit(text[2]) && text[3] == ':' && is_digit(text[4]) && is_digit(text[5]);
  if (!right) return std::nullopt;
  const auto number = [&](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
  const seconds offset = std::chrono::hours(number(1)) + std::chrono::minutes(number(4));
  return text[0] == '+' ? offset : -offset;
}

std::optional<WallTime> parse_seconds(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !holds(number)) return std::nullopt;
  return WallTime(milliseconds(std::llround(number * 1000)));
}

}  // namespace

std::optional<WallTime> parse_time(std::string_view text) {
  if (text.size() > kLongest) return std::nullopt;
  const std::string copy(text);
  std::tm broken{};
  const char* end = strptime(copy.c_str(), "%Y-%m-%dT%H:%M:%S", &broken);
  if (end == nullptr) return parse_seconds(text);
  std::string_view rest = text.substr(static_cast<std::size_t>(end - copy.c_str()));
  const auto fraction = take_fraction(rest);
  const auto offset = read_offset(rest);
  const std::time_t since_1970 = timegm(&broken);
  if (!fraction || !offset || !holds(static_cast<double>(since_1970))) return std::nullopt;
  return std::chrono::system_clock::from_time_t(since_1970) - *offset + *fraction;
}

}  // namespace vpcprobe

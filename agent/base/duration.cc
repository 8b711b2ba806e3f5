#include "agent/base/duration.h"

#include <array>
#include <charconv>

namespace vpcprobe {

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  struct Unit {
    std::string_view name;
    std::int64_t milliseconds;
  };
  constexpr std::array<Unit, 4> kUnits = {{{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}}};
  constexpr std::size_t kMostDigits = 9;  // keeps the product far from overflow
  const std::size_t digits = text.find_first_not_of("0123456789");
  if (digits == std::string_view::npos || digits == 0 || digits > kMostDigits) return std::nullopt;
  std::int64_t count = 0;
  std::from_chars(text.data(), text.data() + digits, count);
  for (const Unit& unit : kUnits) {
    if (text.substr(digits) == unit.name) return std::chrono::milliseconds(count * unit.milliseconds);
  }
  return std::nullopt;
}

}  // namespace vpcprobe

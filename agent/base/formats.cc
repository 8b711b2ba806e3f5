#include "agent/base/formats.h"

#include <algorithm>

namespace vpcprobe {
namespace {

Format format_at(std::size_t row) {
  return static_cast<Format>(row + static_cast<std::size_t>(Format::text));
}

}  // namespace

std::vector<std::string_view> names_of(FormatSet formats) {
  std::vector<std::string_view> names;
  for (std::size_t row = 0; row < kFormatNames.size(); ++row)
    if (formats.holds(format_at(row))) names.push_back(kFormatNames.at(row));
  return names;
}

std::optional<Format> format_named(std::string_view name) {
  const auto found = std::find(kFormatNames.begin(), kFormatNames.end(), name);
  if (found == kFormatNames.end()) return std::nullopt;
  return format_at(static_cast<std::size_t>(found - kFormatNames.begin()));
}

}  // namespace vpcprobe

#pragma once
#include <chrono>
#include <optional>
#include <string_view>

namespace vpcprobe {

/// `500ms`, `3s`, `5m`, `1h`. Nothing for any other text, and for more than nine digits.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace vpcprobe

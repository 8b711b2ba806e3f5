#pragma once
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string_view>

#include "agent/base/result.h"

namespace vpcprobe {

/// Parses JSON from outside: at most `most_bytes` long and 64 levels deep. The error is one line that repeats
/// nothing of the text, which may hold secrets.
Result<nlohmann::json> parse_bounded_json(std::string_view text, std::size_t most_bytes);

}  // namespace vpcprobe

#pragma once
#include <optional>
#include <string_view>

#include "probes/observation.h"

namespace vpcprobe {

/// A time as AWS's answers, events and the AWS CLI write it, and reports: "2026-11-24T03:04:05Z", also with a
/// fraction and with an offset ("+01:00") for the Z; or the seconds since 1970 ("1795768800.5", "1.7E9").
/// Milliseconds count. Nothing for a text in another form and for years that WallTime does not hold (1678 to
/// 2261). Any text is safe.
std::optional<WallTime> parse_time(std::string_view text);

}  // namespace vpcprobe

#pragma once
#include <string>
#include <string_view>

#include "agent/base/result.h"

namespace vpcprobe {

/// A log stream of CloudWatch Logs.
struct LogPlace {
  std::string group;
  std::string stream;  ///< empty: one that is named after the task
};

/// Reads `GROUP`, `GROUP:STREAM` or, where GROUP has no slash, `GROUP/STREAM`. No AWS name has a colon,
/// so it separates whatever slashes there are; `team/app:` is the group team/app. What begins with a slash
/// and has no colon is a group. Source of the characters: CloudWatch Logs API, CreateLogGroup,
/// CreateLogStream.
Result<LogPlace> parse_log_place(std::string_view text);

}  // namespace vpcprobe

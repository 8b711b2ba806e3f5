#pragma once
#include <string_view>
#include <vector>

#include "agent/task/options.h"

namespace vpcprobe {

/// The options in the event of a Lambda invocation: an object whose names are those of the options; values
/// are strings, numbers, true or false, or arrays of those; that of task-definition may be an object. null
/// counts as not given. In an event of EventBridge (a schedule, for instance) the `detail` counts. Any text
/// is safe: at most 6 MiB, 64 levels.
Result<std::vector<SaidOption>> read_lambda_event(std::string_view json);

}  // namespace vpcprobe

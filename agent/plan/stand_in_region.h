#pragma once
#include <string>

#include "agent/task/context.h"
#include "agent/task/options.h"

namespace vpcprobe {

/// The region that a plan for readers is written for if nothing says the task's: the one that the definition
/// names most often, else us-east-1. Empty if one is said, and without a definition.
std::string stand_in_region(const Options& options, const TaskContext& context);

}  // namespace vpcprobe

#pragma once
#include <string>
#include <vector>

#include "agent/doctor/configuration.h"
#include "agent/task/options.h"

namespace vpcprobe {

/// The event for the functions: what the task needs, as options. `definition` is the task's as JSON or in
/// another form that --task-definition takes, empty for none; what an ECS definition says of variables and
/// commands is left out: they may hold secrets, and only --mentioned reads them. Pure.
std::string function_event(const Options& options, const std::string& region, const std::string& definition,
                           const std::vector<Cidr>& vpc_ranges);

}  // namespace vpcprobe

#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "agent/diagnosis/report.h"
#include "agent/task/traffic.h"

namespace vpcprobe {

/// Which of the task's roles this one is, by its ARN in the task definition (JSON); nothing where it is
/// neither, or no definition is there.
std::optional<Role> role_in_task(std::string_view definition, std::string_view role);

/// Takes out what AWS refused because of the caller's own policies: they say nothing of a task that has
/// another role. What endpoint policies, resource policies and organizations refuse stays. True where
/// something was taken out; then verdict and exit code are those of the rest.
bool disregard_own_role(Report& report);

}  // namespace vpcprobe

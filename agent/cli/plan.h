#pragma once
#include "agent/cli/commands.h"
#include "agent/plan/plan.h"

namespace vpcprobe {

/// `vpc-probe plan`: what the task needs and why, without a packet to any endpoint; as text, JSON or code.
/// Sends requests only to the ECS task metadata endpoint, if there is one.
Result<int> plan_command(const Surroundings& around);

/// Removes the endpoints that the saved report shows to exist, and returns how many were removed.
std::size_t leave_out_present(Plan& plan, const RecordedRun& recorded);

}  // namespace vpcprobe

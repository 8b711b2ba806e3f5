#pragma once
#include "agent/cli/commands.h"
#include "agent/plan/plan.h"

namespace vpcprobe {

/// `vpc-probe plan`: what the task needs and why, without a packet to any endpoint; as text, JSON or code.
/// Asks nothing but the ECS task metadata, where there is any.
Result<int> plan_command(const Surroundings& around);

/// The plan with those endpoints left out that the saved report shows to be there; how many those are.
std::size_t leave_out_present(Plan& plan, const RecordedRun& recorded);

}  // namespace vpcprobe

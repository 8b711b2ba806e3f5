#pragma once
#include "agent/plan/need_list.h"

namespace vpcprobe {

/// Everything that a task definition says the task must reach. Throws WrongNeed.
void add_definition(Gathering& gathering, const TaskDefinition& definition, const Platform& platform);

/// The one region that the definition's images, secrets and logs name, or nothing.
std::string region_named_by(const TaskDefinition& definition);

}  // namespace vpcprobe

#pragma once
#include "agent/plan/need_list.h"

namespace vpcprobe {

/// The definition with those placeholders filled that the task's place decides: region, account, partition.
/// `remarks` gets a sentence for those that are assumed.
TaskDefinition fill_place(TaskDefinition definition, const Home& home, std::vector<std::string>& remarks);

/// Everything that a task definition says the task must reach; what its placeholders leave open becomes a
/// remark. `probe_mentioned`: hosts that are only mentioned become needs, not required. Throws WrongNeed.
void add_definition(NeedList& list, const TaskDefinition& definition, const Platform& platform,
                    bool probe_mentioned);

/// The one region that the definition's images, secrets and logs name, or nothing.
std::string region_named_by(const TaskDefinition& definition);
/// The region that they name most often, or nothing.
std::string region_named_most(const TaskDefinition& definition);

}  // namespace vpcprobe

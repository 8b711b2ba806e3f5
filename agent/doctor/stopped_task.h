#pragma once
// What ECS says of the task that stopped.
#include <string>

#include "agent/doctor/diagnosis.h"

namespace vpcprobe {

/// The task that tells most: those that failed to start or whose container ended go before those that ECS
/// stopped for a deployment or for scaling; of them the last. A task that runs comes after all. Null without
/// a task.
const EcsTask* last_task(const Configuration& configuration);

/// Adds what ECS says of the last task, and when it stopped; nothing where it runs. `region` counts where the
/// message names none. Pure.
void add_last_task(Diagnosis& diagnosis, const Configuration& configuration, const std::string& region);

/// Adds what ECS says of the task that stopped. Where nothing was measured and the configuration denies
/// nothing, the message decides exit code and verdict: the task did stop. Pure.
void add_explanation(Diagnosis& diagnosis, Explanation explanation);

}  // namespace vpcprobe

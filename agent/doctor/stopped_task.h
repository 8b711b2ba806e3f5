#pragma once
#include "agent/doctor/diagnosis.h"

namespace vpcprobe {

/// Adds what ECS says of the task that stopped. Where nothing was measured and the configuration denies
/// nothing, the message decides exit code and verdict: the task did stop. Pure.
void add_explanation(Diagnosis& diagnosis, Explanation explanation);

}  // namespace vpcprobe

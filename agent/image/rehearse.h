#pragma once
#include <atomic>
#include <chrono>

#include "agent/image/pull.h"
#include "agent/plan/plan.h"
#include "agent/task/context.h"
#include "agent/task/options.h"
#include "probes/http.h"

namespace vpcprobe {

/// The platform whose images the task runs: as asked for, else the task definition's
/// (X86_64 where it does not say), else this machine's.
ImagePlatform wanted_platform(const Options& options, const TaskContext& context, const Plan& plan);

/// Walks the pull of every image in the plan as ECS does, from the login to the first bytes of each layer,
/// over the addresses that `seen` found to work. Ends at `deadline` or when `stop` is set. Never fails:
/// everything is in the result. `keys` are empty where there are no credentials.
PullObservation rehearse_pulls(const Options& options, const Plan& plan, const Observation& seen,
                               const ImagePlatform& wanted, const AwsKeys& keys,
                               std::chrono::steady_clock::time_point deadline, const std::atomic<bool>& stop);

}  // namespace vpcprobe

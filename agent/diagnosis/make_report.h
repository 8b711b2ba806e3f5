#pragma once
#include <vector>

#include "agent/diagnosis/report.h"
#include "agent/plan/plan.h"
#include "agent/task/context.h"
#include "agent/task/options.h"

namespace vpcprobe {

/// Puts together what was planned, seen and concluded. Pure. `observation` and `pulls` are consumed.
Report make_report(const Options& options, const TaskContext& context, const Plan& plan,
                   Observation observation, PullObservation pulls = {});

/// Exit code of the contract's section 5 from the unmasked findings.
int exit_code_of(Verdict verdict, const std::vector<Finding>& findings, const Plan& plan, bool strict);

}  // namespace vpcprobe

#pragma once
// What the parts of `doctor` share.
#include <functional>
#include <string>

#include "agent/base/result.h"
#include "agent/doctor/diagnosis.h"
#include "agent/task/surroundings.h"

namespace vpcprobe {

/// What is done with a diagnosis. With --probe lambda the functions are still there; they are deleted after
/// it. Gives the exit code.
using TakeDiagnosis = std::function<Result<int>(const Diagnosis&)>;

/// Diagnoses the task that the options name: by configuration that is read by the API, and by functions
/// where --probe asks for them. Gives what `take` gives.
Result<int> diagnose_by_api(const Surroundings& around, const TakeDiagnosis& take);

}  // namespace vpcprobe

#pragma once
// What the parts of `doctor` share.
#include <string>

#include "agent/base/result.h"
#include "agent/doctor/diagnosis.h"
#include "agent/task/surroundings.h"

namespace vpcprobe {

/// Writes it in the format that is asked for; gives its exit code.
Result<int> write_diagnosis(const Surroundings& around, const Diagnosis& diagnosis);

}  // namespace vpcprobe

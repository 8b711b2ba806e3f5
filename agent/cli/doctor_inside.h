#pragma once
// `doctor --probe lambda` and `doctor --clean-up`.
#include <optional>
#include <string>

#include "agent/cli/doctor.h"
#include "agent/cli/doctor_by_api.h"
#include "agent/diagnosis/report.h"
#include "agent/doctor/configuration.h"

namespace vpcprobe {

/// Looks from the task's subnets by Lambda functions, joins what they saw with the configuration, gives one
/// diagnosis to `take`, and takes the functions away. `planned`: what the task needs; `definition`: the
/// task's, as it was read, empty for none. Where no function answers, the diagnosis is a prediction.
Result<int> diagnose_from_inside(const Surroundings& around, const ApiAccess& access,
                                 const Configuration& configuration, const Report& planned,
                                 const std::string& definition, const TakeDiagnosis& take);

/// Deletes all that was ever made in the region. Says what stays; then the exit code is 3.
Result<int> clean_up(const Surroundings& around);

}  // namespace vpcprobe

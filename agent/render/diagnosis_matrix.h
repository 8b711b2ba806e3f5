#pragma once
#include <string>
#include <vector>

#include "agent/base/style.h"
#include "agent/doctor/diagnosis.h"

namespace vpcprobe {

/// Several diagnoses as text: a table with a row for each, columns the services, and below it each culprit
/// once, under the number that its rows have.
std::string render_diagnosis_matrix(const std::vector<Diagnosis>& diagnoses, const Style& style);

}  // namespace vpcprobe

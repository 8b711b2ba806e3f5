#pragma once
// Saved diagnoses, for `show`.
#include <string_view>
#include <vector>

#include "agent/doctor/diagnosis.h"

namespace vpcprobe {

/// Finds every diagnosis in a text, however deep: one object, one per line, the response of the doctor as a
/// function, the output of a state machine. Reads what a matrix shows: exit code, summary, measured, the
/// task's subnets, culprits with their first fix, paths without hops. What is missing or of another kind is
/// empty. Any text is safe: at most 64 MiB and 64 levels; at most 1000 diagnoses.
std::vector<Diagnosis> read_diagnoses(std::string_view text);

}  // namespace vpcprobe

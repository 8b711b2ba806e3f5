#pragma once
#include <cstddef>
#include <string>

#include "agent/doctor/diagnosis.h"

namespace vpcprobe {

/// The diagnosis as JSON of at most `most` bytes, without a line end. One that is longer loses its report
/// first, then paths that are open, all paths, the explanation, and of each list all but 5; its `not_seen`
/// says so. Empty where even the rest is too long.
std::string diagnosis_json_within(const Diagnosis& diagnosis, std::size_t most);

}  // namespace vpcprobe

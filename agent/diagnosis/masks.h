#pragma once
#include <vector>

#include "agent/diagnosis/report.h"

namespace vpcprobe {

/// Sets `masked_by` to the root's code, followed through everything that fired.
void resolve_masks(std::vector<Finding>& fired);

/// Roots first (errors, warnings, notes), then what they mask; otherwise the order stays.
void sort_roots_first(std::vector<Finding>& findings);

}  // namespace vpcprobe

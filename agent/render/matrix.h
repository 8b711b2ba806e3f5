#pragma once
#include <string>
#include <vector>

#include "agent/render/render.h"

namespace vpcprobe {

/// Several reports as a table of text: rows subnets and times, columns services; as many tables as it takes
/// to keep within 100 columns.
std::string render_matrix(const std::vector<Report>& reports, const Style& style);

}  // namespace vpcprobe

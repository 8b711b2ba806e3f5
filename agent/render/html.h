#pragma once
#include <string>
#include <vector>

#include "agent/diagnosis/report.h"

namespace vpcprobe {

/// One page for these reports, with a matrix of subnets and services before them where there are several. The
/// page holds all it needs and no script.
std::string render_html_page(const std::vector<Report>& reports);

}  // namespace vpcprobe

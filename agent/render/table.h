#pragma once
#include <string>
#include <vector>

#include "agent/base/text_layout.h"
#include "agent/diagnosis/report.h"

namespace vpcprobe {

/// The endpoints and their addresses as a table of at most `style.page_columns` columns, with its heading.
/// Reports with many addresses get one row for each network and outcome instead. Empty where there is no
/// endpoint.
std::string render_table(const Report& report, const Style& style);

}  // namespace vpcprobe

#pragma once
#include <string>

#include "agent/base/style.h"
#include "agent/diagnosis/report.h"

namespace vpcprobe {

/// The report on one screen: the verdict with the first root, its cause, check and fix, a row for each
/// endpoint, where the run was. With one root it fits 24 lines of `style.page_columns`, less one for the
/// prompt; only a command longer than that makes it longer, for a command is never cut.
std::string render_screen(const Report& report, const Style& style);

}  // namespace vpcprobe

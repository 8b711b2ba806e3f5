#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "agent/base/result.h"
#include "agent/diagnosis/report.h"

namespace vpcprobe {

/// Reads a report as render_json writes it; rendering it again gives the same JSON. Lenient: unknown fields
/// are passed over and missing ones are empty, since later versions add some. A wrong type or an unknown word
/// is an error that names the field. Any text is safe: at most 64 MiB and 64 levels.
Result<Report> read_report(std::string_view json);

struct SavedReports {
  std::vector<Report> reports;     ///< in the order of the text
  std::size_t other_lines = 0;     ///< lines that hold no report
  std::vector<std::string> wrong;  ///< reports that could not be read, and why; ten at most
};

/// Finds every report in a text: one object, one per line (with anything before its first brace, as log
/// exports and `aws logs tail` write), or the messages of `aws logs filter-log-events`. At most 1000 reports.
SavedReports read_reports(std::string_view text);

}  // namespace vpcprobe

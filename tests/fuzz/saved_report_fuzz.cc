// A saved report: any bytes are read or refused, and what was read can be shown in every way.
#include <cstdint>
#include <string_view>

#include "agent/diagnosis/read_report.h"
#include "agent/render/html.h"
#include "agent/render/matrix.h"
#include "agent/render/render.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto saved = vpcprobe::read_reports({reinterpret_cast<const char*>(data), size});
  for (const vpcprobe::Report& report : saved.reports) {
    const std::string line = vpcprobe::render_json(report, {});
    const auto again = vpcprobe::read_report(line);
    if (!again || vpcprobe::render_json(again.value(), {}) != line) __builtin_trap();
    vpcprobe::render_text(report, {});
  }
  vpcprobe::render_html_page(saved.reports);
  vpcprobe::render_matrix(saved.reports, {});
  return 0;
}

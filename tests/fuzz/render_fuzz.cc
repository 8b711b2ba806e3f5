// Whatever a peer puts into the report: the text keeps to printable characters, the JSON to one valid line.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "../agent/diagnosis/report_samples.h"
#include "agent/base/printable.h"
#include "agent/render/openmetrics.h"
#include "agent/render/render.h"

using namespace vpcprobe;

namespace {

void require(bool truth) {
  if (!truth) std::abort();
}

/// Lines of printable characters, none wider than `widest`.
void check_lines(const std::string& text, bool utf8, std::size_t widest) {
  std::size_t start = 0;
  for (std::size_t end; (end = text.find('\n', start)) != std::string::npos; start = end + 1) {
    const std::string line = text.substr(start, end - start);
    require(printable(line, utf8) == line);
    require(columns(line) <= widest);
  }
  require(start == text.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Report report = samples::foreign(std::string(reinterpret_cast<const char*>(data), size));
  check_lines(render_text(report, {false, true}), true, 100);
  check_lines(render_text(report, {false, false}), false, 100);
  const std::string line = render_json(report, {});
  require(line.find('\n') == line.size() - 1);
  check_lines(line, true, std::string::npos);
  require(nlohmann::json::accept(line));
  const std::string metrics = render_emf(report, {});
  check_lines(metrics, true, std::string::npos);
  require(nlohmann::json::accept(metrics));
  check_lines(render_openmetrics(report), true, std::string::npos);
  return 0;
}

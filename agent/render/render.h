#pragma once
#include <span>
#include <string>
#include <string_view>

#include "agent/base/formats.h"
#include "agent/base/style.h"
#include "agent/diagnosis/report.h"

namespace vpcprobe {

/// A form in which a report is written. One row per format.
struct Renderer {
  Format format;
  std::string (*render)(const Report&, const Style&);
};
std::span<const Renderer> renderers();
/// The row for this format; JSON for those that no report has.
const Renderer& renderer_of(Format format);

std::string render_json(const Report& report, const Style& style);  ///< one line with its newline
std::string render_text(const Report& report, const Style& style);
std::string render_emf(const Report& report, const Style& style);   ///< metrics: one line with its newline
std::string render_html(const Report& report, const Style& style);  ///< a page of its own

}  // namespace vpcprobe

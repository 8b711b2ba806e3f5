#pragma once
// Markdown (GitHub's dialect) for comments on pull requests and tickets. Foreign text comes in by these
// functions only.
#include <initializer_list>
#include <string>
#include <string_view>

#include "agent/base/style.h"
#include "agent/diagnosis/report.h"
#include "agent/plan/sheet.h"

namespace vpcprobe {

/// One line of foreign text that Markdown shows as it is: no markup, no link, no mention, no table border.
std::string markdown_text(std::string_view foreign);
/// A fenced block; its fence is longer than any run of backticks inside.
std::string markdown_code(std::string_view code, std::string_view language);
/// A row of a table. Cells are Markdown.
std::string markdown_row(std::initializer_list<std::string> cells);

std::string render_markdown(const Report& report, const Style& style);
std::string plan_markdown(const PlanSheet& sheet);

}  // namespace vpcprobe

#include "agent/render/matrix.h"

#include <algorithm>

#include "agent/base/json_writer.h"
#include "agent/base/printable.h"
#include "agent/base/text_layout.h"
#include "agent/render/endpoint_path.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kWidestName = 24;

std::string cell_of(const Report& report, const std::string& id, const Style& style) {
  for (const EndpointReport& endpoint : report.endpoints) {
    if (endpoint.id != id) continue;
    switch (state_of(report, endpoint)) {
      case StepState::open:
        return style.utf8 ? "✓" : "v";
      case StepState::closed:
        return style.utf8 ? "✗" : "x";
      case StepState::beyond:
        return "?";
    }
  }
  return " ";
}

std::string label_of(const Report& report, const Style& style) {
  std::string time;
  JsonWriter(time).value(report.started_at);
  const auto& subnets = report.context.subnet_cidrs;
  const std::string place = subnets.empty() ? report.context.region : subnets.front();
  return pad(shorten(printable(place, style.utf8), kWidestName, style), kWidestName) + "  " +
         time.substr(1, 19) + "Z";
}

Tone tone_of(const std::string& cell) {
  if (cell == "✓" || cell == "v") return Tone::good;
  return cell == "✗" || cell == "x" ? Tone::bad : Tone::plain;
}

}  // namespace

std::string render_matrix(const std::vector<Report>& reports, const Style& style) {
  const std::vector<std::string> ids = endpoint_ids(reports);
  constexpr std::size_t label_width = kWidestName + 2 + 20;
  constexpr std::size_t gap = 2;
  std::string text;
  for (std::size_t from = 0; from < ids.size() || from == 0;) {
    std::vector<std::string> names;
    std::size_t width = label_width;
    for (std::size_t i = from; i < ids.size(); ++i) {
      std::string name = shorten(printable(ids[i], style.utf8), kWidestName, style);
      if (!names.empty() && width + gap + columns(name) > style.page_columns) break;
      width += gap + columns(name);
      names.push_back(std::move(name));
    }
    std::string header(label_width, ' ');
    for (const std::string& name : names) header += "  " + name;
    text += header.substr(0, header.find_last_not_of(' ') + 1) + "\n";
    for (const Report& report : reports) {
      std::string line = label_of(report, style);
      std::string spaces;
      for (std::size_t i = 0; i < names.size(); ++i) {
        const std::string cell = cell_of(report, ids[from + i], style);
        line += "  " + spaces;
        if (cell != " ") line += paint(cell, tone_of(cell), style);
        spaces = std::string(columns(names[i]) - (cell == " " ? 0 : 1), ' ');
      }
      text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
    from += std::max<std::size_t>(names.size(), 1);
  }
  return text;
}

}  // namespace vpcprobe

#include "agent/render/matrix.h"

#include <algorithm>
#include <array>

#include "agent/base/json_writer.h"
#include "agent/base/printable.h"
#include "agent/base/text_layout.h"
#include "agent/render/endpoint_path.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kWidestName = 24;

MatrixState state_in(const Report& report, const std::string& id) {
  for (const EndpointReport& endpoint : report.endpoints) {
    if (endpoint.id != id) continue;
    switch (state_of(report, endpoint)) {
      case StepState::open:
        return MatrixState::open;
      case StepState::closed:
        return MatrixState::closed;
      case StepState::beyond:
        return MatrixState::unknown;
    }
  }
  return MatrixState::none;
}

/// A row for each MatrixState.
struct Cell {
  const char* utf8;
  const char* ascii;
  Tone tone;
};
constexpr std::array<Cell, 4> kCells{{{.utf8 = "", .ascii = "", .tone = Tone::plain},
                                      {.utf8 = "✓", .ascii = "v", .tone = Tone::good},
                                      {.utf8 = "✗", .ascii = "x", .tone = Tone::bad},
                                      {.utf8 = "?", .ascii = "?", .tone = Tone::plain}}};

std::string label_of(const Report& report, const Style& style) {
  std::string time;
  JsonWriter(time).value(report.started_at);
  const auto& subnets = report.context.subnet_cidrs;
  const std::string place = subnets.empty() ? report.context.region : subnets.front();
  return pad(shorten(printable(place, style.utf8), kWidestName, style), kWidestName) + "  " +
         time.substr(1, 19) + "Z";
}

std::string line_of(const MatrixRow& row, std::size_t from, const std::vector<std::string>& names,
                    const Style& style) {
  std::string line = row.label;
  std::string spaces;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Cell& cell = kCells.at(static_cast<std::size_t>(row.states[from + i]));
    const std::string text = style.utf8 ? cell.utf8 : cell.ascii;
    line += "  " + spaces + (text.empty() ? "" : paint(text, cell.tone, style));
    const std::size_t width =
        std::max<std::size_t>(columns(names[i]), 1);  // a name from outside may be empty
    spaces = std::string(width - (text.empty() ? 0 : 1), ' ');
  }
  return line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
}

}  // namespace

std::string render_rows(const std::string& header, const std::vector<std::string>& ids,
                        const std::vector<MatrixRow>& rows, const Style& style) {
  constexpr std::size_t gap = 2;
  std::string text;
  for (std::size_t from = 0; from < ids.size() || from == 0;) {
    std::vector<std::string> names;
    std::size_t width = columns(header);
    for (std::size_t i = from; i < ids.size(); ++i) {
      std::string name = shorten(printable(ids[i], style.utf8), kWidestName, style);
      if (!names.empty() && width + gap + columns(name) > style.page_columns) break;
      width += gap + columns(name);
      names.push_back(std::move(name));
    }
    std::string line = header;
    for (const std::string& name : names) line += "  " + name;
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    for (const MatrixRow& row : rows) text += line_of(row, from, names, style);
    from += std::max<std::size_t>(names.size(), 1);
  }
  return text;
}

std::string render_matrix(const std::vector<Report>& reports, const Style& style) {
  constexpr std::size_t label_width = kWidestName + 2 + 20;
  const std::vector<std::string> ids = endpoint_ids(reports);
  std::vector<MatrixRow> rows;
  for (const Report& report : reports) {
    MatrixRow row{label_of(report, style), {}};
    for (const std::string& id : ids) row.states.push_back(state_in(report, id));
    rows.push_back(std::move(row));
  }
  return render_rows(std::string(label_width, ' '), ids, rows, style);
}

}  // namespace vpcprobe

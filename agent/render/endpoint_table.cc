// The table of the one-screen report: an endpoint is a row.
#include "agent/render/endpoint_table.h"

#include <algorithm>
#include <array>

#include "agent/base/printable.h"
#include "agent/base/text_layout.h"
#include "agent/base/words.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kMostDifferent = 3;  // addresses of one endpoint on rows of their own
constexpr std::size_t kMark = 2;           // the mark and a blank
constexpr std::size_t kShortestName = 8;

enum Column { name_column, path_column, answer_column, tcp_column, tls_column, http_column };
constexpr std::size_t kColumns = 6;
using Cells = std::array<std::string, kColumns>;
const Cells kHeadings{"endpoint", "path", "answer", "TCP", "TLS", "HTTP"};

struct Line {
  Mark mark;
  Cells cells;
};

bool fails(const EndpointRows& endpoint) { return endpoint.worst != Mark::ok; }

/// Beyond the first few, addresses that differ are counted.
void gather_different(EndpointRows& endpoint) {
  std::vector<OutcomeRow>& rows = endpoint.rows;
  if (rows.size() <= kMostDifferent + 1) return;
  std::stable_sort(rows.begin() + 1, rows.end(),
                   [](const OutcomeRow& left, const OutcomeRow& right) { return left.mark > right.mark; });
  OutcomeRow rest{rows[kMostDifferent].mark, "", "", "", ""};
  rest.place = counted(rows.size() - kMostDifferent, "more outcome", "more outcomes");
  rows.resize(kMostDifferent);
  rows.push_back(std::move(rest));
}

std::size_t lines_of(const EndpointRows& endpoint) {
  return std::min(endpoint.rows.size(), kMostDifferent + 1);
}

void add_lines(std::vector<Line>& lines, EndpointRows endpoint, const Style& style) {
  gather_different(endpoint);
  for (std::size_t i = 0; i < endpoint.rows.size(); ++i) {
    const OutcomeRow& row = endpoint.rows[i];
    Line line{row.mark, {"  " + row.place, "", "", row.tcp, row.tls, row.http}};
    if (i == 0) {
      line.mark = endpoint.worst;
      line.cells = {endpoint.id, endpoint.path, endpoint.answer, row.tcp, row.tls, row.http};
    }
    for (std::string& cell : line.cells) cell = printable(cell, style.utf8);
    line.cells[tls_column] = shorten(line.cells[tls_column], 16, style);
    lines.push_back(std::move(line));
  }
}

/// How wide each column is. The names get what the others leave; an address may stand over the path, which
/// its row does not have.
struct Layout {
  std::array<std::size_t, kColumns> widths{};
  std::size_t gap = 2;
};

Layout layout_of(const std::vector<Line>& lines, const Style& style) {
  Layout layout;
  for (std::size_t column = 0; column < kColumns; ++column) {
    layout.widths[column] = columns(kHeadings[column]);
    for (const Line& line : lines) {
      const bool spans = column == name_column && line.cells[path_column].empty();
      if (!spans) layout.widths[column] = std::max(layout.widths[column], columns(line.cells[column]));
    }
  }
  const auto total = [&] {
    std::size_t sum = kMark + (kColumns - 1) * layout.gap;
    for (const std::size_t width : layout.widths) sum += width;
    return sum;
  };
  if (total() > style.page_columns) layout.gap = 1;
  if (const std::size_t wide = total(); wide > style.page_columns) {
    std::size_t& name = layout.widths[name_column];
    name -= std::min(wide - style.page_columns, name - std::min(name, kShortestName));
  }
  return layout;
}

std::string cells_text(const Cells& cells, const Layout& layout, const Style& style) {
  std::string text;
  std::size_t first = name_column;
  if (cells[path_column].empty()) {
    const std::size_t both = layout.widths[name_column] + layout.gap + layout.widths[path_column];
    text = pad(shorten(cells[name_column], both, style), both + layout.gap);
    first = answer_column;
  }
  for (std::size_t column = first; column < kColumns; ++column) {
    const std::size_t width = layout.widths[column];
    text += pad(shorten(cells[column], width, style), width + layout.gap);
  }
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

/// Which endpoints have their rows, and which are only counted.
struct Choice {
  std::vector<const EndpointRows*> shown;
  std::vector<std::string> failing;  ///< names of those left out
  std::size_t answering = 0;         ///< left out
};

Choice choose(const std::vector<EndpointRows>& endpoints, std::size_t most_lines) {
  Choice choice;
  const bool all = lines_of(endpoints) <= most_lines;
  const bool all_failing = failing_lines_of(endpoints) + 2 <= most_lines;
  // The heading, and a line for each kind that is left out.
  std::size_t used = all ? 1 : all_failing ? 2 : 3;
  for (const EndpointRows& endpoint : endpoints) {
    if (used + lines_of(endpoint) <= most_lines) {
      used += lines_of(endpoint);
      choice.shown.push_back(&endpoint);
    } else if (fails(endpoint)) {
      choice.failing.push_back(endpoint.id);
    } else {
      ++choice.answering;
    }
  }
  return choice;
}

std::string names_within(const std::vector<std::string>& names, std::string_view start, const Style& style) {
  std::string text;
  for (std::size_t most = names.size(); most > 0; --most) {
    text = printable(std::string(start) + enumerate(names, most), style.utf8);
    if (columns(text) + kMark <= style.page_columns) break;
  }
  return shorten(text, style.page_columns - kMark, style);
}

std::string rest_text(const Choice& choice, const Style& style) {
  std::string text;
  const auto add = [&](const std::string& words) { text += "  " + paint(words, Tone::faint, style) + '\n'; };
  if (const std::size_t left = choice.failing.size(); left > 0) {
    const char* verb = left == 1 ? "more endpoint fails: " : "more endpoints fail: ";
    add(names_within(choice.failing, std::to_string(left) + ' ' + verb, style));
  }
  if (choice.answering > 0) add(counted(choice.answering, "more endpoint answers", "more endpoints answer"));
  return text;
}

}  // namespace

std::size_t lines_of(const std::vector<EndpointRows>& endpoints) {
  std::size_t lines = 1;
  for (const EndpointRows& endpoint : endpoints) lines += lines_of(endpoint);
  return lines;
}

std::size_t failing_lines_of(const std::vector<EndpointRows>& endpoints) {
  std::size_t lines = 0;
  for (const EndpointRows& endpoint : endpoints) lines += fails(endpoint) ? lines_of(endpoint) : 0;
  return lines;
}

std::string render_endpoints(std::vector<EndpointRows> endpoints, const Style& style,
                             std::size_t most_lines) {
  if (endpoints.empty()) return {};
  std::stable_sort(
      endpoints.begin(), endpoints.end(),
      [](const EndpointRows& left, const EndpointRows& right) { return left.worst > right.worst; });
  const Choice choice = choose(endpoints, most_lines);
  std::vector<Line> lines;
  for (const EndpointRows* endpoint : choice.shown) add_lines(lines, *endpoint, style);
  const Layout layout = layout_of(lines, style);
  std::string text =
      std::string(kMark, ' ') + paint(cells_text(kHeadings, layout, style), Tone::faint, style) + '\n';
  for (const Line& line : lines)
    text += mark_text(line.mark, style) + cells_text(line.cells, layout, style) + '\n';
  return text + rest_text(choice, style);
}

}  // namespace vpcprobe

// The table of the text report, laid out.
#include "agent/render/table.h"

#include <algorithm>

#include "agent/base/printable.h"
#include "agent/render/table_rows.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kMostRows = 256;
constexpr std::size_t kMark = 2;  // the mark and a space
constexpr std::size_t kLongestName = 36;

constexpr std::array<const char*, kTableColumns> kHeadings{"endpoint", "address", "name", "TCP",
                                                           "TLS",      "HTTP",    "path"};

using Widths = std::array<std::size_t, kTableColumns>;

/// Columns from `from` up to, not including, `to`, with `gap` blanks between them.
struct Span {
  std::size_t from, to;
  std::size_t gap = 2;
};
constexpr Span kAll{endpoint_column, kTableColumns};
constexpr Span kAllTight{endpoint_column, kTableColumns, 1};
constexpr Span kStages{address_column, path_column};
constexpr Span kStagesTight{address_column, path_column, 1};

Widths widths_of(const std::vector<Row>& rows) {
  Widths widths{};
  for (std::size_t column = 0; column < kTableColumns; ++column) {
    widths[column] = columns(kHeadings[column]);
    for (const Row& row : rows) widths[column] = std::max(widths[column], columns(row.cells[column]));
  }
  return widths;
}

std::size_t total(const Widths& widths, Span span) {
  std::size_t sum = kMark;
  for (std::size_t column = span.from; column < span.to; ++column) sum += widths[column] + span.gap;
  return sum - span.gap;
}

template <typename Cells>
std::string cells_text(const Cells& cells, const Widths& widths, Span span) {
  std::string line;
  for (std::size_t column = span.from; column < span.to; ++column) {
    line += pad(cells[column], widths[column] + span.gap);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

std::string heading(const Widths& widths, Span span, const Style& style) {
  return std::string(kMark, ' ') + paint(cells_text(kHeadings, widths, span), Tone::faint, style) + '\n';
}

std::string flat(const std::vector<Row>& rows, const Widths& widths, Span span, const Style& style) {
  std::string text = heading(widths, span, style);
  for (const Row& row : rows) text += mark_text(row.mark, style) + cells_text(row.cells, widths, span) + '\n';
  return text;
}

/// Where a row would be too wide (IPv6 addresses): each endpoint gets a line of its own above its addresses.
std::string nested(std::vector<Row> rows, Widths widths, const Style& style) {
  const Span span = total(widths, kStages) <= style.page_columns ? kStages : kStagesTight;
  if (const std::size_t wide = total(widths, span); wide > style.page_columns) {
    widths[address_column] -= std::min(wide - style.page_columns, widths[address_column] - 8);
    for (Row& row : rows)
      row.cells[address_column] = shorten(row.cells[address_column], widths[address_column], style);
  }
  std::string text = heading(widths, span, style);
  for (const Row& row : rows) {
    std::string above = row.cells[endpoint_column];
    if (const std::string& path = row.cells[path_column]; row.first && !path.empty()) {
      above += (above.empty() ? "" : style.utf8 ? " · " : " - ") + path;
    }
    if (row.first)
      text += std::string(kMark, ' ') +
              paint(shorten(above, style.page_columns - kMark, style), Tone::strong, style) + '\n';
    text += mark_text(row.mark, style) + cells_text(row.cells, widths, span) + '\n';
  }
  return text;
}

/// "interface endpoint, own subnet", "none (S3 eu-west-1)".
std::string with_place(const std::string& path, const std::string& place) {
  if (path.empty() || place.empty()) return path + place;
  return path + (place.front() == '(' ? " " : ", ") + place;
}

void clean(std::vector<Row>& rows, const Style& style) {
  for (Row& row : rows) {
    for (std::string& cell : row.cells) cell = printable(cell, style.utf8);
    row.cells[endpoint_column] = shorten(row.cells[endpoint_column], kLongestName, style);
    row.cells[tls_column] = shorten(row.cells[tls_column], 16, style);
    row.place = shorten(printable(row.place, style.utf8), 32, style);
  }
}

/// The rows with as much of the path as the page is wide. A time that is a digit longer costs blanks, not
/// words.
std::string laid_out(const std::vector<Row>& rows, const Style& style) {
  std::vector<Row> placed = rows;
  for (Row& row : placed) row.cells[path_column] = with_place(row.cells[path_column], row.place);
  const Widths full = widths_of(placed);
  for (const Span span : {kAll, kAllTight})
    if (total(full, span) <= style.page_columns) return flat(placed, full, span, style);
  const Widths narrow = widths_of(rows);
  if (total(narrow, kAll) <= style.page_columns) return flat(rows, narrow, kAll, style);
  return nested(placed, full, style);
}

/// What the rows cannot say themselves.
std::string remarks(const TableRows& table, const Style& style) {
  std::string text;
  if (table.summarised) {
    text += "  " + paint("times are medians; every address is in the JSON", Tone::faint, style) + '\n';
  }
  if (table.left_out > 0) {
    const std::string more = counted(table.left_out, "more row", "more rows");
    text += "  " + paint(more + ", none of them worse, in the JSON", Tone::faint, style) + '\n';
  }
  return text;
}

}  // namespace

std::string render_table(const Report& report, const Style& style) {
  TableRows table = table_rows(report, kMostRows);
  if (table.rows.empty()) return {};
  clean(table.rows, style);
  return laid_out(table.rows, style) + remarks(table, style);
}

}  // namespace vpcprobe

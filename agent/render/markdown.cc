// The report as Markdown: verdict, roots with their causes and fixes, one table row for each endpoint.
#include "agent/render/markdown.h"

#include <algorithm>

#include "agent/base/printable.h"
#include "agent/base/text_layout.h"
#include "agent/render/render.h"
#include "agent/render/stage_view.h"

namespace vpcprobe {
namespace {

std::size_t longest_run(std::string_view text, char wanted) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) longest = std::max(longest, run = c == wanted ? run + 1 : 0);
  return longest;
}

std::string list(std::string_view title, const std::vector<std::string>& lines) {
  if (lines.empty()) return {};
  std::string text = "\n" + std::string(title) + "\n\n";
  for (std::size_t i = 0; i < lines.size(); ++i)
    text += std::to_string(i + 1) + ". " + markdown_text(lines[i]) + "\n";
  return text;
}

std::string fixes(const Finding& finding, bool is_check, std::string_view title) {
  std::string text;
  for (const Fix& fix : finding.fix) {
    if (fix.is_check != is_check) continue;
    if (!fix.text.empty()) text += "\n" + markdown_text(fix.text) + "\n";
    if (!fix.command.empty()) text += "\n" + markdown_code(fix.command, "sh");
  }
  return text.empty() ? text : "\n**" + std::string(title) + "**\n" + text;
}

std::string root(const Finding& finding) {
  std::string text = "\n### " + markdown_text(finding.title) + "\n\n`" + finding.code + "` (" +
                     std::string(to_string(finding.severity)) + "): " + markdown_text(finding.observed) +
                     "\n";
  if (finding.severity == Severity::note) return text;
  text += list("**Causes**", texts_of(finding.causes));
  return text + fixes(finding, true, "Check") + fixes(finding, false, "Fix");
}

std::string endpoints(const Report& report) {
  if (report.endpoints.empty()) return {};
  std::string text = "\n" + markdown_row({"", "endpoint", "host", "path", "addresses"}) +
                     markdown_row({"---", "---", "---", "---", "---"});
  for (const EndpointReport& endpoint : report.endpoints) {
    const auto answering = std::count_if(
        endpoint.addresses.begin(), endpoint.addresses.end(),
        [](const AddressReport& row) { return row.seen.tcp && row.seen.tcp->status == TcpStatus::ok; });
    text += markdown_row(
        {is_up(report, endpoint) ? "✓" : "✗", markdown_text(endpoint.id), markdown_text(endpoint.host),
         std::string(to_string(endpoint.path)),
         std::to_string(answering) + " of " + std::to_string(endpoint.addresses.size()) + " connect"});
  }
  return text;
}

}  // namespace

std::string markdown_text(std::string_view foreign) {
  const std::string clean = printable(foreign, true);
  std::string text;
  for (std::size_t i = 0; i < clean.size(); ++i) {
    const char c = clean[i];
    const bool scheme = c == ':' && clean.substr(i + 1, 2) == "//";
    // A mention, a link or an element: the character is written by its number.
    if (scheme || std::string_view("@<>&").find(c) != std::string_view::npos) {
      text += "&#" + std::to_string(static_cast<int>(c)) + ";";
      continue;
    }
    const std::string_view markup = i == 0 ? "\\`*_[]|~#+-=" : "\\`*_[]|~";
    if (markup.find(c) != std::string_view::npos) text += '\\';
    text += c;
  }
  return text;
}

std::string markdown_code(std::string_view code, std::string_view language) {
  std::string clean;
  for (std::size_t start = 0; start <= code.size();) {
    const std::size_t end = std::min(code.find('\n', start), code.size());
    clean += printable(code.substr(start, end - start), true) + "\n";
    start = end + 1;
  }
  const std::string fence(std::max<std::size_t>(3, longest_run(clean, '`') + 1), '`');
  return fence + std::string(language) + "\n" + clean + fence + "\n";
}

std::string markdown_row(std::initializer_list<std::string> cells) {
  std::string text = "|";
  for (const std::string& cell : cells) text += " " + cell + (cell.empty() ? "|" : " |");
  return text + "\n";
}

std::string render_markdown(const Report& report, const Style& /*style*/) {
  constexpr std::size_t kMostShown = 20;
  std::string text = "## vpc-probe: " + std::string(to_string(report.verdict)) + ", exit " +
                     std::to_string(report.exit_code) + "\n";
  if (!report.summary.empty()) text += "\n" + markdown_text(report.summary) + "\n";
  std::size_t roots = 0;
  for (const Finding& finding : report.findings) {
    if (finding.masked_by.empty() && ++roots <= kMostShown) text += root(finding);
  }
  if (roots > kMostShown) text += "\n" + std::to_string(roots - kMostShown) + " more findings in the JSON.\n";
  return text + endpoints(report);
}

}  // namespace vpcprobe

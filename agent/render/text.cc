// The whole report as text: every root, one table of all addresses, notes, and what follows from the roots.
#include <algorithm>
#include <array>

#include "agent/base/text_layout.h"
#include "agent/render/calls.h"
#include "agent/render/finding.h"
#include "agent/render/images.h"
#include "agent/render/permissions.h"
#include "agent/render/render.h"
#include "agent/render/run_words.h"
#include "agent/render/screen.h"
#include "agent/render/table.h"
#include "agent/render/text_page.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kMostShown = 20;  // findings of one severity

void write_header(Page& page, const Report& report, const Style& style) {
  std::vector<std::string> parts = context_parts(report);
  parts.insert(parts.begin(), "vpc-probe " + report.version);
  const VerdictLook& look = look_of(report.verdict);
  page.titled("", look.tone, page.clean(in_one_line(parts, style)),
              std::string(look.word) + ", exit " + std::to_string(report.exit_code));
}

/// What came before, where rounds repeat.
void write_history(Page& page, const History& history, const Style& style) {
  const std::string words = history_words(history, style);
  if (!words.empty()) page.raw(page.clean(words) + "\n");
}

using WriteFinding = void (*)(Page&, const Finding&, const Style&);
constexpr std::array<WriteFinding, 3> kWriters{write_note, write_warning, write_error};

/// The roots of one severity; returns how many there are.
std::size_t write_roots(Page& page, const Report& report, Severity severity, const Style& style) {
  std::size_t found = 0;
  for (const Finding& finding : report.findings) {
    if (finding.severity != severity || !finding.masked_by.empty()) continue;
    if (++found <= kMostShown) kWriters.at(static_cast<std::size_t>(severity))(page, finding, style);
  }
  if (found > kMostShown) {
    const std::string what(to_string(severity));
    page.raw("  " + counted(found - kMostShown, "more " + what, "more " + what + "s") + " in the JSON\n");
    if (severity != Severity::note) page.blank();
  }
  return found;
}

void write_summary(Page& page, const Report& report, const Style& style) {
  if (report.summary.empty()) return;
  const VerdictLook& look = look_of(report.verdict);
  page.titled(style.utf8 ? look.utf8 : look.ascii, look.tone, page.clean(report.summary), "");
  page.blank();
}

/// What was asked with a signature, and how it was answered.
void write_calls(Page& page, const Report& report) {
  constexpr std::size_t most = 20;
  std::size_t written = 0;
  for (const EndpointReport& endpoint : report.endpoints) {
    for (const CallObservation& call : endpoint.calls) {
      if (written == 0) page.blank();
      if (++written <= most) page.labelled(written == 1 ? "asked" : "", page.clean(call_words(call)), 2);
    }
  }
  if (written > most) page.labelled("", counted(written - most, "more call", "more calls") + " in the JSON");
}

/// What follows from the roots, each with the code that it follows from.
void write_consequences(Page& page, const Report& report, const Style& style) {
  std::size_t written = 0;
  for (const Finding& finding : report.findings) {
    if (finding.masked_by.empty()) continue;
    if (written == 0) page.blank();
    if (++written > kMostShown) continue;
    write_note(page, finding, style);
    const std::string seen = finding.observed.empty() ? "" : "; " + finding.observed;
    page.labelled("Seen", page.clean("follows from " + finding.masked_by + seen));
  }
  if (written > kMostShown)
    page.raw("  " + counted(written - kMostShown, "more consequence", "more consequences") +
             " in the JSON\n");
}

void write_footer(Page& page, const Report& report) {
  std::vector<std::string> lines;
  if (!says_permissions(report)) lines.push_back(page.clean(permission_words(report)));
  for (const SinkNote& note : report.sinks) lines.push_back(page.clean(sink_words(note)));
  if (lines.empty()) return;
  page.blank();
  for (const std::string& line : lines) page.faint(line);
}

}  // namespace

std::string render_text(const Report& report, const Style& style) {
  if (!style.details) return render_screen(report, style);
  Page page(style);
  write_header(page, report, style);
  if (report.history) write_history(page, *report.history, style);
  page.blank();
  // A root says it better than the summary does.
  const bool said = report.verdict != Verdict::incomplete && has_root(report, Severity::warning);
  if (!said) write_summary(page, report, style);
  write_roots(page, report, Severity::error, style);
  write_roots(page, report, Severity::warning, style);
  page.raw(render_table(report, style));
  write_images(page, report.images, style);
  write_calls(page, report);
  const bool notes = std::any_of(report.findings.begin(), report.findings.end(), [](const Finding& finding) {
    return finding.severity == Severity::note && finding.masked_by.empty();
  });
  if (notes) page.blank();
  write_roots(page, report, Severity::note, style);
  write_consequences(page, report, style);
  write_footer(page, report);
  return std::move(page).finish();
}

}  // namespace vpcprobe

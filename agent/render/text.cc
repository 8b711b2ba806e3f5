// The report for a tired person: the root first, then one table, then what merely follows from it.
#include <algorithm>
#include <array>
#include <cstdio>

#include "agent/aws/amazon_resolver.h"
#include "agent/base/text_layout.h"
#include "agent/diagnosis/history.h"
#include "agent/diagnosis/words.h"
#include "agent/render/calls.h"
#include "agent/render/finding.h"
#include "agent/render/images.h"
#include "agent/render/permissions.h"
#include "agent/render/render.h"
#include "agent/render/table.h"
#include "agent/render/text_page.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kMostShown = 20;  // findings of one severity

struct VerdictLook {
  const char* word;
  const char* utf8;
  const char* ascii;
  Tone tone;
};
constexpr std::array<VerdictLook, 4> kVerdicts{{{"PASS", "✓", "v", Tone::good},
                                                {"WARN", "!", "!", Tone::careful},
                                                {"FAIL", "✗", "x", Tone::bad},
                                                {"INCOMPLETE", "?", "?", Tone::careful}}};

const VerdictLook& look_of(Verdict verdict) { return kVerdicts.at(static_cast<std::size_t>(verdict)); }

std::string duration_text(Elapsed elapsed) {
  std::array<char, 48> text{};
  const double ms = static_cast<double>(elapsed.count()) / 1000;
  if (ms < 1000) {
    std::snprintf(text.data(), text.size(), "%.0f ms", ms);
  } else {
    std::snprintf(text.data(), text.size(), "%.1f s", ms / 1000);
  }
  return text.data();
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += separator;
    text += part;
  }
  return text;
}

std::string without_usual_port(const std::string& resolver) {
  const auto parsed = SocketAddress::parse(resolver, kDnsPort);
  return parsed && parsed->port == kDnsPort ? parsed->address.to_string() : resolver;
}

void write_header(Page& page, const Report& report, const Style& style) {
  const ReportContext& context = report.context;
  std::vector<std::string> parts{"vpc-probe " + report.version};
  if (!context.region.empty()) parts.push_back(context.region);
  std::string place = joined(context.source_addresses, ", ");
  if (!context.subnet_cidrs.empty()) {
    place += (place.empty() ? "in " : " in ") + joined(context.subnet_cidrs, ", ");
  }
  if (!place.empty()) parts.push_back(place);
  if (!context.resolvers.empty()) {
    const char* word = context.resolvers.size() == 1 ? "resolver " : "resolvers ";
    std::vector<std::string> resolvers;
    for (const std::string& resolver : context.resolvers) resolvers.push_back(without_usual_port(resolver));
    parts.push_back(word + joined(resolvers, ", "));
  }
  parts.push_back(duration_text(report.duration));
  const VerdictLook& look = look_of(report.verdict);
  page.titled("", look.tone, page.clean(joined(parts, style.utf8 ? " · " : " | ")),
              std::string(look.word) + ", exit " + std::to_string(report.exit_code));
}

/// What came before, where rounds repeat.
void write_history(Page& page, const History& history, const Style& style) {
  std::string words = change_words(history);
  if (words.empty()) return;
  if (!style.utf8) words.replace(words.find("→"), std::string_view("→").size(), "->");
  if (history.stability == Stability::flapping) words += "; it comes and goes";
  page.raw(page.clean(words) + "\n");
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

/// Whether a root of this severity or a graver one is there.
bool has_root(const Report& report, Severity least) {
  return std::any_of(report.findings.begin(), report.findings.end(), [least](const Finding& finding) {
    return finding.severity >= least && finding.masked_by.empty();
  });
}

std::string sink_words(const SinkNote& note) {
  std::string text = "sink " + note.sink;
  if (note.waiting > 0)
    text += ", " + count_words(static_cast<std::size_t>(note.waiting), "earlier report") + " waiting";
  if (note.lost > 0) text += ", " + count_words(static_cast<std::size_t>(note.lost), "report") + " lost";
  return text + ": " + note.problem;
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

void write_footer(Page& page, const Report& report, const Style& style) {
  const auto masked = static_cast<std::size_t>(
      std::count_if(report.findings.begin(), report.findings.end(),
                    [](const Finding& finding) { return !finding.masked_by.empty(); }));
  std::vector<std::string> lines;
  if (masked > 0) lines.push_back(counted(masked, "consequence", "consequences") + " not shown, in the JSON");
  // The summary of a pass says so itself.
  const bool said = report.depth == "network" && report.verdict == Verdict::pass;
  if (!said) lines.push_back(page.clean(permission_words(report)));
  for (const SinkNote& note : report.sinks) lines.push_back(page.clean(sink_words(note)));
  if (lines.empty()) return;
  page.blank();
  for (const std::string& line : lines) {
    for (const std::string& part : wrap(line, kPageColumns - 2))
      page.raw("  " + paint(part, Tone::faint, style) + '\n');
  }
}

}  // namespace

std::string render_text(const Report& report, const Style& style) {
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
  write_footer(page, report, style);
  return std::move(page).finish();
}

}  // namespace vpcprobe

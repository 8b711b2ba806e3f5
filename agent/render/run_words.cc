#include "agent/render/run_words.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "agent/aws/amazon_resolver.h"
#include "agent/base/joined.h"
#include "agent/base/words.h"
#include "agent/diagnosis/history.h"

namespace vpcprobe {
namespace {

constexpr std::array<VerdictLook, 4> kVerdicts{{{"PASS", "✓", "v", Tone::good},
                                                {"WARN", "!", "!", Tone::careful},
                                                {"FAIL", "✗", "x", Tone::bad},
                                                {"INCOMPLETE", "?", "?", Tone::careful}}};

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

std::string without_usual_port(const std::string& resolver) {
  const auto parsed = SocketAddress::parse(resolver, kDnsPort);
  return parsed && parsed->port == kDnsPort ? parsed->address.to_string() : resolver;
}

}  // namespace

const VerdictLook& look_of(Verdict verdict) { return kVerdicts.at(static_cast<std::size_t>(verdict)); }

std::vector<std::string> context_parts(const Report& report) {
  const ReportContext& context = report.context;
  std::vector<std::string> parts;
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
  return parts;
}

std::string in_one_line(const std::vector<std::string>& parts, const Style& style) {
  return joined(parts, style.utf8 ? " · " : " | ");
}

std::string history_words(const History& history, const Style& style) {
  std::string words = change_words(history);
  if (words.empty()) return words;
  if (!style.utf8) words.replace(words.find("→"), std::string_view("→").size(), "->");
  if (history.stability == Stability::flapping) words += "; it comes and goes";
  return words;
}

std::string sink_words(const SinkNote& note) {
  std::string text = "sink " + note.sink;
  if (note.waiting > 0)
    text += ", " + count_words(static_cast<std::size_t>(note.waiting), "earlier report") + " waiting";
  if (note.lost > 0) text += ", " + count_words(static_cast<std::size_t>(note.lost), "report") + " lost";
  return text + ": " + note.problem;
}

bool says_permissions(const Report& report) {
  return report.depth == "network" && report.verdict == Verdict::pass;
}

bool has_root(const Report& report, Severity least) {
  return std::any_of(report.findings.begin(), report.findings.end(), [least](const Finding& finding) {
    return finding.severity >= least && finding.masked_by.empty();
  });
}

std::size_t consequences(const Report& report) {
  return static_cast<std::size_t>(
      std::count_if(report.findings.begin(), report.findings.end(),
                    [](const Finding& finding) { return !finding.masked_by.empty(); }));
}

}  // namespace vpcprobe

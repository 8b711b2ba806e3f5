// The diagnosis for a tired person: the resource at fault and the command that fixes it, on one screen.
#include <algorithm>
#include <array>

#include "agent/base/redact.h"
#include "agent/base/text_layout.h"
#include "agent/base/words.h"
#include "agent/render/diagnosis.h"
#include "agent/render/run_words.h"
#include "agent/render/text_page.h"

namespace vpcprobe {
namespace {

// Of a message of ECS: bytes with --details, columns without.
constexpr std::size_t kLongestMessage = 4096;
constexpr std::size_t kShownOfMessage = 180;

const char* mark_of(const VerdictLook& look, const Style& style) {
  return style.utf8 ? look.utf8 : look.ascii;
}

std::vector<std::string> measured_of(const Diagnosis& diagnosis, const Culprit& culprit) {
  std::vector<std::string> words;
  for (const JudgedPath& path : diagnosis.paths) {
    const auto& ids = culprit.endpoints;
    const bool is_of_it = std::find(ids.begin(), ids.end(), path.endpoint) != ids.end();
    if (is_of_it && !path.measured.empty() && path.measured != "connects") words.push_back(path.address);
  }
  return words;
}

std::string seen_words(const Diagnosis& diagnosis, const Culprit& culprit) {
  const std::string endpoints = enumerate(culprit.endpoints, 5);
  const std::string part = culprit.is_part ? ", for a part of the connections" : "";
  if (!diagnosis.measured) return "predicted from the configuration, not measured: " + endpoints + part;
  const std::vector<std::string> addresses = measured_of(diagnosis, culprit);
  if (addresses.empty()) return culprit.finding + ": " + endpoints + part;
  return culprit.finding + ": " + endpoints + " at " + enumerate(addresses, 3) + part;
}

void write_fixes(Page& page, const Culprit& culprit, bool details) {
  const std::size_t most = details ? culprit.fixes.size() : std::min<std::size_t>(1, culprit.fixes.size());
  for (std::size_t i = 0; i < most; ++i) {
    const Change& change = culprit.fixes[i];
    const std::string more = !details && culprit.fixes.size() > 1
                                 ? "  (+" + std::to_string(culprit.fixes.size() - 1) + ": --details)"
                                 : "";
    page.labelled("Fix", page.clean(change.text + more));
    if (!change.command.empty()) page.command("", page.clean(change.command));
  }
}

void write_culprit(Page& page, const Diagnosis& diagnosis, const Culprit& culprit, bool details,
                   const Style& style) {
  page.titled(style.utf8 ? "✗" : "x", Tone::bad, page.clean(resource_words(culprit.resource)), "");
  page.labelled("Seen", page.clean(seen_words(diagnosis, culprit)), 2);
  page.labelled("Cause", page.clean(culprit.rule), 2);
  if (!culprit.why.empty()) page.labelled("", page.clean(culprit.why), 2);
  write_fixes(page, culprit, details);
  page.blank();
}

void write_culprits(Page& page, const Diagnosis& diagnosis, const Style& style, bool details) {
  constexpr std::size_t most = 2;
  const std::size_t shown = details ? diagnosis.culprits.size() : std::min(most, diagnosis.culprits.size());
  for (std::size_t i = 0; i < shown; ++i)
    write_culprit(page, diagnosis, diagnosis.culprits[i], details, style);
  for (std::size_t i = shown; i < std::min(shown + 3, diagnosis.culprits.size()); ++i) {
    const Culprit& culprit = diagnosis.culprits[i];
    page.labelled(i == shown ? "Also" : "",
                  page.clean(resource_words(culprit.resource) + ": " + culprit.rule), 2);
  }
  const std::size_t left = diagnosis.culprits.size() - std::min(shown + 3, diagnosis.culprits.size());
  if (left > 0) page.labelled("", "and " + std::to_string(left) + " more: --details");
}

void write_disagreements(Page& page, const Diagnosis& diagnosis, const Style& style) {
  for (const Contradiction& one : diagnosis.disagreements) {
    const std::string what = (one.endpoint.empty() ? std::string("the task") : one.endpoint) +
                             (one.finding.empty() ? "" : ": " + one.finding);
    page.titled("!", Tone::careful, page.clean(what), one.code);
    if (!one.addresses.empty()) page.labelled("Seen", page.clean(enumerate(one.addresses, 5)), 2);
    page.labelled("Cause", page.clean(one.why), 2);
    page.blank();
  }
  for (const Unexplained& one : diagnosis.unexplained) {
    page.titled("?", Tone::careful,
                page.clean((one.endpoint.empty() ? "" : one.endpoint + ": ") + one.finding), "not explained");
    page.labelled("Cause", page.clean("unknown: " + one.why), 2);
    page.blank();
  }
  (void)style;
}

/// The number of paths by their reach: "12 paths reachable, 3 unreachable".
std::string paths_words(const Diagnosis& diagnosis) {
  std::array<std::size_t, 4> counts{};
  for (const JudgedPath& path : diagnosis.paths) ++counts.at(static_cast<std::size_t>(path.reach));
  std::string text;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts.at(i) == 0) continue;
    text += (text.empty() ? "" : ", ") + std::to_string(counts.at(i)) + " " +
            std::string(to_string(static_cast<Reachability>(i)));
  }
  return text.empty() ? "no path judged" : "paths by configuration: " + text;
}

void write_paths(Page& page, const Diagnosis& diagnosis) {
  for (const JudgedPath& path : diagnosis.paths) {
    const std::string measured = path.measured.empty() ? "" : ", measured: " + path.measured;
    page.raw(page.clean(path.endpoint + " " + path.address) + ": " + std::string(to_string(path.reach)) +
             page.clean(measured) + "\n");
    for (const PathHop& hop : path.hops)
      page.labelled(to_string(hop.verdict),
                    page.clean(std::string(to_string(hop.kind)) + " " + hop.id + ": " + hop.by), 2);
  }
  if (!diagnosis.paths.empty()) page.blank();
}

/// What ECS says of the task that stopped: its first message and what it means.
void write_explanation(Page& page, const Diagnosis& diagnosis, const Style& style, bool details) {
  if (!diagnosis.explanation || diagnosis.explanation->messages.empty()) return;
  const ExplainedMessage& first = diagnosis.explanation->messages.front();
  const std::string text = page.clean(without_secrets(first.said.text, kLongestMessage));
  page.labelled("ECS says", details ? text : shorten(text, kShownOfMessage, style), 2);
  if (!first.meaning.empty()) page.labelled("", page.clean(first.meaning), 2);
  page.blank();
}

void write_not_seen(Page& page, const Diagnosis& diagnosis, bool details) {
  if (diagnosis.not_seen.empty()) return;
  std::vector<std::string> names;
  for (const NotSeen& part : diagnosis.not_seen)
    names.push_back(details ? part.what + " (" + part.why + ")" : part.what);
  page.labelled("Note", page.clean("not seen: " + enumerate(names, details ? names.size() : 6)), 2);
}

void write_footer(Page& page, const Diagnosis& diagnosis, const Style& style) {
  const Who& who = diagnosis.who;
  std::vector<std::string> parts;
  for (const std::string& part : {who.region, who.vpc, enumerate(who.subnets, 3)})
    if (!part.empty()) parts.push_back(part);
  parts.push_back(who.groups ? enumerate(*who.groups, 3)
                             : std::string("the task's security groups are not known"));
  parts.push_back(paths_words(diagnosis));
  std::string line;
  for (const std::string& part : parts) line += (line.empty() ? "" : style.utf8 ? " · " : " | ") + part;
  for (const std::string& wrapped : wrap(page.clean(line), page.width() - 2))
    page.raw("  " + paint(wrapped, Tone::faint, style) + "\n");
}

}  // namespace

std::string diagnosis_text(const Diagnosis& diagnosis, const Style& style, bool details) {
  const VerdictLook& look = look_of(diagnosis.verdict);
  Page page(style);
  const std::string end = std::string(look.word) + (diagnosis.measured ? "" : ", predicted") + ", exit " +
                          std::to_string(diagnosis.exit_code);
  page.titled(mark_of(look, style), look.tone, page.clean(diagnosis.summary), end);
  page.blank();
  write_culprits(page, diagnosis, style, details);
  write_disagreements(page, diagnosis, style);
  write_explanation(page, diagnosis, style, details);
  if (details) write_paths(page, diagnosis);
  write_not_seen(page, diagnosis, details);
  write_footer(page, diagnosis, style);
  return std::move(page).finish();
}

}  // namespace vpcprobe

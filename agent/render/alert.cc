#include "agent/render/alert.h"

#include <vector>

#include "agent/base/printable.h"
#include "agent/base/redact.h"
#include "agent/base/text_layout.h"
#include "agent/base/words.h"

namespace vpcprobe {
namespace {

constexpr Style kAscii{.colour = false, .utf8 = false};
constexpr std::size_t kLongestSubject = 99;
constexpr std::size_t kLongestHeadline = 300;
constexpr std::size_t kLongestLine = 240;
constexpr std::size_t kMostCulprits = 3;

std::string clean(const std::string& text, std::size_t most) {
  return shorten(printable(without_secrets(text, most * 4), false), most, kAscii);
}

std::string word_of(const Alert& alert) { return alert.is_over ? "OVER" : "FAIL"; }

std::string headline(const Alert& alert) {
  const Diagnosis& diagnosis = alert.diagnosis;
  if (alert.is_over && diagnosis.is_message_only)
    return "the service is stable, and the configuration allows every path that the task needs";
  const bool is_open = diagnosis.verdict == Verdict::pass || diagnosis.verdict == Verdict::warn;
  if (!alert.is_over && is_open) return "tasks fail to start, and no path is at fault: " + diagnosis.summary;
  return diagnosis.summary;
}

/// Lines in the order of their use. Those that do not fit are left out.
class Lines {
 public:
  explicit Lines(std::size_t most) : left_(most) {}

  /// True where it fits.
  bool add(const std::string& line) {
    if (line.empty() || line.size() + 1 > left_) return false;
    left_ -= line.size() + 1;
    text_ += line + "\n";
    return true;
  }
  std::string take() { return std::move(text_); }

 private:
  std::size_t left_;
  std::string text_;
};

void add_culprit(Lines& lines, const Diagnosis& diagnosis, const Culprit& culprit) {
  const std::string how = diagnosis.measured ? "Measured: " : "Predicted: ";
  const std::string part = culprit.is_part ? ", for a part of the connections" : "";
  lines.add(clean(how + culprit.finding + ": " + enumerate(culprit.endpoints, 5) + part, kLongestLine));
  if (culprit.fixes.empty()) return;
  const Change& fix = culprit.fixes.front();
  lines.add(clean("Fix: " + fix.text, kLongestLine));
  // Half a command is worse than none.
  if (!fix.command.empty() && !lines.add(printable(fix.command, false)))
    lines.add("The command is too long for this message.");
}

void add_stop_message(Lines& lines, const Diagnosis& diagnosis) {
  if (!diagnosis.explanation || diagnosis.explanation->messages.empty()) return;
  const ExplainedMessage& first = diagnosis.explanation->messages.front();
  lines.add(clean("ECS says: " + first.said.text, kLongestLine));
  if (!first.meaning.empty()) lines.add(clean("It means: " + first.meaning, kLongestLine));
}

void add_others(Lines& lines, const Diagnosis& diagnosis) {
  const std::vector<Culprit>& culprits = diagnosis.culprits;
  for (std::size_t i = 1; i < culprits.size() && i < kMostCulprits; ++i)
    lines.add(clean("Also: " + resource_words(culprits[i].resource) + ": " + culprits[i].rule, kLongestLine));
  if (culprits.size() > kMostCulprits)
    lines.add("And " + count_words(culprits.size() - kMostCulprits, "more culprit"));
  for (const Contradiction& one : diagnosis.disagreements)
    lines.add(clean(one.code + ": " + one.endpoint + ": " + one.why, kLongestLine));
  for (const Unexplained& one : diagnosis.unexplained)
    lines.add(clean("Not explained: " + one.finding + " " + one.endpoint + ": " + one.why, kLongestLine));
}

/// Where it is, and the page: always there.
std::string last_lines(const Alert& alert) {
  const Who& who = alert.diagnosis.who;
  std::string place;
  for (const std::string& part : {who.region, who.vpc, enumerate(who.subnets, 2)})
    if (!part.empty()) place += (place.empty() ? "" : ", ") + part;
  std::string text;
  if (!place.empty()) text += clean(place, kLongestLine) + "\n";
  if (!alert.page.empty()) text += clean("Page: " + alert.page, kLongestHeadline) + "\n";
  return text;
}

}  // namespace

std::string alert_subject(const Alert& alert) {
  const Diagnosis& diagnosis = alert.diagnosis;
  std::string what = " exit " + std::to_string(diagnosis.exit_code);
  if (!diagnosis.culprits.empty()) what = " " + diagnosis.culprits.front().finding;
  if (alert.is_over) what.clear();
  return clean("vpc-probe " + word_of(alert) + " " + alert.service + what, kLongestSubject);
}

std::string alert_text(const Alert& alert) {
  const Diagnosis& diagnosis = alert.diagnosis;
  const std::string last = last_lines(alert);
  Lines lines(kLongestAlert - last.size());
  lines.add(clean(word_of(alert) + " " + alert.service + ": " + headline(alert), kLongestHeadline));
  if (!alert.is_over) {
    if (!diagnosis.culprits.empty()) add_culprit(lines, diagnosis, diagnosis.culprits.front());
    add_stop_message(lines, diagnosis);
    add_others(lines, diagnosis);
  }
  return lines.take() + last;
}

}  // namespace vpcprobe

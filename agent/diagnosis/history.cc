#include "agent/diagnosis/history.h"

#include <algorithm>

#include "agent/diagnosis/words.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kRoundsKept = 10;
// One failure and its end are an outage of one round; twice within the rounds kept is no accident.
constexpr int kTurnsOfFlapping = 3;

/// The roots that make the verdict, "code" or "code:endpoint".
std::vector<std::string> reasons(const Report& report, bool with_endpoint) {
  const Severity least = report.verdict == Verdict::warn ? Severity::warning : Severity::error;
  std::vector<std::string> words;
  for (const Finding& finding : report.findings) {
    if (!finding.masked_by.empty() || finding.severity != least) continue;
    std::string word = finding.code;
    if (with_endpoint) {
      word += ":" + finding.endpoint;
      for (const std::string& id : finding.covers) word += ":" + id;
    }
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(std::move(word));
  }
  std::sort(words.begin(), words.end());
  return words;
}

std::string state_of(const Report& report) {
  std::string verdict(to_string(report.verdict));
  if (report.verdict == Verdict::fail) return enumerate(reasons(report, false));
  if (report.verdict == Verdict::warn) return verdict + " (" + enumerate(reasons(report, false)) + ")";
  return verdict;
}

std::string identity_of(const Report& report) {
  std::string identity(to_string(report.verdict));
  if (report.verdict == Verdict::incomplete) return identity;
  for (const std::string& reason : reasons(report, true)) identity += "\n" + reason;
  return identity;
}

Stability stability_of(const std::deque<bool>& failed) {
  int turns = 0;
  for (std::size_t i = 1; i < failed.size(); ++i) turns += failed[i] != failed[i - 1] ? 1 : 0;
  if (turns >= kTurnsOfFlapping) return Stability::flapping;
  return !failed.empty() && failed.back() ? Stability::outage : Stability::steady;
}

std::string span_words(std::chrono::system_clock::duration span) {
  using namespace std::chrono;
  const auto seconds_in = std::max<std::int64_t>(0, round<seconds>(span).count());
  constexpr std::int64_t minute = 60;
  constexpr std::int64_t hour = 60 * minute;
  constexpr std::int64_t day = 24 * hour;
  if (seconds_in < 2 * minute) return std::to_string(seconds_in) + " s";
  if (seconds_in < 2 * hour) return std::to_string(seconds_in / minute) + " min";
  if (seconds_in < 2 * day) return std::to_string(seconds_in / hour) + " h";
  return std::to_string(seconds_in / day) + " days";
}

}  // namespace

void Timeline::add(Report& report) {
  std::string identity = identity_of(report);
  History next;
  if (now_) next = *now_;
  next.round = now_ ? now_->round + 1 : 1;
  next.changed = now_ && identity != identity_;
  if (!now_ || next.changed) {
    if (next.changed) next.previous = as_previous_;
    next.state = state_of(report);
    next.since = report.started_at;
    as_previous_ = {report.verdict, report.exit_code, next.state, next.since};
    identity_ = std::move(identity);
  }
  if (report.verdict != Verdict::incomplete) failed_.push_back(report.verdict == Verdict::fail);
  if (failed_.size() > kRoundsKept) failed_.pop_front();
  next.stability = stability_of(failed_);
  now_ = next;
  report.history = std::move(next);
}

std::string change_words(const History& history) {
  if (!history.previous) return {};
  const PreviousState& before = *history.previous;
  return before.state + " → " + history.state + (before.state == history.state ? " elsewhere" : "") +
         " after " + span_words(history.since - before.since);
}

std::string_view to_string(Stability stability) {
  static constexpr std::string_view words[] = {"steady", "outage", "flapping"};
  return words[static_cast<std::size_t>(stability)];
}

}  // namespace vpcprobe

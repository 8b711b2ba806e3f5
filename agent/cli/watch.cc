// `watch`: the canary that probes for ever.
#include <algorithm>

#include "agent/base/exit_codes.h"
#include "agent/base/json_writer.h"
#include "agent/base/log.h"
#include "agent/base/pause.h"
#include "agent/base/schedule.h"
#include "agent/cli/heartbeat.h"
#include "agent/cli/rounds.h"
#include "agent/cli/verbs.h"
#include "agent/delivery/sinks.h"
#include "agent/diagnosis/history.h"
#include "probes/notice.h"

namespace vpcprobe {
namespace {

using std::chrono::milliseconds;

// How late a round may be before `health` says that the watch hangs.
constexpr milliseconds kGrace{5000};

std::string time_text(WallTime time) {
  std::string quoted;
  JsonWriter(quoted).value(time);
  return quoted.substr(1, quoted.size() - 2);
}

class Watch {
 public:
  explicit Watch(const Surroundings& around)
      : around_(around),
        sinks_(around),
        line_(around),
        rounds_(around, line_),
        begun_(monotonic_now()),
        phase_(draw_phase(around.options.every)) {
    beat(begun_);
    const std::string problem = board_.offer_locally(heartbeat_name(around.environment), notice_);
    if (!problem.empty()) log(LogLevel::warn, "vpc-probe health will not find this watch: " + problem);
  }

  Result<int> run() {
    const Options& options = around_.options;
    while (!around_.stop) {
      beat(monotonic_now());
      const auto until = std::chrono::steady_clock::now() + options.deadline;
      auto report = rounds_.next(sinks_.for_probing(options.deadline));
      line_.hide();
      if (!report && !last_ && !report.error().incomplete) return report.error();
      // A round that a signal cut short says less than the one before it.
      if (!report)
        miss(report.error().message);
      else if (!around_.stop || !last_)
        take(std::move(report.value()), until);
      if (around_.stop) break;
      const milliseconds next = begun_ + next_beat(monotonic_now() - begun_, options.every, phase_);
      beat(next);
      show_pause(next - monotonic_now());
      pause_for(next - monotonic_now(), around_.stop);
      line_.hide();
    }
    return finish();
  }

 private:
  static milliseconds draw_phase(milliseconds every) {
    return phase_of_watch(every, Jitter(random_seed()).next());
  }

  /// Says that a round begins at `start`, and what the last one found.
  void beat(milliseconds start) {
    heartbeat_.due_by = start + around_.options.deadline + kGrace;
    notice_.set(to_text(heartbeat_));
  }

  void take(Report report, Sink::Deadline until) {
    timeline_.add(report);
    const History& history = *report.history;
    heartbeat_.verdict = report.verdict;
    heartbeat_.exit_code = report.exit_code;
    heartbeat_.state = history.state;
    heartbeat_.since = time_text(history.since);
    const bool told = is_told(around_.options.report, report);
    sinks_.take(report, told ? Occasion::told : Occasion::untold, until);
    last_ = std::move(report);
  }

  /// The input was valid in the first round and may become valid again: the watch continues, and is unhealthy
  /// until then.
  void miss(const std::string& problem) {
    const std::string state = "no round: " + problem;
    if (heartbeat_.state == state) return;
    log(LogLevel::error, "a round could not be made: " + problem);
    heartbeat_.verdict = Verdict::incomplete;
    heartbeat_.exit_code = kIncomplete;
    heartbeat_.state = state;
    heartbeat_.since = time_text(std::chrono::system_clock::now());
  }

  void show_pause(milliseconds length) {
    if (!last_) return;
    const History& history = *last_->history;
    line_.pausing(heartbeat_.state, history.round, history.since, std::chrono::steady_clock::now() + length);
  }

  Result<int> finish() {
    if (!last_) return kIncomplete;
    last_->history->changed = false;  // it was reported when it was new
    last_->history->last = true;
    sinks_.take(*last_, Occasion::again, std::chrono::steady_clock::now() + around_.options.deadline);
    return last_->exit_code;
  }

  const Surroundings& around_;
  Sinks sinks_;
  ProgressLine line_;
  Rounds rounds_;
  Timeline timeline_;
  std::optional<Report> last_;
  Heartbeat heartbeat_;
  Notice notice_;
  NoticeBoard board_;
  milliseconds begun_;
  milliseconds phase_;
};

}  // namespace

bool is_told(ReportWhich which, const Report& report) {
  const History& history = *report.history;
  const bool fails = report.verdict == Verdict::fail || report.verdict == Verdict::incomplete;
  switch (which) {
    case ReportWhich::always:
      return true;
    case ReportWhich::changes:
      return history.changed || history.round == 1;
    case ReportWhich::failures:
      return fails;
  }
  return true;
}

Result<int> watch(const Surroundings& around) { return Watch(around).run(); }

}  // namespace vpcprobe

// `wait`: the gate that opens when everything answers.
#include <algorithm>

#include "agent/base/exit_codes.h"
#include "agent/base/log.h"
#include "agent/base/pause.h"
#include "agent/base/schedule.h"
#include "agent/cli/rounds.h"
#include "agent/cli/verbs.h"
#include "agent/delivery/sinks.h"
#include "agent/diagnosis/history.h"

namespace vpcprobe {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

int end_with(Sinks& sinks, Report& report, Occasion occasion, Clock::time_point until) {
  report.history->last = true;
  if (occasion == Occasion::again) report.history->changed = false;  // it was reported when it was new
  sinks.take(report, occasion, until);
  return report.exit_code;
}

}  // namespace

Result<int> wait_until_pass(const Surroundings& around) {
  const Options& options = around.options;
  const auto end = Clock::now() + options.wait_for;
  const auto left = [&] { return std::chrono::duration_cast<milliseconds>(end - Clock::now()); };
  Jitter jitter(random_seed());
  Sinks sinks(around);
  ProgressLine line(around);
  Rounds rounds(around, line);
  rounds.await_no_controls();
  Timeline timeline;
  std::optional<Report> last;
  for (unsigned round = 0;; ++round) {
    const auto begun = Clock::now();
    const milliseconds limit = std::min(options.deadline, std::max(left(), milliseconds(0)));
    auto report = rounds.next(sinks.for_probing(limit));
    line.hide();
    if (!report && !last && !report.error().incomplete) return report.error();
    if (!report) log(LogLevel::error, "a round could not be made: " + report.error().message);
    // A round that a signal or the end of the time cut short says less than the one before it.
    const bool counts = report && (!last || report.value().verdict != Verdict::incomplete);
    const auto taken = std::chrono::duration_cast<milliseconds>(Clock::now() - begun);
    if (counts) {
      timeline.add(report.value());
      last = std::move(report.value());
    }
    const bool passes = last && last->exit_code == kPass;
    const auto pause = pause_before_retry(round, left(), taken + taken / 4, jitter.next());
    if (!last && (!pause || around.stop)) return kIncomplete;
    if (passes || !pause || around.stop)
      return end_with(sinks, *last, counts ? Occasion::told : Occasion::again, begun + limit);
    const bool told = counts && (last->history->changed || last->history->round == 1);
    if (counts) sinks.take(*last, told ? Occasion::told : Occasion::untold, begun + limit);
    if (last)
      line.pausing(last->history->state, last->history->round, last->history->since, Clock::now() + *pause);
    pause_for(*pause, around.stop);
    line.hide();
    if (around.stop && !last) return kIncomplete;
    if (around.stop) return end_with(sinks, *last, Occasion::again, Clock::now() + options.deadline);
  }
}

}  // namespace vpcprobe

#include "agent/cli/progress.h"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "agent/base/printable.h"
#include "agent/base/status_line.h"
#include "agent/base/text_layout.h"
#include "agent/base/words.h"
#include "agent/delivery/console.h"
#include "probes/signals_blocked.h"

namespace vpcprobe {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kTick{100};
constexpr milliseconds kQuiet{250};    // a healthy round is over before
constexpr milliseconds kSilence{200};  // an answer from another region takes as long

constexpr std::array<const char*, 7> kDoing{"",
                                            "reads the task metadata",
                                            "",
                                            "asks AWS what it allows",
                                            "asks AWS what it allows and rehearses the image pull",
                                            "",
                                            ""};

std::string of(unsigned part, unsigned whole, std::string_view noun) {
  return std::to_string(part) + " of " + count_words(whole, noun);
}

}  // namespace

std::string probing_words(const ProbingMoment& moment) {
  if (moment.addresses == 0) return of(moment.names_known, moment.names, "name") + " resolved";
  std::string words =
      of(moment.answering, moment.addresses, "address") + (moment.addresses == 1 ? " answers" : " answer");
  if (moment.silent > 0 && moment.silent_for >= kSilence)
    words += ", " + std::to_string(moment.silent) + " silent for " + duration_words(moment.silent_for);
  if (moment.names_known < moment.names)
    words += ", " + of(moment.names - moment.names_known, moment.names, "name") + " not resolved yet";
  return words;
}

std::string pause_words(const PauseMoment& moment) {
  return "round " + std::to_string(moment.round) + ": " + moment.state + " for " +
         std::to_string(moment.lasts.count()) + " s; next round in " +
         std::to_string(moment.next_in.count()) + " s";
}

ProgressLine::ProgressLine(const Surroundings& around) {
  if (!has_status_line(around.environment("TERM"))) return;
  utf8_ = style_of(around, true).utf8;
  const SignalsBlocked blocked;
  drawer_ = std::thread([this] { draw_until_end(); });
}

ProgressLine::~ProgressLine() {
  if (!drawer_.joinable()) return;
  hide();
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_one();
  drawer_.join();
}

void ProgressLine::doing(Doing what) {
  if (!drawer_.joinable()) return;
  const std::lock_guard lock(mutex_);
  if (doing_ == Doing::nothing || doing_ == Doing::pausing) shown_from_ = Clock::now() + kQuiet;
  doing_ = what;
  if (what == Doing::nothing) clear_status_line();
}

void ProgressLine::pausing(const std::string& state, std::int64_t round,
                           std::chrono::system_clock::time_point since, Clock::time_point next) {
  if (!drawer_.joinable()) return;
  const std::lock_guard lock(mutex_);
  doing_ = Doing::pausing;
  pause_.round = round;
  pause_.state = state;
  pause_since_ = since;
  pause_end_ = next;
  shown_from_ = Clock::now();
}

void ProgressLine::waiting(const std::string& words) {
  if (!drawer_.joinable()) return;
  const std::lock_guard lock(mutex_);
  if (doing_ == Doing::waiting && words == waited_for_) return;
  doing_ = Doing::waiting;
  waited_for_ = words;
  waiting_since_ = Clock::now();
  shown_from_ = Clock::now() + kQuiet;
}

void ProgressLine::draw_until_end() {
  std::unique_lock lock(mutex_);
  while (!ended_) {
    if (doing_ != Doing::nothing && Clock::now() >= shown_from_) {
      Style style;
      style.utf8 = utf8_;
      const std::string line = printable(words() + (utf8_ ? " …" : " ..."), utf8_);
      show_status_line(shorten(line, std::max(terminal_columns(STDERR_FILENO), 20U) - 1, style));
    }
    changed_.wait_for(lock, kTick);
  }
}

std::string ProgressLine::words() const {
  if (doing_ == Doing::pausing) {
    PauseMoment moment = pause_;
    moment.lasts = std::chrono::duration_cast<seconds>(std::chrono::system_clock::now() - pause_since_);
    moment.next_in = std::max(std::chrono::ceil<seconds>(pause_end_ - Clock::now()), seconds(0));
    return pause_words(moment);
  }
  if (doing_ == Doing::waiting) {
    const auto lasts = std::chrono::duration_cast<seconds>(Clock::now() - waiting_since_);
    return waited_for_ + (lasts.count() == 0 ? "" : " for " + std::to_string(lasts.count()) + " s");
  }
  if (doing_ != Doing::probing) return kDoing.at(static_cast<std::size_t>(doing_));
  ProbingMoment moment;
  moment.names = probes_.names;
  moment.names_known = probes_.names_known;
  moment.addresses = probes_.addresses;
  moment.answering = probes_.answering;
  moment.silent = probes_.connecting;
  moment.silent_for = probes_.since_last_connect();
  return probing_words(moment);
}

}  // namespace vpcprobe

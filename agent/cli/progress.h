#pragma once
// The line on a terminal that says what is waited for, while there is no report yet.
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "agent/task/surroundings.h"
#include "probes/progress.h"

namespace vpcprobe {

/// What a round does at a moment.
enum class Doing : std::uint8_t { nothing, preparing, probing, asking, pulling, pausing, waiting };

/// A moment of the probing.
struct ProbingMoment {
  unsigned names = 0, names_known = 0;
  unsigned addresses = 0, answering = 0, silent = 0;
  std::chrono::milliseconds silent_for{0};  ///< at least
};
/// "3 of 14 addresses answer, 8 silent for 1.2 s".
std::string probing_words(const ProbingMoment& moment);

/// Between two rounds.
struct PauseMoment {
  std::int64_t round = 1;
  std::string state;              ///< as History::state
  std::chrono::seconds lasts{0};  ///< how long that state has been
  std::chrono::seconds next_in{0};
};
/// "round 3: gateway-route-missing for 74 s; next round in 12 s".
std::string pause_words(const PauseMoment& moment);

/// Shows what a command does on stderr, where that is a terminal; else it does nothing at all. One thread
/// draws; the others of this class's functions belong to the thread that made it.
class ProgressLine {
 public:
  explicit ProgressLine(const Surroundings& around);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// Where the probes say how far they are.
  ProbeProgress& probes() { return probes_; }

  void doing(Doing what);
  /// A pause until `next`; `since` is when the state began.
  void pausing(const std::string& state, std::int64_t round, std::chrono::system_clock::time_point since,
               std::chrono::steady_clock::time_point next);
  /// Waits for something that `words` name: "waits until Lambda starts 2 of 3 functions". The line says for
  /// how long.
  void waiting(const std::string& words);
  /// Takes the line away: what is written next starts on a line of its own.
  void hide() { doing(Doing::nothing); }

 private:
  void draw_until_end();
  std::string words() const;

  ProbeProgress probes_;
  bool utf8_ = true;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false;
  Doing doing_ = Doing::nothing;
  std::chrono::steady_clock::time_point shown_from_;  ///< what is over sooner does not flicker
  std::string waited_for_;
  std::chrono::steady_clock::time_point waiting_since_;
  PauseMoment pause_;
  std::chrono::system_clock::time_point pause_since_;
  std::chrono::steady_clock::time_point pause_end_;
  std::thread drawer_;
};

}  // namespace vpcprobe

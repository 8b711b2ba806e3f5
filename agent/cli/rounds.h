#pragma once
#include <chrono>
#include <optional>

#include "agent/cli/commands.h"
#include "agent/cli/kept_controls.h"
#include "agent/cli/progress.h"
#include "agent/diagnosis/report.h"
#include "agent/task/context.h"

namespace vpcprobe {

/// Where this process runs, as far as its caller knows; empty members are unknown.
struct Place {
  std::string region;
  std::string account;
};

/// Probes once or repeatedly. A round finds out where it runs, plans, probes and diagnoses.
class Rounds {
 public:
  explicit Rounds(const Surroundings& around, Place place = {}) : around_(around), place_(std::move(place)) {}
  /// Each round says on `line` what it does. The line must outlive this, and is hidden by the caller.
  Rounds(const Surroundings& around, ProgressLine& line) : around_(around), line_(&line) {}

  /// One round within `deadline`, or what the user got wrong. A mistake shows in the first round or never:
  /// task metadata that answered once is kept for rounds in which it does not.
  Result<Report> next(std::chrono::milliseconds deadline);
  /// A round in which everything answers waits for no control from now on: a gate opens at once. With
  /// --require-private it does all the same, as the verdict depends on it.
  void await_no_controls() { awaits_controls_ = false; }

 private:
  TaskContext look_around(std::chrono::milliseconds limit);
  /// What is wrong with them, or nothing.
  std::optional<UsageError> read_files_once(std::chrono::steady_clock::time_point end);
  bool must_await_controls() const;

  void says(Doing what) const {
    if (line_ != nullptr) line_->doing(what);
  }

  const Surroundings& around_;
  ProgressLine* line_ = nullptr;
  Place place_;                       ///< for what neither the metadata nor the environment say
  std::optional<TaskContext> known_;  ///< the last that was read without a problem
  TaskContext files_;                 ///< what the files say that the options name
  bool files_read_ = false;
  bool awaits_controls_ = true;
  KeptControls controls_;
};

}  // namespace vpcprobe

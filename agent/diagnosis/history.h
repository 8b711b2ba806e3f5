#pragma once
#include <deque>
#include <optional>
#include <string>

#include "agent/diagnosis/report.h"

namespace vpcprobe {

/// Tells each report what came before it. Keeps the last rounds only, however long it runs.
class Timeline {
 public:
  /// Sets `report.history`. Reports come in the order of their rounds.
  void add(Report& report);

 private:
  std::string identity_;  ///< what must be the same for a state to be the same
  std::optional<History> now_;
  PreviousState as_previous_;  ///< the present state, as the next one will call it
  std::deque<bool> failed_;    ///< the last rounds that came to a verdict
};

/// "private-name-missing → pass after 74 s"; empty without a state before.
std::string change_words(const History& history);

}  // namespace vpcprobe

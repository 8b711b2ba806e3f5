#pragma once
// What the controls of earlier rounds said: a healthy round waits for none, and its paths keep their names.
#include <chrono>
#include <vector>

#include "probes/observation.h"

namespace vpcprobe {

/// Pure: the caller says what time it is.
class KeptControls {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// Routes change: what is older says nothing.
  static constexpr std::chrono::minutes kLifetime{10};

  /// True where a round must wait for its controls, as nothing is known of them.
  bool are_due(TimePoint now) const { return controls_.empty() || now - since_ >= kLifetime; }
  /// Keeps what a round's controls said, if they were probed to their end; else puts what is kept in their
  /// place. Controls that the round did not need stay as they are.
  void update(std::vector<EndpointObservation>& controls, TimePoint now);

 private:
  std::vector<EndpointObservation> controls_;
  TimePoint since_{};
};

}  // namespace vpcprobe

#include "agent/base/pause.h"

#include <algorithm>
#include <thread>

namespace vpcprobe {

std::chrono::milliseconds time_left(std::chrono::steady_clock::time_point end) {
  using std::chrono::milliseconds;
  const auto left = std::chrono::duration_cast<milliseconds>(end - std::chrono::steady_clock::now());
  return std::max(left, milliseconds(0));
}

void pause_for(std::chrono::milliseconds length, const std::atomic<bool>& stop) {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::milliseconds kLookAtStop{100};
  const auto end = Clock::now() + length;
  for (auto now = Clock::now(); now < end && !stop; now = Clock::now())
    std::this_thread::sleep_until(std::min(end, now + kLookAtStop));
}

}  // namespace vpcprobe

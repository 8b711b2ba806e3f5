#pragma once
#include <atomic>
#include <chrono>

namespace vpcprobe {

/// From now to `end`; 0 where that is over.
std::chrono::milliseconds time_left(std::chrono::steady_clock::time_point end);

/// Sleeps for `length`, or until `stop` is set (noticed within 100 ms).
void pause_for(std::chrono::milliseconds length, const std::atomic<bool>& stop);

}  // namespace vpcprobe

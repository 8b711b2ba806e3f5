#pragma once
#include <atomic>
#include <chrono>

namespace vpcprobe {

/// Sleeps for `length`, or until `stop` is set (noticed within 100 ms).
void pause_for(std::chrono::milliseconds length, const std::atomic<bool>& stop);

}  // namespace vpcprobe

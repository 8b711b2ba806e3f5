#pragma once
#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>

#include "agent/base/result.h"

namespace vpcprobe {

/// The whole of a file, or of stdin for "-", if it has at most `most` bytes. `stop` set by a signal (noticed
/// within 100 ms) and `end` end the wait for a FIFO or a terminal.
Result<std::string> read_input(
    const std::string& path, std::size_t most, const std::atomic<bool>& stop,
    std::chrono::steady_clock::time_point end = std::chrono::steady_clock::time_point::max());

}  // namespace vpcprobe

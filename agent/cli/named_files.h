#pragma once
#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "agent/base/result.h"
#include "agent/task/context.h"
#include "agent/task/options.h"

namespace vpcprobe {

/// The whole of a file, or of stdin for "-", if it has at most `most` bytes. `stop` set by a signal (noticed
/// within 100 ms) and `end` end the wait for a FIFO or a terminal.
Result<std::string> read_input(
    const std::string& path, std::size_t most, const std::atomic<bool>& stop,
    std::chrono::steady_clock::time_point end = std::chrono::steady_clock::time_point::max());

/// Reads the files that the options name (--task-definition, --from) into the context, until `end`. Nothing
/// is returned if they are right.
std::optional<UsageError> read_named_files(const Options& options, const std::atomic<bool>& stop,
                                           std::chrono::steady_clock::time_point end, TaskContext& context);

/// The certificates of --ca-file as PEM; empty where none is named.
Result<std::string> read_ca_file(const Options& options, const std::atomic<bool>& stop,
                                 std::chrono::steady_clock::time_point end);

}  // namespace vpcprobe

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

/// Reads the files that the options name (--task-definition, --from) into the context, until `end`. Nothing
/// is returned if they are right.
std::optional<UsageError> read_named_files(const Options& options, const std::atomic<bool>& stop,
                                           std::chrono::steady_clock::time_point end, TaskContext& context);

/// The certificates of --ca-file as PEM; empty where none is named.
Result<std::string> read_ca_file(const Options& options, const std::atomic<bool>& stop,
                                 std::chrono::steady_clock::time_point end);

}  // namespace vpcprobe

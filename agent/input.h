#pragma once
#include <atomic>
#include <cstddef>
#include <string>

#include "agent/options.h"
#include "agent/result.h"
#include "agent/task_context.h"

namespace vpcprobe {

/// The whole of a file, or of stdin for "-", if it has at most `most` bytes. `stop` set by a signal ends the
/// wait for stdin.
Result<std::string> read_input(const std::string& path, std::size_t most, const std::atomic<bool>& stop);

/// Reads the files that the options name (--task-definition, --from) into the context.
/// Nothing is returned if they are right.
std::string read_named_files(const Options& options, const std::atomic<bool>& stop, TaskContext& context);

}  // namespace vpcprobe

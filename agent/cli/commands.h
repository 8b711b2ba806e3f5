#pragma once
#include <atomic>
#include <span>
#include <string>
#include <string_view>

#include "agent/base/result.h"
#include "agent/task/surroundings.h"

namespace vpcprobe {

/// A verb of the command line; returns the exit code. A new command is a row.
struct Command {
  std::string_view name;
  std::string_view summary;  ///< for --help
  Result<int> (*run)(const Surroundings&);
  bool writes_code = false;     ///< knows the formats of infrastructure as code
  std::string_view words = {};  ///< what may follow it, for --help: "[TEXT]"; empty where nothing may
};
std::span<const Command> commands();
/// The row with this name, or null.
const Command* find_command(std::string_view name);

}  // namespace vpcprobe

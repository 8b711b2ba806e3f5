#pragma once
#include <atomic>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/base/result.h"
#include "agent/cli/verb_set.h"
#include "agent/task/surroundings.h"

namespace vpcprobe {

/// A verb of the command line; returns the exit code. A new verb is a row here, a value of `Verb`, and a
/// file.
struct Command {
  Verb verb;
  std::string_view name;
  std::string_view summary;  ///< one line for --help
  Result<int> (*run)(const Surroundings&);
  FormatSet formats;              ///< values of --format besides the automatic one
  std::string_view words = {};    ///< what may follow it, for --help: "[TEXT]"; empty where nothing may
  std::string_view example = {};  ///< one command for --help
};
std::span<const Command> commands();
/// "run, wait, watch".
std::string verb_names(VerbSet verbs);
/// The values of `--format` that a verb knows: "text, json".
std::string format_list(const Command& command);
/// The row with this name, or null.
const Command* find_command(std::string_view name);

}  // namespace vpcprobe

#pragma once
#include <string_view>

#include "agent/base/write.h"
#include "agent/render/render.h"
#include "agent/task/surroundings.h"

namespace vpcprobe {

/// True where stdout is a terminal.
bool is_terminal();
/// True where what a command prints goes to a terminal: there is no --output.
bool on_terminal(const Options& options);

/// How a text may look, by the environment and by whether a terminal shows it.
Style style_of(const Surroundings& around, bool terminal);
/// The same for what `write_output` writes.
Style style_of(const Surroundings& around);

/// Writes to stdout within 800 ms, and by `until`. A failure is logged and changes neither verdict nor
/// exit code. False if not all of the text was written.
bool write_to_stdout(std::string_view text, WriteDeadline until = WriteDeadline::max());
/// Writes what is no report (a table, a plan) to --output, or to stdout. Gives `exit_code`, or what is wrong
/// with --output.
Result<int> write_output(const Options& options, std::string_view text, int exit_code = 0);

}  // namespace vpcprobe

#pragma once
#include <string_view>

#include "agent/commands.h"
#include "agent/render.h"

namespace vpcprobe {

/// How a text may look on stdout or in --output, by the environment and by whether a terminal shows it.
Style style_of(const Surroundings& around);

/// True where what is written goes to a terminal.
bool on_terminal(const Options& options);

/// Writes to --output, or to stdout within 2 s. What fails is logged and changes no verdict: the exit code
/// still tells.
void write_output(const Options& options, std::string_view text);

/// Writes the report in the format asked for.
void print_report(const Surroundings& around, const Report& report);

}  // namespace vpcprobe

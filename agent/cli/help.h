#pragma once
#include <string>

#include "agent/cli/commands.h"

namespace vpcprobe {

/// What `vpc-probe --help` prints: one screen.
std::string help_text();
/// What `vpc-probe VERB --help` prints: the options of this verb, with one example.
std::string help_text(const Command& command);

}  // namespace vpcprobe

#pragma once
#include <optional>
#include <string>

#include "agent/task/surroundings.h"

namespace vpcprobe {

/// Shows `table` on a terminal and asks on it whether to go on; anything but y or yes is no. With --yes it
/// does not ask. Without a terminal to ask on, that is a mistake: the error says what to give. The user's no
/// is an error too, as is a signal.
std::optional<UsageError> confirm(const Surroundings& around, const std::string& table);

}  // namespace vpcprobe

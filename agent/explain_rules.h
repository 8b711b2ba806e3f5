#pragma once
#include <string_view>

#include "agent/rules.h"

namespace vpcprobe {

/// What is known of a finding code, for texts: the row of the rules, or, for what only a message can show so
/// far, a row of `explain`'s own. Null for no code.
const Rule* find_explained(std::string_view code);

}  // namespace vpcprobe

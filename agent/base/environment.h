#pragma once
#include <functional>
#include <string>

namespace vpcprobe {

/// The variables of the process, or a test's: null where one is not set.
using Environment = std::function<const char*(const char*)>;
/// The variable's value; empty where it is not set.
std::string value_of(const Environment& environment, const char* name);

}  // namespace vpcprobe

#pragma once
#include <string>

#include "agent/diagnosis/report.h"

namespace vpcprobe {

/// One sentence without a stop: with whose credentials permissions were checked, or why they were not.
std::string permission_words(const Report& report);

/// The same in a few words.
std::string short_permission_words(const Report& report);

}  // namespace vpcprobe

#pragma once
#include <cstddef>
#include <string>

#include "agent/diagnosis/report.h"

namespace vpcprobe {

/// The report as a line of JSON of at most `most` bytes. One that is longer is cut down to fewer addresses
/// for each endpoint, first those that connect, and its `sinks` say so under the name `sink`. Empty where
/// even the endpoints' names are too much.
std::string render_shortened(const Report& report, std::size_t most, const std::string& sink);

}  // namespace vpcprobe

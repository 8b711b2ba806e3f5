#pragma once
#include "agent/base/json_node.h"
#include "agent/image/report.h"

namespace vpcprobe {

/// An entry of a saved report's `images`; a wrong one throws WrongDocument with its place.
ImageReport read_image(const JsonNode& node);

}  // namespace vpcprobe

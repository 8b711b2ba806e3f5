#pragma once
#include "agent/image_report.h"
#include "agent/json_node.h"

namespace vpcprobe {

/// An entry of a saved report's `images`; a wrong one throws WrongDocument with its place.
ImageReport read_image(const JsonNode& node);

}  // namespace vpcprobe

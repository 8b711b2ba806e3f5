#pragma once
#include <vector>

#include "agent/base/json_writer.h"
#include "agent/image/report.h"
#include "agent/render/text_page.h"

namespace vpcprobe {

/// The value of `images`.
void write_images(JsonWriter& json, const std::vector<ImageReport>& images);

/// Two lines or so for each image: whether it can be pulled, and what was seen of that.
/// The image with its mark and platform.
void write_image_line(Page& page, const ImageReport& image, const Style& style);
void write_images(Page& page, const std::vector<ImageReport>& images, const Style& style);

}  // namespace vpcprobe

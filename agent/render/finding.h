#pragma once
// One finding, as every output shows it.
#include "agent/base/json_writer.h"
#include "agent/diagnosis/report.h"
#include "agent/render/text_page.h"

namespace vpcprobe {

/// The finding as an object of the report (contract, section 3).
void write_finding(JsonWriter& json, const Finding& finding);

/// Everything about it: what was seen, its causes, what ECS says, checks and fixes.
void write_error(Page& page, const Finding& finding, const Style& style);
/// It works: what was seen and one thing to do are enough.
void write_warning(Page& page, const Finding& finding, const Style& style);
/// Its title.
void write_note(Page& page, const Finding& finding, const Style& style);

}  // namespace vpcprobe

#pragma once
#include <string>

#include "agent/doctor/diagnosis.h"
#include "agent/render/render.h"

namespace vpcprobe {

/// For a terminal: the culprits with their fixes, one screen. `details`: every culprit, fix and path.
std::string diagnosis_text(const Diagnosis& diagnosis, const Style& style, bool details);
/// One line, schema vpc-probe/diagnosis/1 (agent/render/diagnosis.schema.json).
std::string diagnosis_json(const Diagnosis& diagnosis);
/// A page of its own: the path to each endpoint hop by hop, with the rule that blocks it.
std::string diagnosis_html(const Diagnosis& diagnosis);

}  // namespace vpcprobe

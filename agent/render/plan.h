#pragma once
#include <string>

#include "agent/base/style.h"
#include "agent/plan/sheet.h"

namespace vpcprobe {

std::string plan_text(const PlanSheet& sheet, const Style& style);
/// One line, schema vpc-probe/plan/1 (plan.schema.json).
std::string plan_json(const PlanSheet& sheet);

}  // namespace vpcprobe

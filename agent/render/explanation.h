#pragma once
#include <string>

#include "agent/base/style.h"
#include "agent/explain/explain.h"

namespace vpcprobe {

std::string explanation_text(const Explanation& explanation, const Style& style);
/// One line, schema "vpc-probe/explanation/1".
std::string explanation_json(const Explanation& explanation);

}  // namespace vpcprobe

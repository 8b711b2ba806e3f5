#pragma once
// A finding code as a message of ECS shows it: its evidence and the texts of its rule.
#include <string_view>

#include "agent/explain/explain.h"
#include "agent/explain/subject.h"

namespace vpcprobe {

/// `row` is the message's, or null.
Finding finding_of(std::string_view code, const ExplainedMessage& message, const ExplainSubject& subject,
                   const EcsMessage* row);

}  // namespace vpcprobe

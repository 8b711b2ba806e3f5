#pragma once
#include <string>
#include <vector>

#include "agent/diagnosis/report.h"

namespace vpcprobe {

/// What a signed call came to, for people: "secretsmanager:GetSecretValue on app/db: let through, 12 ms".
/// Foreign text is in it.
std::string call_words(const CallObservation& call);

}  // namespace vpcprobe

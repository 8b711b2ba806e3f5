#pragma once
#include <string_view>

#include "agent/calls/denial.h"
#include "agent/plan/plan.h"

namespace vpcprobe {

/// What a signed call's answer means.
struct CallVerdict {
  std::string_view code;  ///< of the finding: "denied-endpoint-policy", "throttled"; empty for none
  Denial denial;          ///< where the code is a denial's
};
CallVerdict verdict_of(const CallObservation& call);

/// How much a refusal of `call` says of what the task does.
enum class Weight : std::uint8_t {
  task,    ///< the task's own call would be refused
  likely,  ///< a name of ours was refused: the task's may be let through by a policy that goes by names
  sample   ///< another action than the task's
};
Weight weight_of(const CallObservation& call);

/// True where `role` is the one whose call this endpoint (or its object) gets from the task.
bool is_made_by(Role role, const PlannedEndpoint& planned, const CallObservation& call);

}  // namespace vpcprobe

#pragma once
// The doctor as a Lambda function outside of the VPC: an event says which service fails, the verdict goes to
// the destinations of --notify.
#include <atomic>
#include <chrono>
#include <string>

#include "agent/cli/lambda.h"
#include "agent/cli/rounds.h"

namespace vpcprobe {

/// One invocation.
struct DoctorCall {
  std::string event;
  std::chrono::milliseconds time_left;  ///< until the answer must be there
  Place place;                          ///< of the function
};

/// Diagnoses the service that the event names (agent/doctor/ecs_event.h, agent/cli/lambda_event.h), and says
/// what is new. One that names none asks about each service with an open fault. Gives the response as JSON:
/// {"subject": …, "said": "nothing", "fault" or "over", "why": …, "warnings": […], "diagnosis": …}, or a list
/// of those. The error says what is wrong with the event, or what failed: a destination, the state,
/// credentials.
Result<std::string> diagnose_event(const Start& start, const DoctorCall& call, const std::atomic<bool>& stop);

}  // namespace vpcprobe

#pragma once
#include <atomic>
#include <chrono>

#include "agent/plan/plan.h"
#include "probes/http.h"

namespace vpcprobe {

/// Asks the API of each endpoint that answered, at an address that did, with `keys`, and adds what came to
/// `seen.endpoints[…].calls`. Each call takes `settings.stage_timeout` at most, all together `limit`; where
/// that is too short, `seen.asked_complete` becomes false. `stop` ends it within 100 ms.
void ask_services(const Plan& plan, const AwsKeys& keys, std::chrono::milliseconds limit, Observation& seen,
                  const std::atomic<bool>& stop);

}  // namespace vpcprobe

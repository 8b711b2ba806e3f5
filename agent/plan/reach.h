#pragma once
// How the probes of one address ended, against what the plan asks of it.
#include <cstdint>

#include "agent/plan/plan.h"
#include "probes/observation.h"

namespace vpcprobe {

/// How the TCP connect to one address ended.
enum class Reach : std::uint8_t {
  unknown,  ///< not attempted, or the deadline came first
  connects,
  silent,
  refused,
  unreachable  ///< the kernel or a router said no, with any errno
};
Reach reach_of(const AddressObservation& seen);

/// True where every stage up to `until` went well, as far as it can be judged: any HTTP answer will do where
/// AWS is not expected to answer.
bool works(const PlannedEndpoint& planned, const AddressObservation& seen);

/// True where an HTTP answer must come from AWS: not for a custom target or a registry outside AWS.
bool expects_aws_answer(const PlannedEndpoint& planned);

/// True where the endpoint belongs to another region than the task: no ordinary endpoint leads there.
bool in_other_region(const PlannedEndpoint& planned, const Plan& plan);

/// True where the task cannot use the address's family at all.
bool family_missing(const AddressObservation& seen);

}  // namespace vpcprobe

#pragma once
#include <string>
#include <vector>

#include "agent/diagnosis/reach.h"
#include "agent/diagnosis/report.h"
#include "agent/plan/plan.h"

namespace vpcprobe {

struct PathInference {
  Path path = Path::unknown;
  std::string evidence;  ///< one sentence: why this path, or why none can be named
};

/// Which path the traffic to an endpoint goes, as far as reachability tells. Pure. A gateway endpoint is
/// named only where public addresses of a service that has one answer while a control outside its prefix list
/// does not. Where NAT exists besides, from inside the two look the same, and the path stays unknown.
PathInference infer_path(const PlannedEndpoint& planned, const EndpointReport& seen,
                         const EgressView& egress);

/// `known` (the task's subnet, --vpc-cidr) and what follows from it: a VPC's IPv6 block is its own /56, and
/// where the task itself lives in a public IPv4 range that AWS does not publish, so does its VPC (a /16 at
/// most).
NetworkRanges widen_to_vpc(NetworkRanges known, const std::vector<IpAddress>& own_addresses);

}  // namespace vpcprobe

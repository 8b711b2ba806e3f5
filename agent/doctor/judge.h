#pragma once
// From the endpoints of a report to packets, and from packets to hops.
#include <deque>

#include "agent/aws/catalog.h"
#include "agent/doctor/fault.h"

namespace vpcprobe {

/// Every address of every endpoint, from each subnet of the task. Where nothing was measured, the addresses
/// are those that the configuration gives the name. The report must outlive the result.
std::deque<Judged> judge_endpoints(const Configuration& configuration, const Report& report, const Who& who,
                                   bool measured);

/// PrivateLink's name of the endpoint that serves a host; empty where none does.
std::string service_of(const EndpointReport& endpoint, const std::string& region);
std::string service_of(const EndpointReport& endpoint, const std::string& region, EndpointType type);

/// True for a predicted path to public addresses where it is not known whether the name leads there.
bool is_name_open(const Judged& judged);

/// The findings that follow from what is unreachable: what a probe would say.
std::vector<Finding> predict(const Report& report, const std::deque<Judged>& judged);

}  // namespace vpcprobe

#pragma once
#include "agent/image/courier.h"
#include "agent/plan/plan.h"
#include "probes/http.h"

namespace vpcprobe {

/// True for a registry that is opened with AWS credentials.
bool wants_aws_login(const PlannedEndpoint& registry);

/// The signed call that gives the registry's token. Only for one that wants it.
Errand login_errand(const PlannedEndpoint& registry, const Plan& plan, const AwsKeys& keys);

}  // namespace vpcprobe

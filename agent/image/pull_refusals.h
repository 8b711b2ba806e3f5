#pragma once
#include "agent/image/pull.h"
#include "agent/plan/plan.h"
#include "probes/observation.h"

namespace vpcprobe {

/// The place in `plan` of the endpoint that a hop is about: its host's own, else that of the same service and
/// region (a bucket belongs to S3), else `registry`, the place of the image's registry.
std::size_t endpoint_of(const Plan& plan, std::size_t registry, const Hop& hop);

/// Whether the answer becomes a call of an endpoint: a rate limit of any host, and a refusal by ECR. Other
/// registries refuse requests without a login of their own; that is no AWS policy.
bool is_call(const PlannedEndpoint& registry, const Hop& hop);

/// What was refused in the pulls, as calls of the endpoints: denials and rate limits are judged there,
/// whoever was asked. `ecr:BatchGetImage` is what ECR checks for a manifest, `ecr:GetDownloadUrlForLayer` for
/// a blob (AWS: "Private repository policies").
void add_refusals(const Plan& plan, const PullObservation& pulls, Observation& seen);

}  // namespace vpcprobe

#pragma once
#include "agent/plan.h"
#include "agent/pull.h"
#include "probes/observation.h"

namespace vpcprobe {

/// What registries refused in the pulls, as calls of the endpoints: denials and rate limits are judged there,
/// whoever was asked. `ecr:BatchGetImage` is what ECR checks for a manifest, `ecr:GetDownloadUrlForLayer` for
/// a blob (AWS: "Private repository policies").
void add_refusals(const Plan& plan, const PullObservation& pulls, Observation& seen);

}  // namespace vpcprobe

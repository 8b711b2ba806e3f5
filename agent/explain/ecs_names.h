#pragma once
// The names of ECS objects in a message, to fill the commands that it suggests.
#include <string>
#include <string_view>

#include "agent/explain/evidence.h"

namespace vpcprobe {

/// Empty if the text does not name it. Letters, digits, `-` and `_` only, so each is safe in a command.
struct EcsNames {
  std::string cluster;
  std::string service;
  std::string task;  ///< its ID: describe-tasks takes it instead of the ARN
};

/// From ARNs ("…:task/CLUSTER/ID", "…:service/CLUSTER/NAME"), the target of ECS Exec
/// ("ecs:CLUSTER_ID_RUNTIME") and service events ("(service NAME) …").
EcsNames ecs_names_in(std::string_view text, const MessageEvidence& evidence);

/// `command` with <cluster>, <service> and <task-arn> filled, as far as they are known.
std::string with_names(std::string command, const EcsNames& names);

}  // namespace vpcprobe

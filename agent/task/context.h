#pragma once
#include <optional>
#include <string>
#include <vector>

#include "agent/base/result.h"
#include "agent/task/container.h"
#include "agent/task/credentials_view.h"
#include "agent/task/definition.h"
#include "agent/task/recorded_run.h"
#include "probes/address.h"

namespace vpcprobe {

/// What is known of the place this runs in. Every field may be empty: not known is not wrong.
struct TaskContext {
  std::string region;
  std::string account;
  std::string task_arn;
  std::string cluster;
  std::string launch_type;  ///< "FARGATE", "EC2"
  std::string availability_zone;
  std::string availability_zone_id;
  std::vector<Cidr> subnets;
  std::vector<IpAddress> source_addresses;
  std::vector<SocketAddress> resolvers;  ///< DomainNameServers
  std::string private_dns_name;
  std::vector<ContainerContext> containers;
  std::string clock_status;  ///< ClockDrift.ClockSynchronizationStatus

  // From files that the user names:
  std::optional<TaskDefinition> definition;  ///< takes precedence over `containers`
  std::optional<RecordedRun> recorded;       ///< a saved report

  // From the process, not from the metadata:
  bool in_ecs = false;           ///< ECS_CONTAINER_METADATA_URI_V4 is set
  std::string metadata_problem;  ///< why the metadata could not be read; empty if it was, or none is there
  std::vector<std::string>
      proxy_variables;          ///< names only (HTTPS_PROXY …), never values: they may hold passwords
  CredentialsView credentials;  ///< below `--depth api` only where they would come from
};

/// Reads the answer of `${ECS_CONTAINER_METADATA_URI_V4}/task`. Lenient: unknown or missing fields are left
/// out, wrong types are an error that names the field. Bounded: at most 4 MiB of text, 64 levels,
/// 256 containers. Left out on purpose: the platform's own containers, and log options that a plan cannot
/// use, since they may hold tokens.
Result<TaskContext> parse_task_metadata(std::string_view json);

}  // namespace vpcprobe

#pragma once
// Where log drivers send, FireLens with its outputs among them.
#include <string>
#include <string_view>

#include "agent/aws/catalog.h"
#include "agent/task/container.h"
#include "agent/task/traffic.h"

namespace vpcprobe {

/// Log options may hold tokens, so only what a plan can use is read: everything of awslogs, of FireLens the
/// output with its region and address, of the other drivers the address.
bool is_kept_log_option(std::string_view option);

/// Where a container's log driver sends. Either `service` or `host` is set; neither where nothing leaves the
/// machine, or where it is not said.
struct LogDestination {
  std::string_view reason;  ///< "logs {of}": {of} is the container, {what} the output
  const Service* service = nullptr;
  std::string region;  ///< of the service; empty for the task's own
  std::string host;
  std::uint16_t port = 443;
  Until until = Until::tls;
  Role role = Role::none;
  std::string group;         ///< of awslogs, where it must be there; empty where the driver may create it
  std::string output;        ///< the FireLens plugin's name, as written
  bool is_unknown = false;   ///< the options do not say where it sends
  bool by_datagram = false;  ///< over UDP, so that nothing answers a probe
};

/// Sources: the ECS guide on log drivers and FireLens, Docker's on its drivers, Fluent Bit's manual of
/// outputs. Fluent Bit reads names of options without regard to case, so they are read so here.
LogDestination log_destination(const ContainerContext& container);

}  // namespace vpcprobe

#pragma once
#include <atomic>
#include <chrono>

#include "agent/task/context.h"
#include "agent/task/options.h"
#include "probes/interfaces.h"

namespace vpcprobe {

/// Finds out where this runs: the ECS task metadata (one request, at most 2 s and at most `limit`), then
/// environment variables and /etc/resolv.conf for what it leaves open. Never fails: what could not be had is
/// empty, and `metadata_problem` says why.
TaskContext gather_context(const Environment& environment, const std::atomic<bool>& stop,
                           std::chrono::milliseconds limit);

/// Where no metadata named the subnet, the machine's own interfaces stand in: their addresses and the ranges
/// on their links. For what probes from here; a plan may be made anywhere.
void add_own_interfaces(TaskContext& context, const std::vector<InterfaceAddress>& own);

/// The name servers of a resolv.conf, in order; lines that are none are passed over.
std::vector<SocketAddress> parse_resolv_conf(std::string_view text);

}  // namespace vpcprobe

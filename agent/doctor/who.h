#pragma once
// Whose packets are judged: the task's VPC, subnets and security groups, and how they are known.
#include <optional>
#include <string>
#include <vector>

#include "agent/diagnosis/report.h"
#include "agent/doctor/configuration.h"

namespace vpcprobe {

struct Who {
  std::string vpc;
  std::vector<std::string> subnets;                ///< empty: not known
  std::optional<std::vector<std::string>> groups;  ///< empty optional: not known
  std::vector<IpAddress> addresses;                ///< of the task's interface; empty where it is not known
  std::optional<bool> has_public_address;
  std::string region;
  std::vector<std::string> sources;  ///< how that is known, a sentence each
};

/// What the user said: --subnet-ids, --task-security-group.
struct SaidWho {
  std::vector<std::string> subnets, groups;
};

/// What was said goes first; then the ECS service and task that were read; then the network interface that
/// has the report's source address; then the only subnet with the report's range. What none of them gives
/// stays unknown.
Who find_who(const Configuration& configuration, const ReportContext& context, const SaidWho& said);

}  // namespace vpcprobe

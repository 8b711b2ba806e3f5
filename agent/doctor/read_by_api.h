#pragma once
// Configuration by signed calls: first what ECS says of the service or task, then the VPC that its subnets,
// groups or address belong to.
#include <string>
#include <vector>

#include "agent/base/result.h"
#include "agent/calls/api_client.h"

namespace vpcprobe {

/// Whose configuration is read. Of the lists, those that are known.
struct ReadingSubject {
  std::string region;  ///< of a known partition
  std::string cluster, service, task;
  std::vector<std::string> subnets, groups;    ///< ids
  std::vector<std::string> addresses, ranges;  ///< of a report: where it was made
};

struct ReadByApi {
  /// One document a line, as read_configuration takes them; refused calls stand in a NotSeen document.
  std::string documents;
};

/// The error is a mistake (no such service, several VPCs that fit) or, as incomplete, credentials that AWS
/// does not accept. A refused call is no error.
Result<ReadByApi> read_by_api(ApiClient& client, const ReadingSubject& subject);

}  // namespace vpcprobe

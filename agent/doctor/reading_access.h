#pragma once
// What reading configuration needs, for people: the IAM policy, and the AWS CLI calls that write the same
// file.
#include <string>
#include <string_view>
#include <vector>

namespace vpcprobe {

/// An action on one resource.
struct NarrowRight {
  std::string action;    ///< "sns:Publish"
  std::string resource;  ///< ARN
};

/// The smallest policy that lets every call of the table through, and `more`: JSON, ready for `aws iam
/// create-policy`.
std::string reading_policy(const std::vector<NarrowRight>& more = {});
/// The same with what `--probe lambda` and `--clean-up` need besides, in the partition of `region` (empty:
/// aws).
std::string probing_policy(std::string_view region, const std::vector<NarrowRight>& more = {});

/// What the script is for. What is empty comes from the variables AWS_REGION, SUBNETS and GROUPS_OF_TASK when
/// the script runs. SUBNETS must be set where nothing here says where the task is. The texts go into a shell
/// script: no character of theirs may have a meaning there.
struct ScriptSubject {
  std::string region;
  std::vector<std::string> subnets, groups;
  std::vector<std::string> addresses;  ///< IP addresses of a report
  std::string cluster, service;
};

/// A POSIX shell script that prints the configuration as `doctor --config` reads it. A refused call becomes a
/// NotSeen document.
std::string reading_script(const ScriptSubject& subject);

}  // namespace vpcprobe

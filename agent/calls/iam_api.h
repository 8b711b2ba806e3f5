#pragma once
// Calls of IAM's API (2010-05-08) for one role that Lambda assumes.
#include <string>
#include <string_view>

#include "agent/calls/aws_api.h"

namespace vpcprobe {

/// A role that lambda.amazonaws.com may assume. The tag stands in the call that makes it.
struct NewRole {
  std::string name;
  std::string path;  ///< "/vpc-probe/"
  std::string description;
  std::string tag, tag_value;
};

ApiCallRequest create_role(const NewRole& role);
ApiCallRequest get_role(const std::string& name);
ApiCallRequest attach_role_policy(const std::string& name, const std::string& policy);
ApiCallRequest detach_role_policy(const std::string& name, const std::string& policy);
ApiCallRequest delete_role(const std::string& name);

/// The role's ARN in an answer to CreateRole or GetRole; empty where it holds none.
std::string role_arn_in(std::string_view json);

}  // namespace vpcprobe

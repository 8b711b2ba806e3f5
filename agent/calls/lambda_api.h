#pragma once
// Calls of AWS Lambda's API (2015-03-31) and what its answers say of a function. Source: botocore's model;
// AWS: "Lambda function states", "Giving Lambda functions access to resources in an Amazon VPC".
#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "agent/base/result.h"
#include "agent/calls/aws_api.h"

namespace vpcprobe {

/// What CreateFunction is told: a function of the custom runtime, in one VPC.
struct NewFunction {
  std::string name, description;
  std::string role;          ///< ARN
  std::string architecture;  ///< "x86_64", "arm64"
  std::string zip;           ///< the archive in base64
  std::vector<std::string> subnets, groups;
  std::map<std::string, std::string> variables;
  std::map<std::string, std::string> tags;
  std::chrono::seconds timeout{};
};

ApiCallRequest create_function(const NewFunction& function);
ApiCallRequest get_function(const std::string& name);
/// Waits for the answer: `patience` must be longer than the function may take.
ApiCallRequest invoke_function(const std::string& name, std::string event,
                               std::chrono::milliseconds patience);
/// Puts it into other groups of the same subnets.
ApiCallRequest change_groups(const std::string& name, const std::vector<std::string>& subnets,
                             const std::vector<std::string>& groups);
ApiCallRequest delete_function(const std::string& name);
ApiCallRequest list_functions(const std::string& next_token);

/// What GetFunctionConfiguration and ListFunctions say. ListFunctions leaves the states empty.
struct FunctionState {
  std::string name, description, role;
  std::string state;         ///< "Pending", "Active", "Inactive", "Failed"
  std::string state_reason;  ///< one line that may be shown
  std::string last_update;   ///< "Successful", "Failed", "InProgress"
  std::string last_update_reason;
  std::string vpc;
  std::vector<std::string> subnets, groups;

  bool is_in_transition() const { return state == "Pending" || last_update == "InProgress"; }
};

/// Reads the answer to GetFunctionConfiguration. Lenient: what is missing or of another type is empty.
FunctionState read_function(std::string_view json);
/// Those of one page of ListFunctions; none where it holds none.
std::vector<FunctionState> read_function_list(std::string_view json);

}  // namespace vpcprobe

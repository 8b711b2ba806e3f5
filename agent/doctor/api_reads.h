#pragma once
// The calls by which `doctor` reads configuration, one row each. The table drives the reading, the IAM
// policy, the script of AWS CLI calls and their tests. All of them only read.
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/calls/aws_api.h"

namespace vpcprobe {

struct ApiRead {
  std::string_view api;     ///< as find_api takes it; policies name actions by it
  std::string_view action;  ///< "DescribeSubnets"
  std::string_view part;    ///< what is not seen where the call is refused: the document's top-level key
  /// The variable over whose values the call is made, once for each; empty: it is made once.
  std::string_view per;
  /// The body; for REST the path and query. {vpc} and the like become values: encoded in a form and a query,
  /// as JSON strings in JSON.
  std::string_view parameters;
  std::string_view
      cli;  ///< the same for the AWS CLI, with shell variables: "ec2 describe-vpcs --vpc-ids $vpc"
  std::string_view what_for;  ///< what the reasoner takes from it
  bool needs_permission = true;
  bool adds_subject = false;  ///< the answer does not say whose it is: the id is added as PrefixListId
};

/// What the VPC of a task is found by: its subnets, its groups, or an address that it had.
std::span<const ApiRead> seed_reads();
/// What is read of the VPC, and what those answers refer to.
std::span<const ApiRead> vpc_reads();
std::span<const ApiRead> reference_reads();
/// What ECS says of a service, of its stopped tasks, of a task.
std::span<const ApiRead> ecs_reads();
/// The row of an action in one of the tables; it must be there.
const ApiRead& api_read(std::string_view action);

/// Values of the variables in the templates.
using ReadValues = std::map<std::string, std::vector<std::string>, std::less<>>;

/// The call of a row for one value of `row.per`.
ApiCallRequest request_of(const ApiRead& row, const ReadValues& values, const std::string& subject);

}  // namespace vpcprobe

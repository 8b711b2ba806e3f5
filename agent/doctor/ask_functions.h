#pragma once
// Makes the functions, waits until Lambda runs them, and asks each once.
#include <optional>
#include <string>
#include <vector>

#include "agent/base/result.h"
#include "agent/doctor/aws_side.h"
#include "agent/doctor/function_package.h"
#include "agent/doctor/inside_functions.h"

namespace vpcprobe {

/// What came of one function.
struct InsideAnswer {
  std::string report;   ///< the response: a report as JSON; empty where there is none
  std::string problem;  ///< one line: why there is none
};

/// Marks the functions of the plan that are there already. The error is that AWS refuses to say.
std::optional<UsageError> find_kept_functions(const AwsSide& side, InsidePlan& plan);

/// The ARN of the region's role, which is made where it is not there, with the policy for a VPC.
Result<std::string> make_role(const AwsSide& side, const std::string& region);

struct InsideOrder {
  const FunctionPackage& package;
  std::string role;   ///< ARN
  std::string event;  ///< the options, as the function takes them
};

/// The answers stand in the order of the plan's functions. A function that is there is used as it is; its
/// groups are set again where they are not the plan's. Until `side.end`.
std::vector<InsideAnswer> ask_functions(const AwsSide& side, const InsidePlan& plan,
                                        const InsideOrder& order);

}  // namespace vpcprobe

#pragma once
// Takes away what `doctor` made: functions first, the role last.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/base/result.h"
#include "agent/doctor/aws_side.h"
#include "agent/doctor/inside_functions.h"

namespace vpcprobe {

/// What is there of ours in a region.
struct MadeByUs {
  std::vector<FunctionState> functions;
  bool has_role = false;
};
/// The error is that AWS refuses to say.
Result<MadeByUs> find_made(const AwsSide& side, const std::string& region);

/// What came of a removal.
struct Removal {
  std::vector<std::string> gone;  ///< names of functions
  std::vector<std::string> left;  ///< what stays and what is to know, a line each
};

/// Deletes functions. Each goes into the default group of its VPC first: a network interface stays for 20
/// minutes or more after its function, and keeps its groups from being deleted.
Removal remove_functions(const AwsSide& side, const std::vector<FunctionState>& functions);

/// Deletes the role of the region, unless a function has it, or a network interface that AWS still removes
/// with it. Lambda lists functions for a while after their end: `gone` ones do not count. Returns why the
/// role stays, a line; empty where it is gone.
std::string remove_role(const AwsSide& side, const std::string& region, const std::vector<std::string>& gone);

}  // namespace vpcprobe

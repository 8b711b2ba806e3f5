#pragma once
// The functions by which `doctor` looks from inside: what they are named, so that all of them are found
// again, and what is said of them before they are made. Pure.
#include <string>
#include <string_view>
#include <vector>

#include "agent/calls/lambda_api.h"

namespace vpcprobe {

/// One function in one of the task's subnets.
struct InsideFunction {
  std::string name;
  std::string subnet, zone;
  std::vector<std::string> groups;
  bool is_there = false;  ///< kept by an earlier run, and used again
};

/// What is made in a region. A name says by itself that it is ours: the call that makes a resource also
/// makes it one that `--clean-up` finds.
struct InsidePlan {
  std::string region;
  std::string given_role;  ///< ARN of --lambda-role; empty: a role is made
  std::vector<InsideFunction> functions;
  bool is_kept = false;  ///< --keep
};

inline constexpr std::string_view kFunctionPrefix = "vpc-probe-doctor-";
inline constexpr std::string_view kRolePath = "/vpc-probe/";
inline constexpr std::string_view kTag = "vpc-probe";
inline constexpr std::string_view kTagValue = "doctor";

/// The same for the same subnet, groups (in any order) and program.
std::string function_name(std::string_view subnet, std::vector<std::string> groups, std::string_view digest);
/// What a function of ours says of itself.
std::string function_description(std::string_view subnet);
/// By name and description.
bool is_ours(const FunctionState& function);

/// "vpc-probe-doctor-eu-west-1": one role for the functions of a region.
std::string role_name(std::string_view region);
/// The managed policy that lets a function into a VPC, in the region's partition.
std::string vpc_access_policy(std::string_view region);

/// What will be made, for a person who decides: a line for each resource.
std::string plan_table(const InsidePlan& plan);
/// What will be deleted. `has_role`: the role of the region is there.
std::string removal_table(const std::string& region, const std::vector<FunctionState>& functions,
                          bool has_role);

}  // namespace vpcprobe

#include "agent/doctor/function_rights.h"

#include <array>
#include <set>

#include "agent/aws/catalog.h"
#include "agent/doctor/inside_functions.h"

namespace vpcprobe {
namespace {

constexpr std::string_view kOnlyThisPolicy =
    R"({"ArnEquals": {"iam:PolicyARN": "arn:{partition}:iam::aws:policy/service-role/)"
    R"(AWSLambdaVPCAccessExecutionRole"}})";
constexpr std::string_view kOnlyToLambda =
    R"({"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}})";

constexpr std::array kRights = std::to_array<FunctionRight>({
    {.action = "lambda:CreateFunction", .on = RightOn::function, .what_for = "one function in each subnet"},
    {.action = "lambda:TagResource",
     .on = RightOn::function,
     .what_for = "the tag in CreateFunction",
     .is_called = false},
    {.action = "lambda:GetFunctionConfiguration",
     .on = RightOn::function,
     .what_for = "whether a function is there, is active, is gone"},
    {.action = "lambda:InvokeFunction", .on = RightOn::function, .what_for = "the probes from the subnet"},
    {.action = "lambda:UpdateFunctionConfiguration",
     .on = RightOn::function,
     .what_for = "the VPC's default group before deletion, so that the task's groups are free"},
    {.action = "lambda:DeleteFunction", .on = RightOn::function, .what_for = "nothing is left behind"},
    {.action = "lambda:ListFunctions", .what_for = "--clean-up, and whether a function still has the role"},
    {.action = "ec2:GetSecurityGroupsForVpc",
     .what_for = "Lambda asks it of whoever puts a function into a VPC",
     .is_called = false},
    {.action = "iam:CreateRole", .on = RightOn::role, .what_for = "the functions' role"},
    {.action = "iam:TagRole", .on = RightOn::role, .what_for = "the tag in CreateRole", .is_called = false},
    {.action = "iam:GetRole", .on = RightOn::role, .what_for = "a role that is there already; --clean-up"},
    {.action = "iam:DeleteRole", .on = RightOn::role, .what_for = "nothing is left behind"},
    {.action = "iam:AttachRolePolicy",
     .on = RightOn::role,
     .what_for = "AWSLambdaVPCAccessExecutionRole: Lambda makes the network interface with it",
     .condition = kOnlyThisPolicy},
    {.action = "iam:DetachRolePolicy",
     .on = RightOn::role,
     .what_for = "a role with a policy cannot be deleted",
     .condition = kOnlyThisPolicy},
    {.action = "iam:PassRole",
     .on = RightOn::role,
     .what_for = "CreateFunction gives the role to Lambda",
     .condition = kOnlyToLambda,
     .is_called = false},
});

std::string resource_of(RightOn on, const std::string& partition) {
  const std::string name(kFunctionPrefix);
  switch (on) {
    case RightOn::function:
      return "arn:" + partition + ":lambda:*:*:function:" + name + "*";
    case RightOn::role:
      return "arn:" + partition + ":iam::*:role" + std::string(kRolePath) + name + "*";
    case RightOn::everything:
      break;
  }
  return "*";
}

/// The rows with the same resource and condition as `first`.
std::string statement_of(const FunctionRight& first, const std::string& partition) {
  std::string actions;
  for (const FunctionRight& right : kRights) {
    if (right.on != first.on || right.condition != first.condition) continue;
    actions += (actions.empty() ? "" : ",\n") + ("        \"" + std::string(right.action)) + "\"";
  }
  std::string text = "    {\n      \"Effect\": \"Allow\",\n      \"Action\": [\n" + actions +
                     "\n      ],\n      \"Resource\": \"" + resource_of(first.on, partition) + "\"";
  std::string condition(first.condition);
  const std::size_t place = condition.find("{partition}");
  if (place != std::string::npos) condition.replace(place, std::string_view("{partition}").size(), partition);
  if (!condition.empty()) text += ",\n      \"Condition\": " + condition;
  return text + "\n    }";
}

}  // namespace

std::span<const FunctionRight> function_rights() { return kRights; }

std::string function_statements(std::string_view region) {
  const Partition* found = find_partition(region);
  const std::string partition(found == nullptr ? "aws" : found->id);
  std::string text;
  std::set<std::pair<RightOn, std::string_view>> said;
  for (const FunctionRight& right : kRights)
    if (said.insert({right.on, right.condition}).second)
      text += (text.empty() ? "" : ",\n") + statement_of(right, partition);
  return text;
}

}  // namespace vpcprobe

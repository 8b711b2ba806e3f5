#include "agent/doctor/inside_functions.h"

#include <algorithm>

#include "agent/aws/catalog.h"
#include "agent/base/digest.h"
#include "agent/base/printable.h"
#include "agent/base/words.h"

namespace vpcprobe {
namespace {

constexpr std::string_view kDescription = "vpc-probe doctor: probes from ";
constexpr std::size_t kDigestLength = 16;

std::string line_of(const char* kind, const std::string& name, const std::string& what) {
  return "  " + std::string(kind) + "  " + name + (what.empty() ? "" : "  " + what) + "\n";
}

}  // namespace

std::string function_name(std::string_view subnet, std::vector<std::string> groups, std::string_view digest) {
  std::sort(groups.begin(), groups.end());
  std::string whole(subnet);
  for (const std::string& group : groups) whole += " " + group;
  return std::string(kFunctionPrefix) + digest_of(whole + " " + std::string(digest));
}

std::string function_description(std::string_view subnet) {
  return std::string(kDescription) + std::string(subnet);
}

bool is_ours(const FunctionState& function) {
  if (!function.name.starts_with(kFunctionPrefix) || !function.description.starts_with(kDescription))
    return false;
  const std::string_view digest = std::string_view(function.name).substr(kFunctionPrefix.size());
  return digest.size() == kDigestLength &&
         digest.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string role_name(std::string_view region) { return std::string(kFunctionPrefix) + std::string(region); }

std::string vpc_access_policy(std::string_view region) {
  const Partition* partition = find_partition(region);
  return "arn:" + std::string(partition == nullptr ? "aws" : partition->id) +
         ":iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole";
}

std::string plan_table(const InsidePlan& plan) {
  const bool is_all_there = std::all_of(plan.functions.begin(), plan.functions.end(),
                                        [](const InsideFunction& function) { return function.is_there; });
  std::string text = "doctor makes these in " + plan.region +
                     (plan.is_kept ? " and keeps them (--keep):\n" : " and deletes them afterwards:\n");
  if (plan.given_role.empty() && !is_all_there)
    text += line_of("IAM role       ", role_name(plan.region), "with AWSLambdaVPCAccessExecutionRole");
  for (const InsideFunction& function : plan.functions)
    text += line_of("Lambda function", function.name,
                    "in " + function.subnet + (function.zone.empty() ? "" : " (" + function.zone + ")") +
                        " with " + enumerate(function.groups) +
                        (function.is_there ? "; it is there already" : ""));
  text +=
      "Lambda makes a network interface for each subnet. AWS removes it 20 minutes or more after the "
      "function.\n";
  return text;
}

std::string removal_table(const std::string& region, const std::vector<FunctionState>& functions,
                          bool has_role) {
  std::string text = "doctor deletes these in " + region + ":\n";
  for (const FunctionState& function : functions)
    text += line_of("Lambda function", function.name,
                    function.subnets.empty() ? "" : "in " + printable(enumerate(function.subnets), false));
  if (has_role) text += line_of("IAM role       ", role_name(region), "");
  return text;
}

}  // namespace vpcprobe

#include "agent/doctor/reading_access.h"

#include <algorithm>
#include <array>
#include <set>
#include <span>

#include "agent/base/joined.h"
#include "agent/doctor/api_reads.h"
#include "agent/doctor/function_rights.h"

namespace vpcprobe {
namespace {

/// How the script finds the values of a variable, once those before it are known.
struct ScriptVariable {
  std::string_view name;
  std::string_view commands;  ///< what prints them, in any number of lines and tabs
};
constexpr std::array kVariables = std::to_array<ScriptVariable>({
    {"vpc",
     "for subnet in $subnet_ids; do\n"
     "    aws ec2 describe-subnets --subnet-ids $subnet --query 'Subnets[].VpcId' --output text\n"
     "  done\n"
     "  for group in $group_ids; do\n"
     "    aws ec2 describe-security-groups --group-ids $group --query 'SecurityGroups[].VpcId' --output "
     "text\n"
     "  done\n"
     "  for address in $addresses; do\n"
     "    aws ec2 describe-network-interfaces --filters Name=addresses.private-ip-address,Values=$address "
     "\\\n"
     "      --query 'NetworkInterfaces[].VpcId' --output text\n"
     "  done"},
    {"prefix_list",
     "for vpc in $vpc_ids; do\n"
     "    aws ec2 describe-route-tables --filters Name=vpc-id,Values=$vpc \\\n"
     "      --query 'RouteTables[].Routes[].DestinationPrefixListId' --output text\n"
     "    aws ec2 describe-security-groups --filters Name=vpc-id,Values=$vpc \\\n"
     "      --query 'SecurityGroups[].[IpPermissions, IpPermissionsEgress][][].PrefixListIds[].PrefixListId' "
     "--output text\n"
     "  done"},
    {"resolver_rule",
     "for vpc in $vpc_ids; do\n"
     "    aws route53resolver list-resolver-rule-associations --filters Name=VPCId,Values=$vpc \\\n"
     "      --query 'ResolverRuleAssociations[].ResolverRuleId' --output text\n"
     "  done"},
});

constexpr std::string_view kStart = R"(#!/bin/sh
# Prints the configuration of a task's VPC for: vpc-probe doctor --config FILE
# It makes Describe, List and Get calls of the AWS CLI only, and changes nothing.
#   sh read-vpc.sh > vpc.json
set -u
export AWS_PAGER= AWS_DEFAULT_OUTPUT=json
)";

constexpr std::string_view kFunctions = R"(
answer=$(mktemp) && trap 'rm -f "$answer"' EXIT

# PART ARGUMENTS...: what the AWS CLI prints, or why the part was not seen.
read_part() {
  part=$1
  shift
  if problem=$({ aws "$@" > "$answer"; } 2>&1); then
    cat "$answer"
  else
    problem=$(printf '%s' "$problem" | tr -s '[:cntrl:] ' ' ' | LC_ALL=C tr -cd ' -~' | tr -d '"\\')
    printf '{"NotSeen":[{"what":"%s","why":"%.160s"}]}\n' "$part" "${problem# }"
  fi
}

# Each word once, without the CLI's word for nothing.
words() { tr -s ' \t' '\n\n' | grep -v -x -e None -e '' | sort -u; }

)";

constexpr std::string_view kTasks = R"(
tasks=${TASKS:-$(aws ecs list-tasks --cluster "$cluster" --service-name "$service" --desired-status STOPPED \
  --query 'taskArns[]' --output text 2>&- | words | head -n 100)}
)";

std::string assignment(const char* name, const std::string& value, const char* variable,
                       const char* otherwise) {
  if (value.empty()) return std::string(name) + "=${" + variable + otherwise + "}\n";
  return std::string(name) + "='" + value + "'\n";
}

/// "for vpc in $vpc_ids; do read_part …; done", below what it is for.
std::string line_of(const ApiRead& row) {
  const std::string call = "read_part " + std::string(row.part) + " " + std::string(row.cli);
  const std::string why = "# " + std::string(row.what_for) + "\n";
  if (row.per.empty()) return why + call + "\n";
  const std::string name(row.per);
  return why + "for " + name + " in $" + name + "_ids; do " + call + "; done\n";
}

std::string lines_of(std::span<const ApiRead> rows) {
  std::string text;
  for (const ApiRead& row : rows) text += line_of(row);
  return text;
}

std::string variable_lines(std::string_view name) {
  const auto row = std::find_if(kVariables.begin(), kVariables.end(),
                                [&](const ScriptVariable& variable) { return variable.name == name; });
  return std::string(name) + "_ids=$({\n  " + std::string(row->commands) + "\n} 2>&- | words)\n";
}

/// The service's part: what ECS says, and the subnets and groups from it.
std::string ecs_lines() {
  std::string text = "service_ids=$service\n";
  text += std::string(kTasks);
  text +=
      "task_definition_ids=$(aws ecs describe-services --cluster \"$cluster\" --services \"$service\" \\\n"
      "  --query 'services[].taskDefinition' --output text 2>&- | words)\n"
      "network='services[].networkConfiguration.awsvpcConfiguration'\n";
  for (const auto& [variable, member] :
       {std::array{"subnet_ids", "subnets"}, std::array{"group_ids", "securityGroups"}})
    text += std::string(variable) + "=${" + variable +
            ":-$(aws ecs describe-services --cluster \"$cluster\" --services \"$service\" \\\n"
            "  --query \"$network." +
            member + "[]\" --output text 2>&- | words)}\n";
  for (const ApiRead& row : ecs_reads()) {
    if (row.action == "ListTasks") continue;  // made above
    const bool is_optional = row.action == "DescribeTasks";
    text += is_optional ? "if [ -n \"$tasks\" ]; then\n" + line_of(row) + "fi\n" : line_of(row);
  }
  return text;
}

}  // namespace

namespace {

std::string reading_statement() {
  std::set<std::string> actions;
  for (const auto rows : {ecs_reads(), seed_reads(), vpc_reads(), reference_reads()})
    for (const ApiRead& row : rows)
      if (row.needs_permission) actions.insert(std::string(row.api) + ":" + std::string(row.action));
  std::string list;
  for (const std::string& action : actions)
    list += (list.empty() ? "" : ",\n") + ("        \"" + action) + "\"";
  return "    {\n      \"Effect\": \"Allow\",\n      \"Action\": [\n" + list +
         "\n      ],\n      \"Resource\": \"*\"\n    }";
}

std::string statements_of(const std::vector<NarrowRight>& rights) {
  std::string text;
  for (const NarrowRight& right : rights)
    text += ",\n    {\n      \"Effect\": \"Allow\",\n      \"Action\": \"" + right.action +
            "\",\n      \"Resource\": \"" + right.resource + "\"\n    }";
  return text;
}

std::string policy_of(const std::string& statements) {
  return "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n" + statements + "\n  ]\n}\n";
}

}  // namespace

std::string reading_policy(const std::vector<NarrowRight>& more) {
  return policy_of(reading_statement() + statements_of(more));
}

std::string probing_policy(std::string_view region, const std::vector<NarrowRight>& more) {
  return policy_of(reading_statement() + ",\n" + function_statements(region) + statements_of(more));
}

std::string reading_script(const ScriptSubject& subject) {
  const bool has_service = !subject.cluster.empty() && !subject.service.empty();
  std::string text(kStart);
  text += assignment("region", subject.region, "AWS_REGION", ":?set AWS_REGION");
  text += "export AWS_DEFAULT_REGION=\"$region\" AWS_REGION=\"$region\"\n";
  if (has_service) {
    text += assignment("cluster", subject.cluster, "CLUSTER", ":?");
    text += assignment("service", subject.service, "SERVICE", ":?");
  }
  const bool is_known = has_service || !subject.groups.empty() || !subject.addresses.empty();
  const char* wanted = is_known ? ":-" : ":?set SUBNETS to the ids of the subnets of the task";
  text += assignment("subnet_ids", joined(subject.subnets, " "), "SUBNETS", wanted);
  text += assignment("group_ids", joined(subject.groups, " "), "GROUPS_OF_TASK", ":-");
  text += "addresses='" + joined(subject.addresses, " ") + "'\n";
  text += kFunctions;
  if (has_service) text += ecs_lines() + "\n";
  text += variable_lines("vpc") + "\n" + lines_of(vpc_reads()) + "\n";
  for (const char* name : {"prefix_list", "resolver_rule"}) text += variable_lines(name);
  text += "\n" + lines_of(reference_reads());
  text += "echo '{\"ResolverRules\":[]}'\n";
  return text;
}

}  // namespace vpcprobe

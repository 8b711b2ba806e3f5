#include <algorithm>

#include "agent/base/joined.h"
#include "agent/plan/infrastructure.h"

namespace vpcprobe {
namespace {

std::string words_or(const std::vector<std::string>& words, std::string_view placeholder) {
  return words.empty() ? std::string(placeholder) : joined(words, " ");
}

/// `name='value'  # what`, the values aligned by nothing: they may be long.
std::string variable(std::string_view name, const std::string& value, std::string_view what) {
  return std::string(name) + "='" + value + "'  # " + std::string(what) + '\n';
}

std::string head(const Infrastructure& made) {
  std::string text =
      "#!/bin/sh\n"
      "# Creates the endpoints that a task needs in a subnet without a path to the internet, in " +
      made.region +
      ".\n"
      "# Put ids where <placeholders> are; the script does nothing while one is left.\n" +
      remarks_as_comments(made) + "set -eu\n\n";
  text +=
      variable("vpc_id", made.vpc_id.empty() ? "<vpc-id>" : made.vpc_id, "both DNS attributes must be on");
  if (made.has_interfaces) {
    text += variable("subnet_ids", words_or(made.subnet_ids, "<subnet-id> <subnet-id>"), "one in each zone");
    if (made.task_cidrs.empty()) {
      text += variable("task_group", made.task_group.empty() ? "<task-sg-id>" : made.task_group,
                       "the " + std::string(made.group_is));
    } else {
      text += variable("task_ranges", joined(made.task_cidrs, " "), "the task's subnets");
    }
  }
  if (made.has_gateways) {
    text +=
        variable("route_table_ids", words_or(made.route_table_ids, "<rtb-id>"), "of all the task's subnets");
  }
  std::string all = "$vpc_id";
  if (made.has_interfaces) all += "$subnet_ids" + std::string(made.task_cidrs.empty() ? "$task_group" : "");
  if (made.has_gateways) all += "$route_table_ids";
  return text + "case \"" + all +
         "\" in\n  *'<'*) echo \"put ids where <placeholders> are, at the top of this script\" >&2; exit 2 "
         ";;\n"
         "esac\n";
}

std::string ingress(const Infrastructure& made) {
  const std::string command = "aws ec2 authorize-security-group-ingress --region " + made.region +
                              " \\\n  --group-id \"$endpoint_group\" --ip-permissions ";
  const std::string rule = "\"IpProtocol=tcp,FromPort=443,ToPort=443,";
  if (made.task_cidrs.empty()) return command + rule + "UserIdGroupPairs=[{GroupId=$task_group}]\"\n";
  std::string text = "for range in $task_ranges; do\n  ";
  const bool ipv6 = std::any_of(made.task_cidrs.begin(), made.task_cidrs.end(), [](const std::string& range) {
    return range.find(':') != std::string::npos;
  });
  if (!ipv6) return text + command + rule + "IpRanges=[{CidrIp=$range}]\"\ndone\n";
  return text +
         "case $range in *:*) ranges=\"Ipv6Ranges=[{CidrIpv6=$range}]\" ;; *) "
         "ranges=\"IpRanges=[{CidrIp=$range}]\" ;; esac\n  " +
         command + rule + "$ranges\"\ndone\n";
}

std::string group(const Infrastructure& made) {
  return "\n# The endpoints' security group: 443 from the task\n"
         "endpoint_group=$(aws ec2 create-security-group --region " +
         made.region +
         " \\\n  --group-name vpc-endpoints --description 'HTTPS from tasks to VPC endpoints' \\\n"
         "  --vpc-id \"$vpc_id\" --query GroupId --output text)\n" +
         ingress(made);
}

std::string create(const EndpointToCreate& endpoint, const std::string& region) {
  const bool interface = endpoint.type == EndpointType::interface;
  std::string text = '\n' + comments(endpoint) + "aws ec2 create-vpc-endpoint --region " + region +
                     " --vpc-endpoint-type " + (interface ? "Interface" : "Gateway") +
                     " \\\n  --vpc-id \"$vpc_id\" --service-name " + endpoint.name + " \\\n";
  // shellcheck's SC2086: the lists are meant to be split.
  if (interface) {
    return text +
           "  --subnet-ids $subnet_ids --security-group-ids \"$endpoint_group\" --private-dns-enabled\n";
  }
  text += "  --route-table-ids $route_table_ids";
  if (!endpoint.s3_objects.empty()) text += " \\\n  --policy-document '" + s3_policy(endpoint) + "'";
  return text + '\n';
}

}  // namespace

std::string aws_cli_script(const Infrastructure& made) {
  if (made.endpoints.empty()) return "#!/bin/sh\n# No endpoint is missing.\n";
  std::string text = head(made);
  if (made.has_interfaces) text += group(made);
  for (const EndpointToCreate& endpoint : made.endpoints) text += create(endpoint, made.region);
  return text;
}

}  // namespace vpcprobe

#include "agent/doctor/api_reads.h"

#include <algorithm>
#include <array>

#include "agent/base/json_text.h"
#include "agent/base/percent.h"

namespace vpcprobe {
namespace {

constexpr std::array kSeeds = std::to_array<ApiRead>({
    {.api = "ec2",
     .action = "DescribeSubnets",
     .part = "Subnets",
     .per = "subnet",
     .parameters = "SubnetId.1={subnet}",
     .cli = "ec2 describe-subnets --subnet-ids $subnet",
     .what_for = "the VPC of the task's subnets"},
    {.api = "ec2",
     .action = "DescribeSecurityGroups",
     .part = "SecurityGroups",
     .per = "group",
     .parameters = "GroupId.1={group}",
     .cli = "ec2 describe-security-groups --group-ids $group",
     .what_for = "the VPC of the task's security groups"},
    {.api = "ec2",
     .action = "DescribeNetworkInterfaces",
     .part = "NetworkInterfaces",
     .per = "address",
     .parameters = "Filter.1.Name=addresses.private-ip-address&Filter.1.Value.1={address}",
     .cli = "ec2 describe-network-interfaces --filters Name=addresses.private-ip-address,Values=$address",
     .what_for = "the network interface with the report's address"},
    {.api = "ec2",
     .action = "DescribeSubnets",
     .part = "Subnets",
     .per = "range",
     .parameters = "Filter.1.Name=cidr-block&Filter.1.Value.1={range}",
     .cli = "ec2 describe-subnets --filters Name=cidr-block,Values=$range",
     .what_for = "the subnet with the report's range"},
});

constexpr std::string_view kOfVpc = "Filter.1.Name=vpc-id&Filter.1.Value.1={vpc}";

constexpr std::array kVpcReads = std::to_array<ApiRead>({
    {.api = "ec2",
     .action = "DescribeVpcs",
     .part = "Vpcs",
     .per = "vpc",
     .parameters = "VpcId.1={vpc}",
     .cli = "ec2 describe-vpcs --vpc-ids $vpc",
     .what_for = "the VPC's ranges and its DHCP options"},
    {.api = "ec2",
     .action = "DescribeVpcAttribute",
     .part = "EnableDnsSupport",
     .per = "vpc",
     .parameters = "Attribute=enableDnsSupport&VpcId={vpc}",
     .cli = "ec2 describe-vpc-attribute --vpc-id $vpc --attribute enableDnsSupport",
     .what_for = "whether Amazon's resolver answers"},
    {.api = "ec2",
     .action = "DescribeVpcAttribute",
     .part = "EnableDnsHostnames",
     .per = "vpc",
     .parameters = "Attribute=enableDnsHostnames&VpcId={vpc}",
     .cli = "ec2 describe-vpc-attribute --vpc-id $vpc --attribute enableDnsHostnames",
     .what_for = "whether private DNS can work"},
    {.api = "ec2",
     .action = "DescribeSubnets",
     .part = "Subnets",
     .per = "vpc",
     .parameters = kOfVpc,
     .cli = "ec2 describe-subnets --filters Name=vpc-id,Values=$vpc",
     .what_for = "ranges, zones and free addresses"},
    {.api = "ec2",
     .action = "DescribeSecurityGroups",
     .part = "SecurityGroups",
     .per = "vpc",
     // Without a maximum EC2 answers with all groups at once: 26 MB for 2 000 of 60 rules.
     .parameters = "Filter.1.Name=vpc-id&Filter.1.Value.1={vpc}&MaxResults=500",
     .cli = "ec2 describe-security-groups --filters Name=vpc-id,Values=$vpc",
     .what_for = "rules of the task's groups and of the endpoints' groups"},
    {.api = "ec2",
     .action = "DescribeNetworkAcls",
     .part = "NetworkAcls",
     .per = "vpc",
     .parameters = kOfVpc,
     .cli = "ec2 describe-network-acls --filters Name=vpc-id,Values=$vpc",
     .what_for = "entries of the subnets' network ACLs"},
    {.api = "ec2",
     .action = "DescribeRouteTables",
     .part = "RouteTables",
     .per = "vpc",
     .parameters = kOfVpc,
     .cli = "ec2 describe-route-tables --filters Name=vpc-id,Values=$vpc",
     .what_for = "routes of the subnets"},
    {.api = "ec2",
     .action = "DescribeVpcEndpoints",
     .part = "VpcEndpoints",
     .per = "vpc",
     .parameters = kOfVpc,
     .cli = "ec2 describe-vpc-endpoints --filters Name=vpc-id,Values=$vpc",
     .what_for = "endpoints with their state, groups, private DNS and policy"},
    {.api = "ec2",
     .action = "DescribeNetworkInterfaces",
     .part = "NetworkInterfaces",
     .per = "vpc",
     .parameters = kOfVpc,
     .cli = "ec2 describe-network-interfaces --filters Name=vpc-id,Values=$vpc",
     .what_for = "addresses of endpoints, of the task and of appliances"},
    {.api = "ec2",
     .action = "DescribePrefixLists",
     .part = "PrefixLists",
     .per = "",
     .parameters = "",
     .cli = "ec2 describe-prefix-lists",
     .what_for = "AWS's prefix lists with their ranges"},
    {.api = "ec2",
     .action = "DescribeDhcpOptions",
     .part = "DhcpOptions",
     .per = "",
     .parameters = "",
     .cli = "ec2 describe-dhcp-options",
     .what_for = "which DNS servers the task asks, and which options a fix can choose"},
    {.api = "ec2",
     .action = "DescribeNatGateways",
     .part = "NatGateways",
     .per = "vpc",
     .parameters = kOfVpc,
     .cli = "ec2 describe-nat-gateways --filter Name=vpc-id,Values=$vpc",
     .what_for = "state, subnet and kind of NAT gateways"},
    {.api = "ec2",
     .action = "DescribeInternetGateways",
     .part = "InternetGateways",
     .per = "vpc",
     .parameters = "Filter.1.Name=attachment.vpc-id&Filter.1.Value.1={vpc}",
     .cli = "ec2 describe-internet-gateways --filters Name=attachment.vpc-id,Values=$vpc",
     .what_for = "whether the internet gateway is attached"},
    {.api = "ec2",
     .action = "DescribeVpcPeeringConnections",
     .part = "VpcPeeringConnections",
     .per = "vpc",
     .parameters = "Filter.1.Name=requester-vpc-info.vpc-id&Filter.1.Value.1={vpc}",
     .cli = "ec2 describe-vpc-peering-connections --filters Name=requester-vpc-info.vpc-id,Values=$vpc",
     .what_for = "state of peering connections that this VPC asked for"},
    {.api = "ec2",
     .action = "DescribeVpcPeeringConnections",
     .part = "VpcPeeringConnections",
     .per = "vpc",
     .parameters = "Filter.1.Name=accepter-vpc-info.vpc-id&Filter.1.Value.1={vpc}",
     .cli = "ec2 describe-vpc-peering-connections --filters Name=accepter-vpc-info.vpc-id,Values=$vpc",
     .what_for = "state of peering connections that this VPC accepted"},
    {.api = "ec2",
     .action = "DescribeTransitGatewayVpcAttachments",
     .part = "TransitGatewayAttachments",
     .per = "vpc",
     .parameters = kOfVpc,
     .cli = "ec2 describe-transit-gateway-vpc-attachments --filters Name=vpc-id,Values=$vpc",
     .what_for = "state and subnets of attachments to transit gateways"},
    {.api = "route53",
     .action = "ListHostedZonesByVPC",
     .part = "HostedZoneSummaries",
     .per = "vpc",
     .parameters = "/2013-04-01/hostedzonesbyvpc?vpcid={vpc}&vpcregion={region}",
     .cli = "route53 list-hosted-zones-by-vpc --vpc-id $vpc --vpc-region $region",
     .what_for = "private zones that answer for AWS's names"},
    {.api = "route53resolver",
     .action = "ListResolverRuleAssociations",
     .part = "ResolverRuleAssociations",
     .per = "vpc",
     .parameters = R"({"Filters":[{"Name":"VPCId","Values":[{vpc}]}]})",
     .cli = "route53resolver list-resolver-rule-associations --filters Name=VPCId,Values=$vpc",
     .what_for = "rules that forward names to other DNS servers"},
    {.api = "route53resolver",
     .action = "ListFirewallRuleGroupAssociations",
     .part = "FirewallRuleGroupAssociations",
     .per = "vpc",
     .parameters = R"({"VpcId":{vpc}})",
     .cli = "route53resolver list-firewall-rule-group-associations --vpc-id $vpc",
     .what_for = "whether DNS Firewall can block names"},
    {.api = "sts",
     .action = "GetCallerIdentity",
     .part = "Account",
     .per = "",
     .parameters = "",
     .cli = "sts get-caller-identity",
     .what_for = "whether the VPC belongs to the caller's account",
     .needs_permission = false},
});

constexpr std::array kReferenceReads = std::to_array<ApiRead>({
    {.api = "ec2",
     .action = "GetManagedPrefixListEntries",
     .part = "PrefixLists",
     .per = "prefix_list",
     .parameters = "PrefixListId={prefix_list}",
     .cli = "ec2 get-managed-prefix-list-entries --prefix-list-id $prefix_list"
            " --query \"{PrefixListId: '$prefix_list', Entries: Entries}\"",
     .what_for = "ranges of prefix lists that rules and routes name",
     .adds_subject = true},
    {.api = "route53resolver",
     .action = "GetResolverRule",
     .part = "ResolverRules",
     .per = "resolver_rule",
     .parameters = R"({"ResolverRuleId":{resolver_rule}})",
     .cli = "route53resolver get-resolver-rule --resolver-rule-id $resolver_rule",
     .what_for = "which names a rule takes, and to which servers"},
});

constexpr std::array kEcsReads = std::to_array<ApiRead>({
    {.api = "ecs",
     .action = "DescribeServices",
     .part = "services",
     .per = "service",
     .parameters = R"({"cluster":{cluster},"services":[{service}]})",
     .cli = "ecs describe-services --cluster $cluster --services $service",
     .what_for = "subnets, security groups and task definition of the service"},
    {.api = "ecs",
     .action = "ListTasks",
     .part = "tasks",
     .per = "service",
     .parameters = R"({"cluster":{cluster},"desiredStatus":"STOPPED","serviceName":{service}})",
     .cli = "ecs list-tasks --cluster $cluster --service-name $service --desired-status STOPPED",
     .what_for = "stopped tasks of the service"},
    {.api = "ecs",
     .action = "DescribeTasks",
     .part = "tasks",
     .per = "",
     .parameters = R"({"cluster":{cluster},"tasks":[{tasks}]})",
     .cli = "ecs describe-tasks --cluster $cluster --tasks $tasks",
     .what_for = "why tasks stopped, and their subnet"},
    {.api = "ecs",
     .action = "DescribeTaskDefinition",
     .part = "taskDefinition",
     .per = "task_definition",
     .parameters = R"({"taskDefinition":{task_definition}})",
     .cli = "ecs describe-task-definition --task-definition $task_definition",
     .what_for = "what the task needs: images, secrets, logs"},
});

bool is_name(std::string_view text) {
  return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
}

std::string json_strings(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) list += (list.empty() ? "" : ",") + ascii_json_text(text);
  return list;
}

std::string filled(std::string_view pattern, bool is_json, const ReadValues& values) {
  std::string text;
  while (!pattern.empty()) {
    const std::size_t open = pattern.find('{');
    text += pattern.substr(0, open);
    if (open == std::string_view::npos) break;
    pattern.remove_prefix(open);
    const std::size_t close = pattern.find('}');
    const std::string_view name =
        close == std::string_view::npos ? std::string_view() : pattern.substr(1, close - 1);
    if (!is_name(name)) {  // a brace of JSON's own
      text += '{';
      pattern.remove_prefix(1);
      continue;
    }
    const auto found = values.find(name);
    const std::vector<std::string> own = found == values.end() ? std::vector<std::string>() : found->second;
    text += is_json ? json_strings(own) : percent_encoded(own.empty() ? std::string() : own.front());
    pattern.remove_prefix(close + 1);
  }
  return text;
}

}  // namespace

std::span<const ApiRead> seed_reads() { return kSeeds; }
std::span<const ApiRead> vpc_reads() { return kVpcReads; }
std::span<const ApiRead> reference_reads() { return kReferenceReads; }
std::span<const ApiRead> ecs_reads() { return kEcsReads; }

const ApiRead& api_read(std::string_view action) {
  for (const auto rows : {ecs_reads(), vpc_reads(), reference_reads(), seed_reads()}) {
    const auto row =
        std::find_if(rows.begin(), rows.end(), [&](const ApiRead& read) { return read.action == action; });
    if (row != rows.end()) return *row;
  }
  throw std::logic_error("no row for " + std::string(action));
}

ApiCallRequest request_of(const ApiRead& row, const ReadValues& values, const std::string& subject) {
  ReadValues own = values;
  if (!row.per.empty()) own[std::string(row.per)] = {subject};
  ApiCallRequest call;
  call.api = find_api(row.api);
  call.action = row.action;
  const ApiProtocol protocol = call.api->protocol;
  std::string text = filled(row.parameters, protocol == ApiProtocol::json, own);
  const bool is_rest = protocol == ApiProtocol::rest_xml || protocol == ApiProtocol::rest_json;
  if (is_rest) call.method = "GET";
  (is_rest ? call.path : call.body) = std::move(text);
  return call;
}

}  // namespace vpcprobe

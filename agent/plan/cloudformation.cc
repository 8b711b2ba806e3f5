#include <algorithm>

#include "agent/base/ascii.h"
#include "agent/base/joined.h"
#include "agent/base/printable.h"
#include "agent/plan/infrastructure.h"

namespace vpcprobe {
namespace {

/// A single-quoted scalar of YAML.
std::string literal(std::string_view text) {
  std::string out = "'";
  for (const char c : printable(text, false)) {
    if (c == '\'') out += c;
    out += c;
  }
  return out + "'";
}

std::string parameter(std::string_view name, std::string_view type, std::string_view description,
                      const std::vector<std::string>& values) {
  std::string text = "  " + std::string(name) + ":\n    Type: " + std::string(type) +
                     "\n    Description: " + literal(description) + '\n';
  if (!values.empty()) text += "    Default: " + literal(joined(values, ",")) + '\n';
  return text;
}

std::vector<std::string> one(const std::string& value) {
  return value.empty() ? std::vector<std::string>() : std::vector{value};
}

std::string parameters(const Infrastructure& made) {
  std::string text =
      "Parameters:\n" + parameter("VpcId", "AWS::EC2::VPC::Id",
                                  "The VPC; both its DNS attributes must be on.", one(made.vpc_id));
  if (made.has_interfaces) {
    text += parameter("SubnetIds", "List<AWS::EC2::Subnet::Id>",
                      "Subnets for the endpoints, one in each zone.", made.subnet_ids);
    if (made.task_cidrs.empty()) {
      text += parameter("TaskSecurityGroupId", "AWS::EC2::SecurityGroup::Id",
                        "The " + std::string(made.group_is) + ".", one(made.task_group));
    }
  }
  if (made.has_gateways) {
    text += parameter("RouteTableIds", "CommaDelimitedList", "Route tables of all the task's subnets.",
                      made.route_table_ids);
  }
  return text;
}

std::string rule(const std::string& source) {
  return "        - Description: HTTPS from tasks\n          IpProtocol: tcp\n          FromPort: 443\n"
         "          ToPort: 443\n          " +
         source + '\n';
}

std::string group(const Infrastructure& made) {
  std::string text =
      "  EndpointSecurityGroup:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n"
      "      GroupDescription: HTTPS from tasks to VPC endpoints\n      VpcId: !Ref VpcId\n"
      "      SecurityGroupIngress:\n";
  if (made.task_cidrs.empty()) return text + rule("SourceSecurityGroupId: !Ref TaskSecurityGroupId");
  for (const std::string& range : made.task_cidrs) {
    const bool ipv6 = range.find(':') != std::string::npos;
    text += rule((ipv6 ? "CidrIpv6: " : "CidrIp: ") + literal(range));
  }
  return text;
}

/// "EcrDkrEndpoint".
std::string name_of(const EndpointToCreate& endpoint) {
  std::string name;
  bool start = true;
  for (const char c : endpoint.id) {
    if (c != '.' && c != '-') name += start ? upper(c) : c;
    start = c == '.' || c == '-';
  }
  return name + "Endpoint";
}

std::string resource(const EndpointToCreate& endpoint) {
  std::string text = comments(endpoint, "  ");
  text += "  " + name_of(endpoint) + ":\n    Type: AWS::EC2::VPCEndpoint\n    Properties:\n" +
          "      VpcId: !Ref VpcId\n      ServiceName: " + endpoint.name + '\n';
  if (endpoint.type == EndpointType::interface) {
    return text +
           "      VpcEndpointType: Interface\n      SubnetIds: !Ref SubnetIds\n"
           "      SecurityGroupIds:\n        - !Ref EndpointSecurityGroup\n      PrivateDnsEnabled: true\n";
  }
  text += "      VpcEndpointType: Gateway\n      RouteTableIds: !Ref RouteTableIds\n";
  // JSON is YAML too.
  if (!endpoint.s3_objects.empty()) text += "      PolicyDocument: " + s3_policy(endpoint) + '\n';
  return text;
}

}  // namespace

std::string cloudformation_template(const Infrastructure& made) {
  if (made.endpoints.empty()) return "# No endpoint is missing.\n";
  std::string text =
      remarks_as_comments(made) + "AWSTemplateFormatVersion: '2010-09-09'\nDescription: " +
      literal("The endpoints that a task needs in a subnet without a path to the internet, in " +
              made.region) +
      '\n' + parameters(made) + "Resources:\n";
  if (made.has_interfaces) text += group(made);
  for (const EndpointToCreate& endpoint : made.endpoints) text += resource(endpoint);
  return text;
}

}  // namespace vpcprobe

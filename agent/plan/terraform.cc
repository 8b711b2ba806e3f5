#include <algorithm>

#include "agent/base/printable.h"
#include "agent/plan/infrastructure.h"

namespace vpcprobe {
namespace {

/// A string in HashiCorp's language; marks that would start a template are escaped.
std::string literal(std::string_view text) {
  std::string out = "\"";
  char before = 0;
  for (const char c : printable(text, false)) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '{' && (before == '$' || before == '%')) out += before;
    out += c;
    before = c;
  }
  return out + '"';
}

std::string list_of_strings(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ", ") + literal(item);
  return "[" + text + "]";
}

std::string variable(std::string_view name, std::string_view type, std::string_view description,
                     const std::string& value) {
  std::string text = "variable \"" + std::string(name) + "\" {\n  type        = " + std::string(type) +
                     "\n  description = " + literal(description) + '\n';
  if (!value.empty()) text += "  default     = " + value + '\n';
  return text + "}\n\n";
}

std::string list_default(const std::vector<std::string>& items) {
  return items.empty() ? std::string() : list_of_strings(items);
}

std::string variables(const Infrastructure& made) {
  std::string text = variable("vpc_id", "string", "The VPC; both its DNS attributes must be on.",
                              made.vpc_id.empty() ? "" : literal(made.vpc_id));
  if (made.has_interfaces) {
    text += variable("subnet_ids", "list(string)", "Subnets for the endpoints, one in each zone.",
                     list_default(made.subnet_ids));
    text += made.task_cidrs.empty()
                ? variable("task_security_group_id", "string", "The " + std::string(made.group_is) + ".",
                           made.task_group.empty() ? "" : literal(made.task_group))
                : variable("task_cidrs", "list(string)", "Ranges of the task's subnets.",
                           list_default(made.task_cidrs));
  }
  if (made.has_gateways) {
    text += variable("route_table_ids", "list(string)", "Route tables of all the task's subnets.",
                     list_default(made.route_table_ids));
  }
  return text;
}

std::string group(const Infrastructure& made) {
  const std::string from =
      made.task_cidrs.empty()
          ? "    security_groups  = [var.task_security_group_id]\n"
          : "    cidr_blocks      = [for range in var.task_cidrs : range if !strcontains(range, \":\")]\n"
            "    ipv6_cidr_blocks = [for range in var.task_cidrs : range if strcontains(range, \":\")]\n";
  return "resource \"aws_security_group\" \"vpc_endpoints\" {\n"
         "  name        = \"vpc-endpoints\"\n"
         "  description = \"HTTPS from tasks to VPC endpoints\"\n"
         "  vpc_id      = var.vpc_id\n\n"
         "  ingress {\n"
         "    description      = \"HTTPS from tasks\"\n"
         "    protocol         = \"tcp\"\n"
         "    from_port        = 443\n"
         "    to_port          = 443\n" +
         from + "  }\n}\n";
}

std::string name_of(const EndpointToCreate& endpoint) {
  std::string name(endpoint.id);
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '.' || c == '-'; }, '_');
  return name;
}

std::string resource(const EndpointToCreate& endpoint) {
  std::string text = '\n' + comments(endpoint);
  text += "resource \"aws_vpc_endpoint\" \"" + name_of(endpoint) +
          "\" {\n  vpc_id              = var.vpc_id\n  service_name        = " + literal(endpoint.name) +
          '\n';
  if (endpoint.type == EndpointType::interface) {
    return text +
           "  vpc_endpoint_type   = \"Interface\"\n"
           "  subnet_ids          = var.subnet_ids\n"
           "  security_group_ids  = [aws_security_group.vpc_endpoints.id]\n"
           "  private_dns_enabled = true\n}\n";
  }
  text += "  vpc_endpoint_type   = \"Gateway\"\n  route_table_ids     = var.route_table_ids\n";
  if (!endpoint.s3_objects.empty()) text += "  policy              = " + literal(s3_policy(endpoint)) + '\n';
  return text + "}\n";
}

}  // namespace

std::string terraform_module(const Infrastructure& made) {
  if (made.endpoints.empty()) return "# No endpoint is missing.\n";
  std::string text = "# The endpoints that a task needs in a subnet without a path to the internet, in " +
                     made.region + ".\n" + remarks_as_comments(made) + '\n' + variables(made);
  text += made.has_interfaces ? group(made) : "";
  for (const EndpointToCreate& endpoint : made.endpoints) text += resource(endpoint);
  return text;
}

}  // namespace vpcprobe

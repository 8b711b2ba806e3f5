// Services of ECS Express Mode: they say a container, and ECS writes the task definition, for Fargate.
// Source: the ECS API reference (CreateExpressGatewayService, DescribeExpressGatewayService) and
// CloudFormation's AWS::ECS::ExpressGatewayService.
#include "agent/base/json_node.h"
#include "agent/task/forms.h"

namespace vpcprobe {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMost = 256;

void read_configuration(const JsonNode& from, const std::string& family, TaskForms& out) {
  const JsonNode primary = from.at("primaryContainer");
  if (primary.is_absent()) return;
  Json container = *primary.object().value;
  container["name"] = "Main";
  Json options{{"awslogs-region", "${AWS.Region}"}};
  if (const JsonNode logs = primary.at("awsLogsConfiguration"); !logs.is_absent())
    options["awslogs-group"] = logs.object().at("logGroup").text();
  container["logConfiguration"] = {{"logDriver", "awslogs"}, {"options", std::move(options)}};
  out.definitions.push_back({{"family", family},
                             {"networkMode", "awsvpc"},
                             {"requiresCompatibilities", {"FARGATE"}},
                             {"containerDefinitions", Json::array({std::move(container)})}});
}

}  // namespace

void read_express_service(const Json& service, TaskForms& out) {
  const JsonNode node{&service, "service"};
  const std::string family = node.object().at("serviceName").text();
  read_configuration(node, family, out);
  for (const JsonNode& active : node.at("activeConfigurations").items(kMost)) {
    active.object();
    read_configuration(active, family, out);
  }
}

}  // namespace vpcprobe

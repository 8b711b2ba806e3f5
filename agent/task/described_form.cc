// What describes a service or a task beside its definition: describe-services, describe-tasks, the input of
// create-service. Source: the ECS API reference.
#include "agent/aws/arn.h"
#include "agent/base/json_node.h"
#include "agent/task/forms.h"

namespace vpcprobe {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMost = 256;

/// Booleans of JSON, and the words that YAML and CloudFormation write for them.
bool is_true(const JsonNode& node) {
  if (node.value->is_boolean()) return node.value->get<bool>();
  return node.value->is_string() && (*node.value == "true" || *node.value == "True");
}

void read_place(const std::string& arn_text, TaskForms& out) {
  const auto arn = parse_arn(arn_text);
  if (!arn) return;
  if (out.region.empty()) out.region = arn->region;
  if (out.account.empty() && is_account(arn->account)) out.account = arn->account;
}

void read_launch(const JsonNode& node, TaskForms& out) {
  if (const std::string type = node.at("launchType").text(); !type.empty()) out.launch_type = type;
  if (const std::string version = node.at("platformVersion").text(); !version.empty() && version != "LATEST")
    out.platform_version = version;
  for (const JsonNode& provider : node.at("capacityProviderStrategy").items(kMost)) {
    const std::string name = provider.object().at("capacityProvider").text();
    if (out.launch_type.empty() && name.starts_with("FARGATE")) out.launch_type = "FARGATE";
  }
}

void read_service_connect(const JsonNode& connect, TaskForms& out) {
  if (connect.is_absent() || !is_true(connect.object().at("enabled"))) return;
  out.service_connect = true;
  const JsonNode logging = connect.at("logConfiguration");
  if (!logging.is_absent()) out.log_configurations.push_back(*logging.object().value);
}

/// A task's containers, as far as they name an image: the definition says the rest.
void read_containers(const JsonNode& task, TaskForms& out) {
  Json containers = Json::array();
  for (const JsonNode& container : task.at("containers").items(kMost)) {
    const std::string image = container.object().at("image").text();
    if (!image.empty()) containers.push_back({{"name", container.at("name").text()}, {"image", image}});
  }
  if (containers.empty()) return;
  out.definitions.push_back({{"taskDefinitionArn", task.at("taskDefinitionArn").text()},
                             {"containerDefinitions", std::move(containers)},
                             {"described", true}});
}

std::string last_part(const std::string& arn) { return arn.substr(arn.rfind('/') + 1); }

}  // namespace

void read_service(const Json& service, TaskForms& out) {
  const JsonNode node{&service, "service"};
  const std::string arn = node.object().at("serviceArn").text();
  const std::string name = node.at("serviceName").text();
  out.described = "service " + (!name.empty() ? name : arn.empty() ? "of the file" : last_part(arn));
  read_place(arn, out);
  read_launch(node, out);
  out.execute_command |= is_true(node.at("enableExecuteCommand"));
  read_service_connect(node.at("serviceConnectConfiguration"), out);
  for (const JsonNode& deployment : node.at("deployments").items(kMost))
    read_service_connect(deployment.object().at("serviceConnectConfiguration"), out);
}

void read_described_services(const Json& document, TaskForms& out) {
  const JsonNode root{&document, ""};
  const auto services = root.at("services").items(kMost);
  if (services.empty()) throw WrongDocument{"no task definition: services is empty"};
  for (const JsonNode& service : services) read_service(*service.object().value, out);
}

void read_described_tasks(const Json& document, TaskForms& out) {
  const JsonNode root{&document, ""};
  const auto tasks = root.at("tasks").items(kMost);
  if (tasks.empty()) throw WrongDocument{"no task definition: tasks is empty"};
  for (const JsonNode& task : tasks) {
    const std::string arn = task.object().at("taskArn").text();
    if (out.described.empty()) out.described = "task " + last_part(arn);
    read_place(arn, out);
    read_launch(task, out);
    out.execute_command |= is_true(task.at("enableExecuteCommand"));
    read_containers(task, out);
  }
}

}  // namespace vpcprobe

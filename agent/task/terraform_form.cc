// Plans and states of Terraform and OpenTofu. Source: Terraform's documentation, "JSON Output Format"; the
// AWS provider's pages of aws_ecs_task_definition and aws_ecs_service.
#include "agent/aws/arn.h"
#include "agent/base/ascii.h"
#include "agent/base/bounded_json.h"
#include "agent/base/json_members.h"
#include "agent/base/json_node.h"
#include "agent/base/quoted.h"
#include "agent/task/documents.h"
#include "agent/task/forms.h"

namespace vpcprobe {
namespace {

using Json = nlohmann::json;

/// Terraform writes a block as a list of objects; the API takes the first as an object.
Json first_of(const Json& object, const char* key) {
  const Json* block = member_of(object, key);
  if (block == nullptr || !block->is_array() || block->empty() || !block->front().is_object()) return nullptr;
  return block->front();
}

std::string api_key(const std::string& key) {
  std::string out;
  for (std::size_t i = 0; i < key.size(); ++i) {
    const bool next = key[i] == '_' && i + 1 < key.size();
    const char c = next ? key[++i] : key[i];
    out += next ? upper(c) : c;
  }
  return out;
}

/// A block's members with the API's names: "cpu_architecture" becomes "cpuArchitecture".
Json block_of(const Json& object) {
  Json out = Json::object();
  for (const auto& [key, member] : object.items()) {
    if (member.is_string()) out[api_key(key)] = member;
  }
  return out;
}

Json volumes_of(const Json& values) {
  constexpr const char* kinds[][2] = {
      {"efs_volume_configuration", "efsVolumeConfiguration"},
      {"fsx_windows_file_server_volume_configuration", "fsxWindowsFileServerVolumeConfiguration"}};
  Json volumes = Json::array();
  const Json* blocks = member_of(values, "volume");
  if (blocks == nullptr || !blocks->is_array()) return volumes;
  for (const Json& block : *blocks) {
    Json volume{{"name", text_in(block, "name")}};
    for (const auto& [from, to] : kinds) {
      const Json kind = first_of(block, from);
      if (kind.is_null()) continue;
      volume[to] = block_of(kind);
      const Json authorization = first_of(kind, "authorization_config");
      if (!authorization.is_null()) volume[to]["authorizationConfig"] = block_of(authorization);
    }
    volumes.push_back(std::move(volume));
  }
  return volumes;
}

/// The JSON in an attribute that is a string; null where it is not there, or not known yet.
Json json_in(const Json& values, const std::string& address, const char* key) {
  const Json* text = member_of(values, key);
  if (text == nullptr || !text->is_string()) return nullptr;
  auto parsed = parse_bounded_json(text->get_ref<const std::string&>(), kLongestTemplate);
  if (!parsed) throw WrongDocument{in_quotes(address) + ", " + key + ": " + parsed.error().message};
  return std::move(parsed.value());
}

/// The provider keeps the properties as they are written, in either spelling of the keys.
void read_terraform_job(const Json& values, const std::string& address, TaskForms& out) {
  Json job{{"jobDefinitionName", text_in(values, "name")}, {"jobDefinitionArn", text_in(values, "arn")}};
  if (const Json* kinds = member_of(values, "platform_capabilities"); kinds != nullptr && kinds->is_array())
    job["platformCapabilities"] = *kinds;
  bool known = false;
  for (const auto& [from, to] :
       {std::pair("container_properties", "containerProperties"),
        std::pair("ecs_properties", "ecsProperties"), std::pair("node_properties", "nodeProperties")}) {
    const Json properties = json_in(values, address, from);
    if (properties.is_null()) continue;
    job[to] = with_api_keys(properties);
    known = true;
  }
  if (known) return read_job_definition(job, out);
  out.remarks.push_back("The containers of " + address + " are known only after apply.");
  out.definitions.push_back({{"family", text_in(values, "name")}, {"containerDefinitions", Json::array()}});
}

void read_definition(const Json& values, const std::string& address, TaskForms& out) {
  Json containers = json_in(values, address, "container_definitions");
  if (containers.is_null()) {
    out.remarks.push_back("The containers of " + address + " are known only after apply.");
    containers = Json::array();
  }
  Json definition{{"family", text_in(values, "family")},
                  {"networkMode", text_in(values, "network_mode")},
                  {"containerDefinitions", std::move(containers)},
                  {"volumes", volumes_of(values)}};
  if (const Json* kinds = member_of(values, "requires_compatibilities"); kinds != nullptr)
    definition["requiresCompatibilities"] = *kinds;
  const std::string arn = text_in(values, "arn");
  if (!arn.empty()) definition["taskDefinitionArn"] = arn;
  if (const Json platform = first_of(values, "runtime_platform"); !platform.is_null())
    definition["runtimePlatform"] = block_of(platform);
  if (const Json proxy = first_of(values, "proxy_configuration"); !proxy.is_null())
    definition["proxyConfiguration"] = block_of(proxy);
  out.definitions.push_back(std::move(definition));
}

void read_terraform_service(const Json& values, TaskForms& out) {
  Json service = block_of(values);
  if (const Json* exec = member_of(values, "enable_execute_command"); exec != nullptr)
    service["enableExecuteCommand"] = *exec;
  if (const Json connect = first_of(values, "service_connect_configuration"); !connect.is_null()) {
    const Json* enabled = member_of(connect, "enabled");
    service["serviceConnectConfiguration"] = {{"enabled", enabled == nullptr ? Json(false) : *enabled}};
  }
  read_service(service, out);
}

void read_resource(const std::string& type, const std::string& address, const Json& values, TaskForms& out) {
  if (!values.is_object()) return;
  if (type == "aws_ecs_task_definition") read_definition(values, address, out);
  if (type == "aws_batch_job_definition") read_terraform_job(values, address, out);
  if (type == "aws_ecs_service") read_terraform_service(values, out);
}

/// The depth is that of the document, which is bounded.
void read_module(const Json& module, TaskForms& out) {
  if (const Json* resources = member_of(module, "resources"); resources != nullptr && resources->is_array()) {
    for (const Json& resource : *resources) {
      const Json* values = member_of(resource, "values");
      if (text_in(resource, "mode") != "data" && values != nullptr)
        read_resource(text_in(resource, "type"), text_in(resource, "address"), *values, out);
    }
  }
  if (const Json* modules = member_of(module, "child_modules"); modules != nullptr && modules->is_array()) {
    for (const Json& child : *modules) read_module(child, out);
  }
}

/// A state file as Terraform keeps it, format 4.
void read_state_file(const Json& document, TaskForms& out) {
  const Json* resources = member_of(document, "resources");
  if (resources == nullptr || !resources->is_array()) return;
  for (const Json& resource : *resources) {
    const Json* instances = member_of(resource, "instances");
    if (text_in(resource, "mode") == "data" || instances == nullptr || !instances->is_array()) continue;
    const std::string type = text_in(resource, "type");
    for (const Json& instance : *instances) {
      if (const Json* values = member_of(instance, "attributes"); values != nullptr)
        read_resource(type, type + "." + text_in(resource, "name"), *values, out);
    }
  }
}

/// The provider's region, where the configuration writes it as a constant.
std::string region_of(const Json& document) {
  const Json* at = &document;
  for (const char* key : {"configuration", "provider_config", "aws", "expressions", "region"}) {
    at = member_of(*at, key);
    if (at == nullptr) return {};
  }
  return text_in(*at, "constant_value");
}

}  // namespace

void read_terraform(const Json& document, TaskForms& out) {
  for (const char* key : {"planned_values", "values"}) {
    const Json* values = member_of(document, key);
    const Json* root = values != nullptr ? member_of(*values, "root_module") : nullptr;
    if (root != nullptr) read_module(*root, out);
  }
  read_state_file(document, out);
  if (out.region.empty()) out.region = region_of(document);
  if (out.definitions.empty() && out.described.empty())
    throw WrongDocument{"no task definition: no resource is an aws_ecs_task_definition"};
}

}  // namespace vpcprobe

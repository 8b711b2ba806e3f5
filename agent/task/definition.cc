#include "agent/task/definition.h"

#include <algorithm>
#include <array>

#include "agent/aws/arn.h"
#include "agent/base/json_node.h"
#include "agent/task/log_destination.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kMostContainers = 64;  // ECS allows 10
constexpr std::size_t kMostEntries = 256;

std::string required_text(const JsonNode& object, const char* key) {
  const JsonNode member = object.at(key);
  std::string text = member.text();
  if (text.empty()) throw WrongDocument{member.path + " is missing"};
  return text;
}

std::vector<SecretReference> read_secrets(const JsonNode& list) {
  std::vector<SecretReference> secrets;
  for (const JsonNode& item : list.items(kMostEntries)) {
    secrets.push_back({required_text(item.object(), "name"), required_text(item, "valueFrom")});
  }
  return secrets;
}

void read_logging(const JsonNode& logging, DefinedContainer& out) {
  if (logging.is_absent()) return;
  out.container.log_driver = logging.object().at("logDriver").text();
  for (const auto& [key, option] : logging.at("options").members()) {
    if (is_kept_log_option(key)) out.container.log_options[key] = option.text();
  }
  out.log_secrets = read_secrets(logging.at("secretOptions"));
}

void read_log_router(const JsonNode& router, DefinedContainer& out) {
  if (router.is_absent()) return;
  out.routes_logs = true;
  const JsonNode options = router.object().at("options");
  if (options.is_absent()) return;
  const std::string type = options.object().at("config-file-type").text();
  out.router_config_is_file = !type.empty();
  if (type == "s3") out.router_config_in_s3 = required_text(options, "config-file-value");
}

struct SpecForm {
  std::string_view prefix;
  bool domainless;
};
constexpr std::array kSpecForms = std::to_array<SpecForm>({
    {"credentialspec:", false},
    {"credentialspecdomainless:", true},
});

/// The older key holds other options too. What is no ARN is a file of the machine.
void read_credential_specs(const JsonNode& container, DefinedContainer& out) {
  for (const char* key : {"credentialSpecs", "dockerSecurityOptions"}) {
    for (const JsonNode& item : container.at(key).items(kMostEntries)) {
      const std::string text = item.text();
      for (const SpecForm& form : kSpecForms) {
        if (!text.starts_with(form.prefix)) continue;
        std::string place = text.substr(form.prefix.size());
        if (place.starts_with("arn:")) out.credential_specs.push_back({std::move(place), form.domainless});
      }
    }
  }
}

DefinedContainer read_container(const JsonNode& container) {
  DefinedContainer out;
  out.container.name = required_text(container.object(), "name");
  out.container.image = required_text(container, "image");
  const JsonNode login = container.at("repositoryCredentials");
  if (!login.is_absent()) out.registry_login = required_text(login.object(), "credentialsParameter");
  out.secrets = read_secrets(container.at("secrets"));
  for (const JsonNode& file : container.at("environmentFiles").items(kMostEntries)) {
    out.environment_files.push_back(required_text(file.object(), "value"));
  }
  read_credential_specs(container, out);
  read_logging(container.at("logConfiguration"), out);
  read_log_router(container.at("firelensConfiguration"), out);
  return out;
}

DefinedVolume read_volume(const JsonNode& volume) {
  DefinedVolume out;
  out.name = volume.object().at("name").text();
  const JsonNode efs = volume.at("efsVolumeConfiguration");
  if (!efs.is_absent()) {
    out.file_system_id = required_text(efs.object(), "fileSystemId");
    const JsonNode authorization = efs.at("authorizationConfig");
    out.iam = !authorization.is_absent() && authorization.object().at("iam").text() == "ENABLED";
  }
  const JsonNode windows_share = volume.at("fsxWindowsFileServerVolumeConfiguration");
  if (!windows_share.is_absent()) {
    const JsonNode authorization = windows_share.object().at("authorizationConfig");
    if (!authorization.is_absent()) {
      out.share_login = authorization.object().at("credentialsParameter").text();
    }
  }
  return out;
}

TaskDefinition read_definition(const JsonNode& document) {
  const JsonNode wrapped = document.object().at("taskDefinition");
  const JsonNode& task = wrapped.is_absent() ? document : wrapped.object();
  TaskDefinition out;
  out.family = task.at("family").text();
  if (const auto arn = parse_arn(task.at("taskDefinitionArn").text())) {
    out.region = arn->region;
    if (is_account(arn->account)) out.account = arn->account;
  }
  for (const JsonNode& item : task.at("requiresCompatibilities").items(kMostEntries)) {
    out.compatibilities.push_back(item.text());
  }
  out.network_mode = task.at("networkMode").text();
  const JsonNode platform = task.at("runtimePlatform");
  if (!platform.is_absent()) {
    out.operating_system = platform.object().at("operatingSystemFamily").text();
    out.architecture = platform.at("cpuArchitecture").text();
  }
  out.has_mesh_proxy = !task.at("proxyConfiguration").is_absent();
  for (const JsonNode& item : task.at("containerDefinitions").items(kMostContainers)) {
    out.containers.push_back(read_container(item));
  }
  if (out.containers.empty()) throw WrongDocument{"no task definition: it has no containerDefinitions"};
  for (const JsonNode& item : task.at("volumes").items(kMostEntries))
    out.volumes.push_back(read_volume(item));
  return out;
}

}  // namespace

Result<TaskDefinition> parse_task_definition(std::string_view text) {
  try {
    const nlohmann::json document = parse_bounded(text);
    return read_definition(JsonNode{&document, ""});
  } catch (const WrongDocument& wrong) {
    return UsageError{wrong.what};
  }
}

}  // namespace vpcprobe

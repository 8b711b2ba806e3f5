#include "agent/task/definition.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "agent/aws/arn.h"
#include "agent/base/add_once.h"
#include "agent/base/json_node.h"
#include "agent/base/nearest.h"
#include "agent/base/printable.h"
#include "agent/base/quoted.h"
#include "agent/task/documents.h"
#include "agent/task/forms.h"
#include "agent/task/log_destination.h"
#include "agent/task/placeholder.h"
#include "agent/task/sidecar.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kMostContainers = 64;  // ECS allows 10
constexpr std::size_t kMostEntries = 256;
constexpr std::size_t kMostVariables = 2048;

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
    if (is_kept_log_option(key)) out.container.log_options[key] = option.scalar();
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

/// Values stay here: what is kept of them are hosts, and the settings of known sidecars.
void read_environment(const JsonNode& container, DefinedContainer& out) {
  std::map<std::string, std::string> environment;
  for (const JsonNode& item : container.at("environment").items(kMostVariables)) {
    environment[item.object().at("name").text()] = item.at("value").scalar();
  }
  std::vector<std::string> words;
  for (const char* key : {"entryPoint", "command"}) {
    for (const JsonNode& word : container.at(key).items(kMostVariables)) words.push_back(word.scalar());
  }
  out.mentioned = hosts_in_environment(environment);
  add_once(out.mentioned, hosts_in_command(words));
  for (const auto& [name, value] : environment) {
    out.variables.push_back(name);
    if (is_sidecar_setting(name)) out.settings[name] = value;
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
  read_environment(container, out);
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
    out.is_windows_share = true;
    const JsonNode authorization = windows_share.object().at("authorizationConfig");
    if (!authorization.is_absent()) {
      out.share_login = authorization.object().at("credentialsParameter").text();
    }
  }
  return out;
}

void read_place(const std::string& arn_text, TaskDefinition& out) {
  const auto arn = parse_arn(arn_text);
  if (!arn) return;
  out.region = arn->region;
  if (is_account(arn->account)) out.account = arn->account;
}

TaskDefinition read_definition(const JsonNode& task) {
  TaskDefinition out;
  out.family = task.object().at("family").text();
  read_place(task.at("taskDefinitionArn").text(), out);
  for (const JsonNode& item : task.at("requiresCompatibilities").items(kMostEntries)) {
    if (!is_open(item.text())) out.compatibilities.push_back(item.text());
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
  for (const JsonNode& item : task.at("volumes").items(kMostEntries))
    out.volumes.push_back(read_volume(item));
  return out;
}

/// The same definition once; what describe-tasks shows of one only where the definition itself is not there.
std::vector<const nlohmann::json*> kept_of(const TaskForms& forms, const std::vector<std::string>& families) {
  const auto is_described = [](const nlohmann::json& task) {
    return task.is_object() && task.contains("described");
  };
  const bool all_described = std::all_of(forms.definitions.begin(), forms.definitions.end(), is_described);
  std::vector<const nlohmann::json*> kept;
  std::vector<std::string_view> names;
  for (const nlohmann::json& task : forms.definitions) {
    const std::string family = JsonNode{&task, ""}.object().at("family").text();
    const bool again =
        std::any_of(kept.begin(), kept.end(), [&](const auto* other) { return *other == task; });
    if (again || (is_described(task) && !all_described)) continue;
    const bool wanted =
        families.empty() || std::find(families.begin(), families.end(), family) != families.end();
    if (wanted) kept.push_back(&task);
  }
  if (!kept.empty() || families.empty()) return kept;
  for (const nlohmann::json& task : forms.definitions) {
    const auto family = task.find("family");
    if (family != task.end() && family->is_string()) names.push_back(family->get_ref<const std::string&>());
  }
  throw WrongDocument{"no task definition of the family " + in_quotes(families.front()) +
                      did_you_mean(families.front(), names)};
}

/// Containers of several definitions get their family as prefix.
void merge(TaskDefinition task, bool several, TaskDefinition& out) {
  for (DefinedContainer& container : task.containers) {
    if (several && !task.family.empty())
      container.container.name = task.family + "/" + container.container.name;
    out.containers.push_back(std::move(container));
  }
  std::move(task.volumes.begin(), task.volumes.end(), std::back_inserter(out.volumes));
  add_once(out.compatibilities, task.compatibilities);
  if (!task.family.empty()) out.family += (out.family.empty() ? "" : ", ") + task.family;
  for (const auto& [to, from] : {std::pair(&out.region, &task.region), std::pair(&out.account, &task.account),
                                 std::pair(&out.network_mode, &task.network_mode),
                                 std::pair(&out.operating_system, &task.operating_system),
                                 std::pair(&out.architecture, &task.architecture)}) {
    if (to->empty()) *to = *from;
  }
  out.has_mesh_proxy |= task.has_mesh_proxy;
}

TaskDefinition definition_of(const TaskForms& forms, const std::vector<std::string>& families) {
  const auto kept = kept_of(forms, families);
  TaskDefinition out;
  for (const nlohmann::json* task : kept) {
    merge(read_definition(JsonNode{task, ""}), kept.size() > 1, out);
    out.is_partial |= task->contains("described");
  }
  if (kept.empty() && forms.described.empty())
    throw WrongDocument{"no task definition: it has no containerDefinitions"};
  if (out.containers.empty() && forms.described.empty() && forms.remarks.empty())
    throw WrongDocument{"no task definition: it has no containerDefinitions"};
  out.is_partial |= kept.empty();
  out.described = forms.described;
  out.launch_type = forms.launch_type;
  out.platform_version = forms.platform_version;
  out.execute_command = forms.execute_command;
  out.service_connect = forms.service_connect;
  out.remarks = forms.remarks;
  if (out.region.empty()) out.region = forms.region;
  if (out.account.empty()) out.account = forms.account;
  for (const nlohmann::json& logging : forms.log_configurations) {
    DefinedContainer proxy;
    proxy.container.name = "Service Connect";
    read_logging(JsonNode{&logging, "serviceConnectConfiguration.logConfiguration"}, proxy);
    out.containers.push_back(std::move(proxy));
  }
  return out;
}

}  // namespace

Result<TaskDefinition> parse_task_definition(std::string_view text,
                                             const std::vector<std::string>& families) {
  const auto documents = read_documents(text);
  if (!documents) return documents.error();
  try {
    return definition_of(read_forms(documents.value()), families);
  } catch (const WrongDocument& wrong) {
    return UsageError{printable(wrong.what, false)};
  }
}

}  // namespace vpcprobe

// Compose files: each service becomes a container. Sources: the Compose specification; Docker's documentation
// of Compose on ECS for the x-aws- members.
#include <algorithm>

#include "agent/base/json_members.h"
#include "agent/base/json_node.h"
#include "agent/base/quoted.h"
#include "agent/task/forms.h"

namespace vpcprobe {
namespace {

using Json = nlohmann::json;

std::string scalar(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_number() || value.is_boolean() ? value.dump() : std::string();
}

std::string text_of(const Json& object, const std::string& key) {
  const Json* member = member_of(object, key);
  return member != nullptr ? scalar(*member) : std::string();
}

/// `KEY: value` or `- KEY=value`, as the API lists them. A variable without a value comes from the shell.
Json environment_of(const Json& service) {
  Json list = Json::array();
  const Json* environment = member_of(service, "environment");
  if (environment == nullptr) return list;
  const auto add = [&](const std::string& name, const std::string& value) {
    if (!value.empty()) list.push_back({{"name", name}, {"value", value}});
  };
  if (environment->is_object()) {
    for (const auto& [name, value] : environment->items()) add(name, scalar(value));
  } else if (environment->is_array()) {
    for (const Json& item : *environment) {
      const std::string text = scalar(item);
      const std::size_t equals = std::min(text.find('='), text.size());
      add(text.substr(0, equals), text.substr(std::min(equals + 1, text.size())));
    }
  }
  return list;
}

Json command_of(const Json& service) {
  Json list = Json::array();
  const Json* command = member_of(service, "command");
  if (command == nullptr) return list;
  if (!command->is_array()) return Json::array({scalar(*command)});
  for (const Json& word : *command) list.push_back(scalar(word));
  return list;
}

/// A service's secrets refer to the top-level `secrets`, whose `name` is an ARN where the secret is in AWS.
Json secrets_of(const Json& service, const Json& document, TaskForms& out) {
  Json list = Json::array();
  const Json* names = member_of(service, "secrets");
  if (names == nullptr || !names->is_array()) return list;
  const Json* top = member_of(document, "secrets");
  for (const Json& item : *names) {
    const std::string source = item.is_object() ? text_of(item, "source") : scalar(item);
    const Json* entry = top != nullptr ? member_of(*top, source) : nullptr;
    std::string from = entry != nullptr ? text_of(*entry, "name") : std::string();
    if (from.empty() && entry != nullptr && member_of(*entry, "external") != nullptr) from = source;
    if (from.empty()) {
      out.remarks.push_back("The secret " + in_quotes(source) +
                            " of the Compose file names no object in AWS: name it with --secret.");
      continue;
    }
    list.push_back({{"name", source}, {"valueFrom", from}});
  }
  return list;
}

bool has_aws_member(const Json& object) {
  for (auto member = object.begin(); member != object.end(); ++member) {
    if (member.key().starts_with("x-aws-")) return true;
  }
  return false;
}

/// Compose on ECS sends logs to CloudWatch Logs where the file says nothing else.
Json logging_of(const Json& service, const Json& document) {
  const Json* logging = member_of(service, "logging");
  if (logging == nullptr && (has_aws_member(service) || has_aws_member(document)))
    return {{"logDriver", "awslogs"}, {"options", {{"awslogs-region", "${AWS.Region}"}}}};
  if (logging == nullptr || !logging->is_object()) return nullptr;
  Json options = Json::object();
  if (const Json* given = member_of(*logging, "options"); given != nullptr && given->is_object()) {
    for (const auto& [key, value] : given->items()) options[key] = scalar(value);
  }
  return {{"logDriver", text_of(*logging, "driver")}, {"options", std::move(options)}};
}

Json container_of(const std::string& name, const Json& service, const Json& document, TaskForms& out) {
  Json container{{"name", name},
                 {"image", text_of(service, "image")},
                 {"environment", environment_of(service)},
                 {"command", command_of(service)},
                 {"secrets", secrets_of(service, document, out)}};
  if (Json logging = logging_of(service, document); !logging.is_null())
    container["logConfiguration"] = std::move(logging);
  const std::string login = text_of(service, "x-aws-pull_credentials");
  if (!login.empty()) container["repositoryCredentials"] = {{"credentialsParameter", login}};
  return container;
}

/// Volumes that are EFS file systems: `external: true` and `name: fs-…`.
Json volumes_of(const Json& document) {
  Json list = Json::array();
  const Json* volumes = member_of(document, "volumes");
  if (volumes == nullptr || !volumes->is_object()) return list;
  for (const auto& [name, volume] : volumes->items()) {
    const std::string file_system = text_of(volume, "name");
    if (file_system.starts_with("fs-"))
      list.push_back({{"name", name}, {"efsVolumeConfiguration", {{"fileSystemId", file_system}}}});
  }
  return list;
}

}  // namespace

void read_compose(const Json& document, TaskForms& out) {
  Json containers = Json::array();
  for (const auto& [name, service] : document.at("services").items()) {
    if (!service.is_object()) throw WrongDocument{"services." + in_quotes(name) + " must be an object"};
    if (text_of(service, "image").empty()) {
      const bool built = member_of(service, "build") != nullptr;
      if (!built) throw WrongDocument{"services." + in_quotes(name) + " has no image"};
      out.remarks.push_back("The image of container " + name +
                            " is built and has no name: give the registry with --image.");
      continue;
    }
    containers.push_back(container_of(name, service, document, out));
  }
  out.definitions.push_back({{"family", text_of(document, "name")},
                             {"containerDefinitions", std::move(containers)},
                             {"volumes", volumes_of(document)}});
}

}  // namespace vpcprobe

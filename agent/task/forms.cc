#include "agent/task/forms.h"

#include <algorithm>
#include <array>

#include "agent/base/json_node.h"
#include "agent/task/placeholder.h"
#include "probes/letter_case.h"

namespace vpcprobe {
namespace {

using Json = nlohmann::json;

bool has(const Json& document, const char* key, Json::value_t type) {
  const auto found = document.find(key);
  return found != document.end() && found->type() == type;
}

bool is_cloudformation(const Json& document) { return has(document, "Resources", Json::value_t::object); }

bool is_terraform(const Json& document) {
  return document.contains("terraform_version") || has(document, "planned_values", Json::value_t::object) ||
         has(document, "values", Json::value_t::object);
}

bool is_definition(const Json& document) {
  return document.contains("containerDefinitions") || document.contains("ContainerDefinitions");
}

bool is_wrapped(const Json& document) { return has(document, "taskDefinition", Json::value_t::object); }
bool is_compose(const Json& document) { return has(document, "services", Json::value_t::object); }
bool is_services(const Json& document) { return has(document, "services", Json::value_t::array); }
bool is_tasks(const Json& document) { return has(document, "tasks", Json::value_t::array); }

bool is_job(const Json& document) {
  return document.contains("containerProperties") || document.contains("ecsProperties") ||
         document.contains("nodeProperties");
}
bool is_express(const Json& document) {
  const auto service = document.find("service");
  return document.contains("primaryContainer") ||
         (service != document.end() && service->is_object() && service->contains("activeConfigurations"));
}
bool is_jobs(const Json& document) {
  return has(document, "jobDefinitions", Json::value_t::array) || has(document, "jobs", Json::value_t::array);
}

bool is_service_input(const Json& document) {
  return std::any_of(document.begin(), document.end(), [](const Json&) { return true; }) &&
         (document.contains("enableExecuteCommand") || document.contains("desiredCount") ||
          document.contains("networkConfiguration") || has(document, "service", Json::value_t::object));
}

void read_definition_document(const Json& document, TaskForms& out) {
  out.definitions.push_back(document.contains("ContainerDefinitions") ? with_api_keys(document) : document);
}

void read_wrapped(const Json& document, TaskForms& out) {
  read_definition_document(document.at("taskDefinition"), out);
}

void read_service_input(const Json& document, TaskForms& out) {
  const auto wrapped = document.find("service");
  read_service(wrapped != document.end() && wrapped->is_object() ? *wrapped : document, out);
}

void read_express_document(const Json& document, TaskForms& out) {
  read_express_service(document.contains("primaryContainer") ? document : document.at("service"), out);
}

struct Form {
  bool (*is)(const Json& document);
  void (*read)(const Json& document, TaskForms& out);
};
constexpr std::array kForms = std::to_array<Form>({
    {.is = is_wrapped, .read = read_wrapped},
    {.is = is_definition, .read = read_definition_document},
    {.is = is_cloudformation, .read = read_cloudformation},
    {.is = is_terraform, .read = read_terraform},
    {.is = is_compose, .read = read_compose},
    {.is = is_services, .read = read_described_services},
    {.is = is_tasks, .read = read_described_tasks},
    {.is = is_job, .read = read_job_definition},
    {.is = is_jobs, .read = read_described_jobs},
    {.is = is_express, .read = read_express_document},
    {.is = is_service_input, .read = read_service_input},
});

/// Environment and commands keep what they hold: there `$` and `<` are the program's own.
bool is_left_alone(const std::string& key) {
  constexpr std::array<std::string_view, 4> kOwn = {"environment", "command", "entryPoint", "healthCheck"};
  return std::find(kOwn.begin(), kOwn.end(), key) != kOwn.end();
}

void open_values_in(Json& value) {
  if (value.is_string()) {
    value = open_value(value.get_ref<const std::string&>());
  } else if (value.is_array()) {
    for (Json& item : value) open_values_in(item);
  } else if (value.is_object()) {
    for (auto& [key, member] : value.items()) {
      if (!is_left_alone(key)) open_values_in(member);
    }
  }
}

void read_document(const Json& document, TaskForms& out) {
  if (document.is_array()) {
    if (document.empty()) throw WrongDocument{"no task definition: the list is empty"};
    return read_definition_document(Json{{"containerDefinitions", with_api_keys(document)}}, out);
  }
  if (!document.is_object())
    throw WrongDocument{"no task definition: neither a JSON object nor a YAML mapping"};
  const auto form =
      std::find_if(kForms.begin(), kForms.end(), [&](const Form& row) { return row.is(document); });
  if (form == kForms.end()) throw WrongDocument{"no task definition: it has no containerDefinitions"};
  form->read(document, out);
}

/// Keys that a lower first letter does not make the API's.
struct OtherKey {
  std::string_view from;
  std::string_view to;
};
constexpr std::array kOtherKeys = std::to_array<OtherKey>({
    {.from = "EFSVolumeConfiguration", .to = "efsVolumeConfiguration"},
    {.from = "FSxWindowsFileServerVolumeConfiguration", .to = "fsxWindowsFileServerVolumeConfiguration"},
    {.from = "FilesystemId", .to = "fileSystemId"},
    {.from = "IAM", .to = "iam"},
});

std::string api_key(const std::string& key) {
  const auto other = std::find_if(kOtherKeys.begin(), kOtherKeys.end(),
                                  [&](const OtherKey& row) { return row.from == key; });
  if (other != kOtherKeys.end()) return std::string(other->to);
  std::string out = key;
  if (!out.empty()) out[0] = lower(out[0]);
  return out;
}

}  // namespace

Json with_api_keys(const Json& value) {
  if (value.is_array()) {
    Json list = Json::array();
    for (const Json& item : value) list.push_back(with_api_keys(item));
    return list;
  }
  if (!value.is_object()) return value;
  Json object = Json::object();
  for (const auto& [key, member] : value.items()) object[api_key(key)] = with_api_keys(member);
  return object;
}

TaskForms read_forms(const std::vector<Json>& documents) {
  TaskForms out;
  for (const Json& document : documents) {
    if (!document.is_null()) read_document(document, out);
  }
  for (Json& definition : out.definitions) open_values_in(definition);
  for (Json& logging : out.log_configurations) open_values_in(logging);
  return out;
}

}  // namespace vpcprobe

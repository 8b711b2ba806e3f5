#include "agent/doctor/read_ecs.h"

#include <nlohmann/json.hpp>

#include "agent/base/quoted.h"
#include "agent/doctor/read_configuration.h"
#include "agent/doctor/stopped_task.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kMostTasks = 100;  // that DescribeTasks takes

/// A document that cannot be read is passed over here: reading the whole configuration says it.
Configuration configuration_of(const std::vector<ReadPage>& pages) {
  Configuration configuration;
  for (const ReadPage& page : pages) read_configuration(page.json, configuration);
  return configuration;
}

std::vector<std::string> task_arns(const std::vector<ReadPage>& pages) {
  std::vector<std::string> arns;
  for (const ReadPage& page : pages) {
    const nlohmann::json answer = nlohmann::json::parse(page.json, nullptr, false);
    const auto list = answer.find("taskArns");
    if (list == answer.end() || !list->is_array()) continue;
    for (const nlohmann::json& arn : *list)
      if (arn.is_string() && arns.size() < kMostTasks) arns.push_back(arn.get<std::string>());
  }
  return arns;
}

class EcsReader {
 public:
  EcsReader(ApiReading& reading, ReadingSubject& subject, ReadByApi& read)
      : reading_(reading), subject_(subject), read_(read), is_service_said_(!subject.service.empty()) {}

  std::optional<UsageError> run() {
    if (!subject_.cluster.empty()) reading_.values["cluster"] = {subject_.cluster};
    if (!subject_.task.empty()) {
      reading_.values["tasks"] = {subject_.task};
      if (auto wrong = read_tasks(true)) return wrong;
    }
    if (!subject_.service.empty()) {
      if (auto wrong = read_service()) return wrong;
    }
    if (subject_.task.empty()) read_stopped_tasks();
    reading_.values["task_definition"] = {};
    if (!definition_.empty()) reading_.values["task_definition"] = {definition_};
    for (const ReadPage& page : call("DescribeTaskDefinition")) read_.documents += page.json + "\n";
    return {};
  }

 private:
  std::vector<ReadPage> call(std::string_view action) { return reading_.read({&api_read(action), 1}); }

  UsageError unknown(const char* option, const std::string& name, const char* more) const {
    return UsageError{std::string(option) + " " + in_quotes(name) + ": not in the cluster " +
                      in_quotes(subject_.cluster) + more};
  }

  std::optional<UsageError> read_tasks(bool is_asked_for) {
    const std::vector<ReadPage> pages = call("DescribeTasks");
    if (pages.empty()) return cluster_problem();
    const Configuration found = configuration_of(pages);
    const EcsTask* last = last_task(found);
    if (last != nullptr) take_task(*last);
    if (last == nullptr && is_asked_for)
      return unknown("--task", subject_.task, "; ECS keeps a stopped task for about an hour");
    return {};
  }

  void take_task(const EcsTask& task) {
    read_.documents += "{\"tasks\":[" + task.document + "]}\n";
    if (!task.definition.empty()) definition_ = task.definition;
    constexpr std::string_view kService = "service:";
    if (task.group.starts_with(kService) && subject_.service.empty())
      subject_.service = task.group.substr(kService.size());
    if (subject_.subnets.empty() && !task.subnet.empty()) subject_.subnets = {task.subnet};
  }

  std::optional<UsageError> read_service() {
    reading_.values["service"] = {subject_.service};
    const std::vector<ReadPage> pages = call("DescribeServices");
    if (pages.empty()) return cluster_problem();
    const Configuration found = configuration_of(pages);
    if (found.services.by_id.empty() && is_service_said_) return unknown("--service", subject_.service, "");
    if (found.services.by_id.empty()) return {};
    const EcsService& service = found.services.by_id.begin()->second;
    for (const ReadPage& page : pages) read_.documents += page.json + "\n";
    if (definition_.empty()) definition_ = service.definition;
    if (subject_.subnets.empty()) subject_.subnets = service.subnets;
    if (subject_.groups.empty()) subject_.groups = service.groups;
    return {};
  }

  void read_stopped_tasks() {
    reading_.values["tasks"] = task_arns(call("ListTasks"));
    if (!reading_.values["tasks"].empty()) read_tasks(false);
  }

  /// A cluster that is not there is a mistake; any other refusal leaves ECS unseen.
  std::optional<UsageError> cluster_problem() const {
    for (const auto& [part, why] : reading_.refusals())
      if (why.find("ClusterNotFoundException") != std::string::npos)
        return UsageError{"--cluster " + in_quotes(subject_.cluster) + ": no such cluster in " +
                          subject_.region};
    return {};
  }

  ApiReading& reading_;
  ReadingSubject& subject_;
  ReadByApi& read_;
  bool is_service_said_;  ///< false: the task names it, and it may be gone
  std::string definition_;
};

}  // namespace

std::optional<UsageError> read_ecs(ApiReading& reading, ReadingSubject& subject, ReadByApi& read) {
  return EcsReader(reading, subject, read).run();
}

}  // namespace vpcprobe

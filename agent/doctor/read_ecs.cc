#include "agent/doctor/read_ecs.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agent/base/quoted.h"

namespace vpcprobe {
namespace {

using Json = nlohmann::json;

Json list_at(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found != object.end() && found->is_array() ? *found : Json::array();
}

std::string text_at(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

const Json& object_at(const Json& object, const char* key) {
  static const Json none = Json::object();
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found != object.end() && found->is_object() ? *found : none;
}

std::vector<std::string> texts_at(const Json& object, const char* key) {
  std::vector<std::string> texts;
  for (const Json& item : list_at(object, key))
    if (item.is_string()) texts.push_back(item.get<std::string>());
  return texts;
}

/// When a task stopped: seconds since 1970 in answers of the API. What never started has no other time.
double stopped_at(const Json& task) {
  for (const char* key : {"stoppedAt", "stoppingAt", "createdAt"}) {
    const auto found = task.find(key);
    if (found != task.end() && found->is_number()) return found->get<double>();
  }
  return 0;
}

std::string dumped(const Json& document) {
  return document.dump(-1, ' ', false, Json::error_handler_t::replace);
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

  /// Not null where ECS answered.
  std::optional<Json> answer_to(std::string_view action) {
    const std::vector<ReadPage> pages = call(action);
    if (pages.empty()) return {};
    return Json::parse(pages.front().json, nullptr, false);
  }

  UsageError unknown(const char* option, const std::string& name, const char* more) const {
    return UsageError{std::string(option) + " " + in_quotes(name) + ": not in the cluster " +
                      in_quotes(subject_.cluster) + more};
  }

  std::optional<UsageError> read_tasks(bool is_asked_for) {
    const auto answer = answer_to("DescribeTasks");
    if (!answer) return cluster_problem();
    std::vector<Json> tasks;
    for (const Json& task : list_at(*answer, "tasks")) tasks.push_back(task);
    if (tasks.empty() && is_asked_for)
      return unknown("--task", subject_.task, "; ECS keeps a stopped task for about an hour");
    if (tasks.empty()) return {};
    const Json& last = *std::max_element(tasks.begin(), tasks.end(), [](const Json& one, const Json& other) {
      return stopped_at(one) < stopped_at(other);
    });
    take_task(last);
    return {};
  }

  void take_task(const Json& task) {
    const std::string document = dumped(Json{{"tasks", Json::array({task})}});
    read_.documents += document + "\n";
    if (text_at(task, "lastStatus") == "STOPPED" || !text_at(task, "stoppedReason").empty())
      read_.stopped_tasks = document;
    const std::string definition = text_at(task, "taskDefinitionArn");
    if (!definition.empty()) definition_ = definition;
    const std::string group = text_at(task, "group");
    constexpr std::string_view kService = "service:";
    if (group.starts_with(kService) && subject_.service.empty())
      subject_.service = group.substr(kService.size());
    for (const Json& attachment : list_at(task, "attachments"))
      for (const Json& detail : list_at(attachment, "details"))
        if (text_at(detail, "name") == "subnetId") found_subnets_.push_back(text_at(detail, "value"));
    if (subject_.subnets.empty()) subject_.subnets = found_subnets_;
  }

  std::optional<UsageError> read_service() {
    reading_.values["service"] = {subject_.service};
    const auto answer = answer_to("DescribeServices");
    if (!answer) return cluster_problem();
    const Json services = list_at(*answer, "services");
    if (services.empty() && is_service_said_) return unknown("--service", subject_.service, "");
    if (services.empty()) return {};
    const Json& service = services.front();
    read_.documents += dumped(Json{{"services", Json::array({service})}}) + "\n";
    if (definition_.empty()) definition_ = text_at(service, "taskDefinition");
    const Json& network = object_at(object_at(service, "networkConfiguration"), "awsvpcConfiguration");
    if (subject_.subnets.empty()) subject_.subnets = texts_at(network, "subnets");
    if (subject_.groups.empty()) subject_.groups = texts_at(network, "securityGroups");
    return {};
  }

  void read_stopped_tasks() {
    constexpr std::size_t kMostTasks = 100;  // that DescribeTasks takes
    std::vector<std::string> arns;
    for (const ReadPage& page : call("ListTasks"))
      for (const std::string& arn : texts_at(Json::parse(page.json, nullptr, false), "taskArns"))
        arns.push_back(arn);
    if (arns.size() > kMostTasks) arns.resize(kMostTasks);
    reading_.values["tasks"] = arns;
    if (!arns.empty()) read_tasks(false);
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
  std::vector<std::string> found_subnets_;
};

}  // namespace

std::optional<UsageError> read_ecs(ApiReading& reading, ReadingSubject& subject, ReadByApi& read) {
  return EcsReader(reading, subject, read).run();
}

}  // namespace vpcprobe

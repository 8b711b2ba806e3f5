#include "agent/doctor/ecs_event.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "agent/aws/arn.h"
#include "agent/base/ascii.h"
#include "agent/base/bounded_json.h"
#include "agent/base/json_members.h"
#include "agent/base/parse_time.h"
#include "agent/base/quoted.h"

namespace vpcprobe {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLongestEvent = 6U << 20;  // AWS: "Lambda quotas", invocation payload
constexpr std::size_t kLongestName = 300;        // of a service or a family: 255 in AWS

/// Letters, digits, - and _, as ECS takes them; with `:` for "family:migrate".
bool is_name(std::string_view text) {
  const auto is_plain = [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_' || c == ':'; };
  return !text.empty() && text.size() <= kLongestName && std::all_of(text.begin(), text.end(), is_plain);
}

UsageError wrong(const char* what) {
  return UsageError{std::string("the event's ") + what + " is missing or wrong"};
}

DoctorEvent nothing_to_do(std::string why) {
  DoctorEvent event;
  event.nothing = std::move(why);
  return event;
}

Result<DoctorEvent> about_service(EventTone tone, const std::string& cluster, const std::string& service) {
  if (!is_name(cluster)) return wrong("cluster");
  if (!is_name(service)) return wrong("service");
  DoctorEvent event;
  event.tone = tone;
  event.options = {{"cluster", {cluster}}, {"service", {service}}};
  event.subject = cluster + "/" + service;
  return event;
}

Result<DoctorEvent> about_task(EventTone tone, const std::string& cluster, const std::string& arn,
                               const std::string& group) {
  const std::string id = name_in_arn(arn);
  if (!is_name(cluster)) return wrong("detail.clusterArn");
  if (!is_name(id)) return wrong("detail.taskArn");
  DoctorEvent event;
  event.tone = tone;
  event.options = {{"cluster", {cluster}}, {"task", {id}}};
  // Every run of a job is another task: what they share is their group, such as "family:migrate".
  event.subject = cluster + "/" + (is_name(group) ? group : "task:" + id);
  return event;
}

/// What ECS writes first where a task fails before its containers run.
constexpr std::array<std::string_view, 2> kStartFailures{"ResourceInitializationError", "CannotPull"};

bool is_start_failure(const std::string& reason) {
  return std::any_of(kStartFailures.begin(), kStartFailures.end(),
                     [&](std::string_view words) { return reason.find(words) != std::string::npos; });
}

bool failed_to_start(const Json& detail) {
  if (text_in(detail, "stopCode") == "TaskFailedToStart" ||
      is_start_failure(text_in(detail, "stoppedReason")))
    return true;
  const Json& containers = list_in(detail, "containers");
  return std::any_of(containers.begin(), containers.end(),
                     [](const Json& container) { return is_start_failure(text_in(container, "reason")); });
}

Result<DoctorEvent> read_task_event(const Json& event) {
  constexpr std::string_view kService = "service:";
  const Json* found = member_of(event, "detail");
  if (found == nullptr || !found->is_object()) return wrong("detail");
  const Json& detail = *found;
  const std::string status = text_in(detail, "lastStatus");
  const std::string group = text_in(detail, "group");
  const std::string task = text_in(detail, "taskArn");
  const std::string cluster = name_in_arn(text_in(detail, "clusterArn"));
  const bool is_of_service = group.starts_with(kService);
  if (status == "STOPPED" && failed_to_start(detail))
    return is_of_service ? about_service(EventTone::failure, cluster, group.substr(kService.size()))
                         : about_task(EventTone::failure, cluster, task, group);
  if (status == "STOPPED") return nothing_to_do("the task stopped, and not because it failed to start");
  // A task that runs says little of its service, whose other tasks may be in another zone. A job has one.
  if (status == "RUNNING" && text_in(detail, "desiredStatus") == "RUNNING" && !is_of_service)
    return about_task(EventTone::recovery, cluster, task, group);
  return nothing_to_do("the task has not stopped");
}

/// Names of events about a service. The others ask for nothing. The rule in task-def-examples/doctor takes
/// these names only.
struct ServiceEventName {
  std::string_view name;
  EventTone tone;
};
constexpr std::array kServiceEvents = std::to_array<ServiceEventName>({
    {.name = "SERVICE_DEPLOYMENT_FAILED", .tone = EventTone::failure},
    {.name = "SERVICE_TASK_START_IMPAIRED", .tone = EventTone::failure},
    {.name = "SERVICE_DEPLOYMENT_COMPLETED", .tone = EventTone::recovery},
    {.name = "SERVICE_STEADY_STATE", .tone = EventTone::recovery},
});

Result<DoctorEvent> read_service_event(const Json& event) {
  const Json* found = member_of(event, "detail");
  if (found == nullptr || !found->is_object()) return wrong("detail");
  const Json& detail = *found;
  const std::string name = text_in(detail, "eventName");
  const auto row = std::find_if(kServiceEvents.begin(), kServiceEvents.end(),
                                [&](const ServiceEventName& known) { return known.name == name; });
  if (row == kServiceEvents.end()) return nothing_to_do("the event says nothing of a failure to start");
  const Json& resources = list_in(event, "resources");
  const bool has_one = !resources.empty() && resources.front().is_string();
  const std::string service = has_one ? resources.front().get<std::string>() : std::string();
  // An ARN of the old form, "service/web", names no cluster.
  const std::string cluster = cluster_in_arn(service);
  return about_service(row->tone, cluster.empty() ? name_in_arn(text_in(detail, "clusterArn")) : cluster,
                       name_in_arn(service));
}

/// Its options are those of the function.
Result<DoctorEvent> read_schedule(const Json& /*event*/) { return DoctorEvent{}; }

/// A kind of event. One row each.
struct EventKind {
  std::string_view detail_type;
  Result<DoctorEvent> (*read)(const Json& event);
};
constexpr std::array kEventKinds = std::to_array<EventKind>({
    {.detail_type = "ECS Task State Change", .read = read_task_event},
    {.detail_type = "ECS Deployment State Change", .read = read_service_event},
    {.detail_type = "ECS Service Action", .read = read_service_event},
    {.detail_type = "Scheduled Event", .read = read_schedule},
});

}  // namespace

std::string name_in_arn(const std::string& text) {
  const auto arn = parse_arn(text);
  return arn ? arn->resource.substr(arn->resource.rfind('/') + 1) : text;
}

std::string cluster_in_arn(const std::string& text) {
  const auto arn = parse_arn(text);
  const std::string resource = arn ? arn->resource : "";
  const std::size_t first = resource.find('/');
  const std::size_t last = resource.rfind('/');
  return last > first ? resource.substr(first + 1, last - first - 1) : "";
}

Result<std::optional<DoctorEvent>> read_ecs_event(std::string_view json) {
  using MaybeEvent = std::optional<DoctorEvent>;
  if (json.find_first_not_of(" \t\r\n") == std::string_view::npos) return MaybeEvent{};
  const auto document = parse_bounded_json(json, kLongestEvent);
  if (!document) return UsageError{"the event is " + document.error().message};
  const Json& event = document.value();
  const std::string type = text_in(event, "detail-type");
  const auto kind = std::find_if(kEventKinds.begin(), kEventKinds.end(),
                                 [&](const EventKind& row) { return row.detail_type == type; });
  if (kind == kEventKinds.end()) return MaybeEvent{};
  auto read = kind->read(event);
  if (!read) return UsageError{in_quotes(type) + ": " + read.error().message};
  DoctorEvent asked = std::move(read.value());
  const std::string region = text_in(event, "region");
  if (!asked.options.empty() && !region.empty()) asked.options.push_back({"region", {region}});
  asked.account = text_in(event, "account");
  if (const auto time = parse_time(text_in(event, "time")))
    asked.time = std::chrono::floor<std::chrono::seconds>(time->time_since_epoch()).count();
  return MaybeEvent(std::move(asked));
}

}  // namespace vpcprobe

#include "agent/explain/ecs_names.h"

#include <algorithm>
#include <array>
#include <utility>

#include "agent/base/text_search.h"

namespace vpcprobe {
namespace {

constexpr std::string_view kNameChars = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

std::string_view name_at(std::string_view text) { return text.substr(0, text.find_first_not_of(kNameChars)); }

/// The name after `mark`; empty if the text does not have the mark.
std::string_view name_after(std::string_view text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  return at == std::string_view::npos ? std::string_view() : name_at(text.substr(at + mark.size()));
}

/// "arn:aws:ecs:eu-west-1:111122223333:task/prod/0a1b": kind "task", then "prod" and "0a1b".
void take_arn(EcsNames& names, std::string_view arn) {
  if (arn.find(":ecs:") == std::string_view::npos) return;
  const auto two = [arn](std::string_view kind) {
    const std::string_view first = name_after(arn, kind);
    if (first.empty()) return std::pair<std::string_view, std::string_view>();
    return std::pair(first, name_after(arn, std::string(kind).append(first).append("/")));
  };
  if (const auto [cluster, task] = two(":task/"); !task.empty()) {
    names.cluster = cluster;
    names.task = task;
  }
  if (const auto [cluster, service] = two(":service/"); !service.empty()) {
    names.cluster = cluster;
    names.service = service;
  }
  if (const std::string_view cluster = name_after(arn, ":cluster/"); !cluster.empty())
    names.cluster = cluster;
}

/// The target of ECS Exec, "ecs:CLUSTER_TASK_RUNTIME"; a cluster's name may have `_` too.
void take_exec_target(EcsNames& names, std::string_view text) {
  constexpr std::size_t shortest_task = 8;
  std::string_view target = name_after(text, " ecs:");
  const std::size_t runtime = target.rfind('_');
  if (runtime == std::string_view::npos) return;
  target = target.substr(0, runtime);
  const std::size_t task = target.rfind('_');
  if (task == std::string_view::npos || task == 0 || target.size() - task <= shortest_task) return;
  names.cluster = target.substr(0, task);
  names.task = target.substr(task + 1);
}

}  // namespace

EcsNames ecs_names_in(std::string_view text, const MessageEvidence& evidence) {
  EcsNames names;
  for (const std::string& arn : evidence.arns) take_arn(names, arn);
  if (names.task.empty()) take_exec_target(names, text);
  if (names.service.empty()) names.service = name_after(text, "(service ");
  return names;
}

std::string with_names(std::string command, const EcsNames& names) {
  const std::array<std::pair<std::string_view, const std::string&>, 3> values = {
      {{"<cluster>", names.cluster}, {"<service>", names.service}, {"<task-arn>", names.task}}};
  for (const auto& [placeholder, value] : values) {
    if (value.empty()) continue;
    for (std::size_t at = command.find(placeholder); at != std::string::npos;
         at = command.find(placeholder, at + value.size()))
      command.replace(at, placeholder.size(), value);
  }
  return command;
}

}  // namespace vpcprobe

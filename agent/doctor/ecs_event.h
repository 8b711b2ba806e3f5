#pragma once
// Why the doctor was started, by the event that started it: which service or task, and whether it fails.
// Source: AWS, "Amazon ECS task state change events", "… service deployment state change events", "… service
// action events"; EventBridge, "Events structure".
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/base/result.h"
#include "agent/task/options.h"

namespace vpcprobe {

enum class EventTone : std::uint8_t {
  failure,   ///< something failed: it is diagnosed and said
  recovery,  ///< something works: of interest only where a fault was said
  question   ///< someone asks: a schedule, a person
};

struct DoctorEvent {
  EventTone tone = EventTone::question;
  /// The options that name the service or the task; empty where the event leaves that to the options.
  std::vector<SaidOption> options;
  /// Whose faults these are: "c1/web", "c1/family:migrate", "c1/task:0123"; empty where the options say it.
  std::string subject;
  std::string account;               ///< where it happened; empty where the event does not say it
  std::optional<std::int64_t> time;  ///< when it happened, in seconds since 1970
  /// Not empty: the event asks for nothing, and why.
  std::string nothing;
};

/// Reads an event of EventBridge. Nothing where it is none of a kind in the table: then the event holds
/// options (agent/cli/lambda_event.h). The error is one line that names the member at fault. Any text is
/// safe: at most 6 MiB, 64 levels.
Result<std::optional<DoctorEvent>> read_ecs_event(std::string_view json);

/// The last part of an ARN's resource, or a name as it is: "web".
std::string name_in_arn(const std::string& text);
/// The cluster in the ARN of a task or a service; empty where it names none.
std::string cluster_in_arn(const std::string& text);

}  // namespace vpcprobe

#pragma once
// What a running `watch` says of itself to `health`, and how `health` judges it.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "agent/diagnosis/report.h"
#include "agent/task/options.h"

namespace vpcprobe {

/// Written anew at the start and at the end of every round.
struct Heartbeat {
  std::optional<Verdict> verdict;  ///< of the last round that came to one
  int exit_code = 3;               ///< of that round
  std::string state;               ///< as History::state
  std::string since;               ///< RFC 3339: when that state began
  std::chrono::milliseconds due_by{
      0};  ///< on the monotonic clock: the watch hangs if it is silent until then
};

/// Serialised as four lines; nothing if the text has another format.
std::string to_text(const Heartbeat& heartbeat);
std::optional<Heartbeat> parse_heartbeat(std::string_view text);

/// The name under which this container's watch answers. Containers of a task share a network namespace, so
/// the name contains the container's own metadata address.
std::string heartbeat_name(const Environment& environment);

/// The monotonic clock, which processes of one machine share.
std::chrono::milliseconds monotonic_now();

struct Health {
  bool healthy = false;
  std::string why;  ///< one line
};
/// `answer` is the text that the watch gave; nothing if no process answered. Pure.
Health judge(const std::optional<std::string>& answer, std::chrono::milliseconds now);

}  // namespace vpcprobe

// `health`: what an ECS health check runs.
#include "agent/base/json_writer.h"
#include "agent/cli/heartbeat.h"
#include "agent/cli/verbs.h"
#include "agent/delivery/console.h"
#include "probes/notice.h"

namespace vpcprobe {

Result<int> health(const Surroundings& around) {
  constexpr std::chrono::milliseconds kLimit{1000};
  const auto answer = ask_locally(heartbeat_name(around.environment), kLimit);
  const Health found = judge(answer, monotonic_now());
  std::string text = (found.healthy ? "healthy: " : "unhealthy: ") + found.why + "\n";
  if (around.options.format == Format::json) {
    text.clear();
    JsonWriter json(text);
    json.begin_object();
    json.field("healthy", found.healthy);
    json.field("why", found.why);
    json.end_object();
    text += "\n";
  }
  write_to_stdout(text);  // --output is the watch's: both get the same environment
  return found.healthy ? 0 : 1;
}

}  // namespace vpcprobe

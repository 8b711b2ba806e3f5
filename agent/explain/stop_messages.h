#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vpcprobe {

/// One text that says why something stopped, and where it stood.
struct StopMessage {
  std::string text;  ///< on one line
  std::vector<std::string>
      sources;                   ///< "task 0123abcd", "container app", "service web"; empty for plain text
  std::string region;            ///< of the task, from its ARN; empty where unknown or no region
  std::optional<int> exit_code;  ///< of the container
};

/// What an input holds: at most 200 messages, each text once.
struct StopMessages {
  std::vector<StopMessage> messages;
  std::size_t left_out = 0;
  bool json = false;  ///< it was read as JSON; without messages then: no task in it has stopped
};

/// Takes apart what a user has at hand: the JSON of describe-tasks, describe-services or run-task, an event
/// "ECS Task State Change", lines of such events, a list of texts; or plain text, in which a message begins
/// with a line like "CannotPullContainerError: …" or after an empty line. Any bytes.
StopMessages read_stop_messages(std::string_view input);

/// The region in an ARN, whole or cut off; empty where it is none that exists.
std::string region_of_arn(std::string_view arn);

}  // namespace vpcprobe

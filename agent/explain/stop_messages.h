#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vpcprobe {

/// One text that says why something stopped, and what it was about.
struct StopMessage {
  std::string text;  ///< on one line, at most 8 KiB
  std::vector<std::string>
      sources;                   ///< "task 0123abcd", "container app", "service web"; empty for plain text
  std::string region;            ///< of the task, from its ARN; empty if unknown
  std::optional<int> exit_code;  ///< of the container
};

/// The messages of an input: at most 200, each text once.
struct StopMessages {
  std::vector<StopMessage> messages;
  std::size_t left_out = 0;
  bool json = false;  ///< the input is JSON; without messages: no task in it has stopped
};

/// Splits what users have at hand: the JSON of describe-tasks, describe-services, run-task, AWS Batch,
/// CodeDeploy, CloudFormation's stack events, Step Functions or an EventBridge event (also as a string in
/// another document), lines of such events, a list of texts; or plain text, in which a message begins with a
/// line like "CannotPullContainerError: …" or after an empty line. Any bytes.
StopMessages read_stop_messages(std::string_view input);

/// The Region in an ARN, whole or cut off; empty if it is not one.
std::string region_of_arn(std::string_view arn);

}  // namespace vpcprobe

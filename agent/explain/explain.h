#pragma once
// What messages of ECS mean: pure, offline, from the tables of ecs_messages.h and the rules.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/aws/ecs_messages.h"
#include "agent/diagnosis/report.h"
#include "agent/explain/evidence.h"
#include "agent/explain/stop_messages.h"

namespace vpcprobe {

/// How much of a message is known.
enum class Recognition : std::uint8_t {
  known,   ///< a message of ECS, AWS Batch or a deployment tool
  partly,  ///< only its ending is known: a general reading
  unknown
};
std::string_view to_string(Recognition recognition);

struct ExplainedMessage {
  StopMessage said;
  Recognition recognition = Recognition::unknown;
  std::optional<Blame> blame;  ///< empty if the text does not say
  std::string meaning, is_not, next;
  const Service* service = nullptr;  ///< null for none, or for a host outside AWS
  std::string host;                  ///< what was called; empty if the text does not say
  std::vector<std::string_view>
      codes;  ///< finding codes in the order of likelihood; the first sets the exit code
  MessageEvidence evidence;
};

struct Explanation {
  std::vector<ExplainedMessage> messages;  ///< causes before consequences, unknown ones between
  std::vector<Finding> findings;           ///< one for each code and subject, in the order of the messages
  std::size_t left_out = 0;                ///< messages beyond the first 200
  int exit_code = 3;                       ///< that of the findings; 3 without a finding
  std::string summary;
};

struct ExplainOptions {
  std::string region;  ///< used if the text names none
  std::vector<Cidr> vpc_cidrs;
};

Explanation explain(StopMessages said, const ExplainOptions& options);

}  // namespace vpcprobe

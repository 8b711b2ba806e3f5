#include "agent/cli/state_parameter.h"

#include "agent/base/log.h"
#include "agent/base/quoted.h"
#include "agent/base/words.h"
#include "agent/calls/parameter_api.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kMostNamed = 5;

}  // namespace

Result<FaultState> StateParameter::read(UnixSeconds now) {
  const ApiCallReply reply = client_.call(get_parameter(name_));
  if (reply.outcome == CallOutcome::refused && reply.error.type == "ParameterNotFound") return FaultState{};
  if (reply.outcome != CallOutcome::answered) return failure(reply);
  const Parameter parameter = read_parameter(reply.answer.json);
  version_ = parameter.version;
  auto read = read_fault_state(parameter.value, now);
  if (read) return read;
  warn("the parameter holds no state (" + read.error().message +
       "); a new one begins: faults that were said before are said again");
  return FaultState{};
}

std::optional<UsageError> StateParameter::write(const FaultState& state, UnixSeconds now) {
  const WrittenState written = write_fault_state(state, now, kLongestParameter);
  if (!written.left_out.empty())
    warn("too many services have an open fault for a parameter of " + std::to_string(kLongestParameter) +
         " bytes; the end of a fault is not said of " + enumerate(written.left_out, kMostNamed));
  const ApiCallReply reply = client_.call(put_parameter(name_, written.json));
  if (reply.outcome != CallOutcome::answered) return failure(reply);
  const std::int64_t version = read_parameter(reply.answer.json).version;
  if (version > 0 && version - 1 > version_)
    warn(
        "another invocation wrote it at the same time, and a fault may be said twice: give the function a "
        "reserved concurrency of 1");
  version_ = version;
  return {};
}

void StateParameter::warn(const std::string& what) {
  warnings_.push_back(about(what));
  log(LogLevel::warn, warnings_.back());
}

std::string StateParameter::about(const std::string& what) const {
  return "--state " + in_quotes(name_) + ": " + what;
}

}  // namespace vpcprobe

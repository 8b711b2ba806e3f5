#pragma once
// CloudWatch Logs' API as far as it takes log events: what is sent, and what its answers mean. Pure.
// Source: AWS, CloudWatch Logs API: PutLogEvents, CreateLogStream, "Common Errors"; botocore's model of it.
#include <cstddef>
#include <deque>
#include <string>

#include "agent/task/log_stream.h"
#include "probes/http.h"
#include "probes/observation.h"

namespace vpcprobe {

struct LogEvent {
  WallTime time;
  std::string message;
};

constexpr std::size_t kMostBatchBytes = 1'048'576;  ///< of the messages and `kEventBytes` for each
constexpr std::size_t kEventBytes = 26;
constexpr std::size_t kMostMessageBytes = kMostBatchBytes - kEventBytes;
constexpr std::size_t kMostBatchEvents = 10'000;

/// How many of the first events fit into one call: they span at most 24 h. `events` stand in the order of
/// time, none is longer than `kMostMessageBytes`.
std::size_t batch_size(const std::deque<LogEvent>& events);

/// Headers and body of PutLogEvents with the first `count` events, and of CreateLogStream.
HttpRequest put_log_events(const LogPlace& place, const std::deque<LogEvent>& events, std::size_t count);
HttpRequest create_log_stream(const LogPlace& place);

/// What to do after an answer.
enum class AfterCall : std::uint8_t {
  done,           ///< it was taken, but for what `problem` says
  create_stream,  ///< the stream, or its group, is not there
  renew_credentials,
  again,  ///< throttled, or the service's or the network's trouble
  later,  ///< nothing that trying again at once could change
  never   ///< these events will not be taken
};
struct CallResult {
  AfterCall after = AfterCall::later;
  std::string problem;      ///< one line, without secrets; empty where all is well
  std::size_t refused = 0;  ///< events of an accepted call that are too old or too new
};

/// Reads the answer to a call with `count` events, 0 for CreateLogStream. `now` is this machine's clock,
/// `keys` what the call was signed with: an answer may repeat them.
CallResult read_logs_answer(const HttpReply& reply, std::size_t count, WallTime now, const AwsKeys& keys);

}  // namespace vpcprobe

#pragma once
// What AWS needs time for: calls that are made again until their answer is the one that is waited for.
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/calls/api_client.h"

namespace vpcprobe {

/// How AWS is asked and waited for. A test gives a clock and answers of its own.
struct AwsSide {
  using Clock = std::chrono::steady_clock;
  /// The replies stand in the order of the calls.
  std::function<std::vector<ApiCallReply>(const std::vector<ApiCallRequest>&)> call;
  std::function<Clock::time_point()> now;
  std::function<bool(std::chrono::milliseconds)> pause;  ///< false: a signal ends the wait
  std::function<void(const std::string&)> says;          ///< what is waited for, for a terminal
  Clock::time_point end;                                 ///< until when it is waited

  ApiCallReply call_one(const ApiCallRequest& request) const { return call(std::vector{request}).front(); }
};

/// Several things that go on at once, each by one call at a time.
struct RepeatedCalls {
  std::size_t count = 0;
  /// The next call for one of them; nothing: it is done, or waits for another.
  std::function<std::optional<ApiCallRequest>(std::size_t)> next;
  /// Takes the reply. True where the next call can follow at once.
  std::function<bool(std::size_t, const ApiCallReply&)> take;
  std::function<std::string()> words;  ///< what is waited for
};

enum class Ended : std::uint8_t { done, too_late, stopped };

/// Calls until none has a next call. Between two rounds without progress it pauses for a fifth of the time
/// that it has waited: 0.1 s at least and 2 s at most.
Ended repeat_calls(const AwsSide& side, const RepeatedCalls& calls);

/// One call until `is_settled` takes its reply, or the time is over: then the last reply.
ApiCallReply call_until(const AwsSide& side, const ApiCallRequest& request, const std::string& words,
                        const std::function<bool(const ApiCallReply&)>& is_settled);

/// Whether the API refused the call with this type of error.
bool is_refused_as(const ApiCallReply& reply, std::string_view type);

}  // namespace vpcprobe

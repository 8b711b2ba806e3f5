#pragma once
// Signed calls with one set of credentials: several at once, each tried again where AWS asks to slow down.
#include <atomic>
#include <chrono>
#include <string>
#include <vector>

#include "agent/base/schedule.h"
#include "agent/calls/api_answer.h"
#include "agent/calls/aws_api.h"

namespace vpcprobe {

enum class CallOutcome : std::uint8_t {
  answered,
  refused,      ///< an error of the API's: `error` has its type and words
  unreachable,  ///< no whole answer: `error.message` says why
  unreadable,   ///< an answer that is not what the API answers
  too_late      ///< the deadline or a signal came first
};

struct ApiCallReply {
  CallOutcome outcome = CallOutcome::too_late;
  AnswerDocument answer;  ///< where it was answered
  ApiError error;         ///< else: safe to show
  /// Lambda's Invoke: "Handled", "Unhandled" where the function failed: the answer is its error. Else empty.
  std::string function_error;
};

/// "UnauthorizedOperation: You are not …", "no whole answer in time": one line.
std::string problem_of(const ApiCallReply& reply);

class ApiClient {
 public:
  struct Setup {
    std::string region;
    AwsKeys keys;
    const TlsContext* trust = nullptr;  ///< must outlive the client
    std::chrono::steady_clock::time_point end;
    std::chrono::milliseconds patience{10'000};  ///< for one try
  };
  /// `stop` ends a wait within 100 ms, and must outlive the client.
  ApiClient(Setup setup, const std::atomic<bool>& stop)
      : setup_(std::move(setup)), stop_(stop), jitter_(random_seed()) {}

  /// The replies stand in the order of the calls. At most 8 are under way at once. A throttled call, and one
  /// that fails on the server's side, is tried again, 5 times at most, with pauses that double; one without
  /// an answer, once.
  std::vector<ApiCallReply> call(const std::vector<ApiCallRequest>& calls);
  ApiCallReply call(const ApiCallRequest& one) { return call(std::vector{one}).front(); }

 private:
  ApiCallReply read(const ApiCallRequest& call, const HttpReply& reply) const;
  bool pause_before(unsigned round);

  Setup setup_;
  const std::atomic<bool>& stop_;
  Jitter jitter_;
};

}  // namespace vpcprobe

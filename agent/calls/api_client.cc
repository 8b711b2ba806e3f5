#include "agent/calls/api_client.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "agent/base/http_status.h"
#include "agent/base/log.h"
#include "agent/base/pause.h"
#include "agent/base/printable.h"

namespace vpcprobe {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kAtOnce = 8;
constexpr unsigned kMostTries = 6;
constexpr milliseconds kFirstPause{200};
constexpr std::size_t kLongestWord = 64;

// AWS: "API throttling" of EC2's guide; "Common errors" and the actions' own errors of the others.
constexpr std::array<std::string_view, 10> kSlowDown{"RequestLimitExceeded",
                                                     "Throttling",
                                                     "ThrottlingException",
                                                     "ThrottledException",
                                                     "Throttled",
                                                     "TooManyUpdates",
                                                     "SlowDown",
                                                     "TooManyRequestsException",
                                                     "RequestThrottled",
                                                     "PriorRequestNotComplete"};

bool wants_another_try(const ApiCallRequest& call, const ApiCallReply& reply, long status, unsigned round) {
  if (reply.outcome == CallOutcome::unreachable) return call.is_repeatable && round == 0;
  if (reply.outcome != CallOutcome::refused) return false;
  return status == 429 || status >= 500 ||
         std::find(kSlowDown.begin(), kSlowDown.end(), reply.error.type) != kSlowDown.end();
}

}  // namespace

std::string problem_of(const ApiCallReply& reply) {
  if (reply.error.type.empty()) return reply.error.message;
  return reply.error.type + (reply.error.message.empty() ? "" : ": " + reply.error.message);
}

ApiCallReply ApiClient::read(const ApiCallRequest& call, const HttpReply& reply) const {
  ApiCallReply read;
  if (!reply.error.empty()) {
    const bool is_late = reply.failure == HttpFailure::interrupted;
    read.outcome = is_late ? CallOutcome::too_late : CallOutcome::unreachable;
    read.error.message = is_late ? "no answer before the deadline" : reply.error;
    return read;
  }
  if (reply.status < http_status::ok || reply.status >= http_status::first_redirect) {
    read.outcome = CallOutcome::refused;
    read.error = safe_to_show(read_api_error(header_of(reply, "x-amzn-ErrorType"), reply.body), setup_.keys);
    if (read.error.type.empty()) read.error.type = "HTTP status " + std::to_string(reply.status);
    return read;
  }
  read.function_error = printable(header_of(reply, "X-Amz-Function-Error").substr(0, kLongestWord), false);
  auto answer = read_answer(call, reply.body);
  read.outcome = answer ? CallOutcome::answered : CallOutcome::unreadable;
  if (answer)
    read.answer = std::move(answer.value());
  else
    read.error.message = "the answer cannot be read: " + answer.error().message;
  return read;
}

/// False where no time is left for another round.
bool ApiClient::pause_before(unsigned round) {
  const auto pause = std::chrono::duration_cast<milliseconds>(kFirstPause * (1U << (round - 1)) *
                                                              (0.5 + jitter_.next() / 2));
  if (stop_ || time_left(setup_.end) <= pause) return false;
  pause_for(pause, stop_);
  return !stop_;
}

std::vector<ApiCallReply> ApiClient::call(const std::vector<ApiCallRequest>& calls) {
  std::vector<ApiCallReply> replies(calls.size());
  for (ApiCallReply& reply : replies) reply.error.message = "no answer before the deadline";
  std::vector<std::size_t> waiting(calls.size());
  std::iota(waiting.begin(), waiting.end(), 0U);
  for (unsigned round = 0; !waiting.empty() && round < kMostTries; ++round) {
    if (round > 0 && !pause_before(round)) break;
    std::vector<std::size_t> again;
    for (std::size_t begin = 0; begin < waiting.size() && !stop_; begin += kAtOnce) {
      const std::size_t end = std::min(begin + kAtOnce, waiting.size());
      std::vector<HttpRequest> requests;
      for (std::size_t i = begin; i < end; ++i) {
        requests.push_back(http_request_of(calls[waiting[i]], setup_.region, setup_.keys));
        requests.back().trust = setup_.trust;
        const milliseconds patience = calls[waiting[i]].patience.value_or(setup_.patience);
        requests.back().timeout = std::min(patience, time_left(setup_.end));
      }
      const std::vector<HttpReply> answers = fetch(requests, stop_);
      for (std::size_t i = begin; i < end; ++i) {
        const std::size_t at = waiting[i];
        replies[at] = read(calls[at], answers[i - begin]);
        log(LogLevel::debug, std::string(calls[at].api->id) + ":" + calls[at].action + ": HTTP " +
                                 std::to_string(answers[i - begin].status) + " " + problem_of(replies[at]));
        if (wants_another_try(calls[at], replies[at], answers[i - begin].status, round)) again.push_back(at);
      }
    }
    waiting = std::move(again);
  }
  return replies;
}

}  // namespace vpcprobe

#include "agent/doctor/aws_side.h"

#include <algorithm>

namespace vpcprobe {
namespace {

using std::chrono::milliseconds;

// What is done in a moment is seen in a moment; what takes a minute is not asked for a hundred times.
milliseconds pause_after(milliseconds waited) {
  return std::clamp(waited / 5, milliseconds(100), milliseconds(2000));
}

}  // namespace

bool is_refused_as(const ApiCallReply& reply, std::string_view type) {
  return reply.outcome == CallOutcome::refused && reply.error.type == type;
}

Ended repeat_calls(const AwsSide& side, const RepeatedCalls& calls) {
  const auto begun = side.now();
  while (true) {
    std::vector<std::size_t> whose;
    std::vector<ApiCallRequest> requests;
    for (std::size_t i = 0; i < calls.count; ++i) {
      std::optional<ApiCallRequest> request = calls.next(i);
      if (!request) continue;
      whose.push_back(i);
      requests.push_back(std::move(*request));
    }
    if (requests.empty()) return Ended::done;
    if (side.now() >= side.end) return Ended::too_late;
    side.says(calls.words());
    const std::vector<ApiCallReply> replies = side.call(requests);
    bool goes_on = false;
    for (std::size_t i = 0; i < whose.size(); ++i)
      if (calls.take(whose[i], replies[i])) goes_on = true;
    const auto waited = std::chrono::duration_cast<milliseconds>(side.now() - begun);
    if (!side.pause(goes_on ? milliseconds(0) : pause_after(waited))) return Ended::stopped;
  }
}

ApiCallReply call_until(const AwsSide& side, const ApiCallRequest& request, const std::string& words,
                        const std::function<bool(const ApiCallReply&)>& is_settled) {
  ApiCallReply last;
  last.error.message = "no answer before the deadline";
  bool is_done = false;
  RepeatedCalls calls;
  calls.count = 1;
  calls.next = [&](std::size_t) {
    return is_done ? std::optional<ApiCallRequest>() : std::optional<ApiCallRequest>(request);
  };
  calls.take = [&](std::size_t, const ApiCallReply& reply) {
    last = reply;
    is_done = is_settled(reply);
    return is_done;
  };
  calls.words = [&] { return words; };
  repeat_calls(side, calls);
  return last;
}

}  // namespace vpcprobe

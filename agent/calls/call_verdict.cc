#include "agent/calls/call_verdict.h"

#include <algorithm>
#include <array>

#include "agent/aws/ecs_messages.h"
#include "agent/base/http_status.h"
#include "agent/base/text_search.h"
#include "agent/calls/api_calls.h"

namespace vpcprobe {
namespace {

/// Findings that an error names regardless of policies; they go before the policy that its text names.
constexpr std::array<std::string_view, 4> kBeforeDenials = {"clock-skewed", "credentials-expired",
                                                            "signature-rejected", "throttled"};

/// Words in the name of an error that is a refusal, whatever its status.
constexpr std::array<std::string_view, 4> kRefusing = {"access", "denied", "authoriz", "forbidden"};

std::string_view code_of_unknown(const CallObservation& call) {
  if (call.code >= http_status::first_server_error) return "throttled";
  const std::string error = lower_case(call.error);
  const bool refuses = call.code == http_status::unauthorized || call.code == http_status::forbidden ||
                       std::any_of(kRefusing.begin(), kRefusing.end(), [&](std::string_view word) {
                         return error.find(word) != std::string::npos;
                       });
  return refuses ? "denied-unspecified" : "api-error-unknown";
}

}  // namespace

CallVerdict verdict_of(const CallObservation& call) {
  CallVerdict verdict;
  if (call.status != CallStatus::answered || call.allowed || call.code < http_status::first_error)
    return verdict;
  const std::string text = call.error + ": " + call.message;
  const EcsEnding* ending = find_ending(lower_case(text) + " status code: " + std::to_string(call.code), {});
  const std::string_view named = ending != nullptr && ending->codes[0] != nullptr ? ending->codes[0] : "";
  if (std::find(kBeforeDenials.begin(), kBeforeDenials.end(), named) != kBeforeDenials.end()) {
    verdict.code = named;
  } else if (const auto denial = read_denial(text)) {
    verdict.denial = *denial;
    verdict.code = denial->code;
  } else {
    verdict.code = code_of_unknown(call);
  }
  return verdict;
}

Weight weight_of(const CallObservation& call) {
  const ApiCall* row = find_api_call(call.operation);
  if (row != nullptr && row->sample) return Weight::sample;
  return is_made_up(call) ? Weight::likely : Weight::task;
}

bool is_made_by(Role role, const PlannedEndpoint& planned, const CallObservation& call) {
  if (!call.object.empty() && !planned.objects.empty()) {
    return std::any_of(planned.objects.begin(), planned.objects.end(), [&](const NamedObject& object) {
      return object.name == call.object && object.role == role;
    });
  }
  return std::any_of(planned.traffic.begin(), planned.traffic.end(),
                     [&](const Traffic& traffic) { return traffic.role == role; });
}

}  // namespace vpcprobe

#include "agent/render/calls.h"

#include <array>

#include "agent/calls/api_calls.h"
#include "agent/diagnosis/words.h"

namespace vpcprobe {
namespace {

std::string answer_words(const CallObservation& call) {
  if (call.status != CallStatus::answered) return "no answer (" + std::string(to_string(call.status)) + ")";
  if (!call.allowed)
    return "HTTP " + std::to_string(call.code) + (call.error.empty() ? "" : " " + call.error);
  static constexpr std::array<const char*, 3> kPresence{"", ", it is there", ", it is not there"};
  return std::string("let through") + kPresence.at(static_cast<std::size_t>(call.presence));
}

}  // namespace

std::string call_words(const CallObservation& call) {
  std::string words = call.operation;
  if (!call.object.empty()) words += " on " + call.object;
  if (is_made_up(call)) words += " on a name of the probe's own";
  return words + ": " + answer_words(call) + ", " + duration_words(call.elapsed);
}

}  // namespace vpcprobe

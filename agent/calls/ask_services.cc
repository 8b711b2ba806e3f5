#include "agent/calls/ask_services.h"

#include <algorithm>
#include <span>

#include "agent/base/log.h"
#include "agent/calls/api_answer.h"
#include "agent/calls/api_calls.h"

namespace vpcprobe {
namespace {

using Clock = std::chrono::steady_clock;

// Requests at once: a burst of one task must not be throttled.
constexpr std::size_t kAtOnce = 16;

struct Question {
  PlannedCall call;
  EndpointObservation* about;
};

/// Where AWS answered the unsigned question: the first address inside the VPC and the first outside, since an
/// endpoint's policy holds at all of its addresses and at no others.
std::vector<SocketAddress> answering_peers(const EndpointObservation& seen, std::uint16_t port,
                                           const NetworkRanges& ranges) {
  std::vector<SocketAddress> peers;
  for (const bool inside : {true, false}) {
    const auto found =
        std::find_if(seen.addresses.begin(), seen.addresses.end(), [&](const AddressObservation& address) {
          return address.http && address.http->status == HttpStatus::aws &&
                 is_inside(scope_of(address.address, ranges)) == inside;
        });
    if (found != seen.addresses.end()) peers.push_back({found->address, port});
  }
  return peers;
}

std::vector<Question> questions_for(const Plan& plan, Observation& seen) {
  std::vector<Question> questions;
  for (std::size_t i = 0; i < plan.endpoints.size() && i < seen.endpoints.size(); ++i) {
    const PlannedEndpoint& endpoint = plan.endpoints[i];
    for (const SocketAddress& peer :
         answering_peers(seen.endpoints[i], endpoint.target.port, plan.settings.ranges)) {
      for (PlannedCall& call : calls_for(endpoint)) {
        call.request.peer = peer;
        call.request.signing = Signing{{}, endpoint.region, std::string(call.operation->signing)};
        questions.push_back({std::move(call), &seen.endpoints[i]});
      }
    }
  }
  return questions;
}

void write_log(const CallObservation& seen) {
  log(LogLevel::debug, seen.operation + " at " + seen.peer.to_string() + ": " +
                           std::string(to_string(seen.status)) + ", HTTP " + std::to_string(seen.code) + " " +
                           seen.error);
}

/// One batch; false where the time did not suffice.
bool ask_batch(std::span<Question> batch, const AwsKeys& keys, const TlsContext& trust,
               std::chrono::milliseconds stage, std::chrono::milliseconds left,
               const std::atomic<bool>& stop) {
  const auto patience = std::min(stage, left);
  if (patience.count() <= 0 || stop) return false;
  std::vector<HttpRequest> requests;
  for (const Question& question : batch) {
    requests.push_back(question.call.request);
    requests.back().signing->keys = keys;
    requests.back().trust = &trust;
    requests.back().timeout = patience;
  }
  const std::vector<HttpReply> replies = fetch(requests, stop);
  bool in_time = true;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    CallObservation call = read_call_reply(replies[i], batch[i].call, keys);
    if (call.status == CallStatus::timeout && patience < stage) call.status = CallStatus::cancelled;
    in_time = in_time && call.status != CallStatus::cancelled;
    write_log(call);
    batch[i].about->calls.push_back(std::move(call));
  }
  return in_time;
}

}  // namespace

void ask_services(const Plan& plan, const AwsKeys& keys, std::chrono::milliseconds limit, Observation& seen,
                  const std::atomic<bool>& stop) {
  const auto begun = Clock::now();
  const TlsContext trust(plan.settings.more_roots);
  std::vector<Question> questions = questions_for(plan, seen);
  for (std::size_t from = 0; from < questions.size() && seen.asked_complete; from += kAtOnce) {
    const auto left = limit - std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun);
    const std::size_t count = std::min(kAtOnce, questions.size() - from);
    seen.asked_complete = ask_batch(std::span(questions).subspan(from, count), keys, trust,
                                    plan.settings.stage_timeout, left, stop);
  }
  seen.duration += std::chrono::duration_cast<Elapsed>(Clock::now() - begun);
}

}  // namespace vpcprobe

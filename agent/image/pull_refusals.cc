#include "agent/image/pull_refusals.h"

#include <algorithm>
#include <array>

#include "agent/base/http_status.h"
#include "agent/image/registry_login.h"

namespace vpcprobe {
namespace {

struct CheckedAction {
  PullStep step;
  std::string_view action;
};
constexpr std::array kActions = std::to_array<CheckedAction>({
    {PullStep::login, "ecr:GetAuthorizationToken"},
    {PullStep::manifest, "ecr:BatchGetImage"},
    {PullStep::platform, "ecr:BatchGetImage"},
    {PullStep::config, "ecr:GetDownloadUrlForLayer"},
    {PullStep::layer, "ecr:GetDownloadUrlForLayer"},
});

/// The operation at a host outside AWS, which has no IAM actions.
constexpr std::string_view kOfOthers = "pull";

/// The IAM action that AWS checks, if AWS answers this hop.
std::string_view action_of(const PlannedEndpoint& registry, const Hop& hop) {
  const auto row = std::find_if(kActions.begin(), kActions.end(),
                                [&](const CheckedAction& checked) { return checked.step == hop.step; });
  const bool at_registry = hop.host == registry.target.host && hop.port == registry.target.port;
  const bool by_aws = wants_aws_login(registry) && (at_registry || hop.step == PullStep::login);
  return row != kActions.end() && by_aws ? row->action : kOfOthers;
}

/// True if a signed call has already reported the refused login.
bool is_known(const EndpointObservation& seen, const CallObservation& refused) {
  return refused.operation == kActions.front().action &&
         std::any_of(seen.calls.begin(), seen.calls.end(), [&](const CallObservation& call) {
           return call.operation == refused.operation && !call.allowed;
         });
}

CallObservation call_of(const Hop& hop, std::string_view action, const std::string& image) {
  CallObservation call;
  call.operation = action;
  if (hop.step != PullStep::login) call.object = image;
  if (const auto address = IpAddress::parse(hop.peer)) call.peer = {*address, hop.port};
  call.status = CallStatus::answered;
  call.elapsed = hop.elapsed;
  call.code = hop.status;
  call.error = hop.error.code;
  call.message = hop.error.message;
  call.request_id = hop.request_id;
  return call;
}

}  // namespace

std::size_t endpoint_of(const Plan& plan, std::size_t registry, const Hop& hop) {
  const auto& endpoints = plan.endpoints;
  const auto place = [&](auto found) { return static_cast<std::size_t>(found - endpoints.begin()); };
  const auto same = std::find_if(endpoints.begin(), endpoints.end(), [&](const PlannedEndpoint& planned) {
    return planned.target.host == hop.host && planned.target.port == hop.port;
  });
  if (same != endpoints.end()) return place(same);
  const auto known = recognise_bucket(hop.host);
  const auto related = std::find_if(endpoints.begin(), endpoints.end(), [&](const PlannedEndpoint& planned) {
    return known && planned.service == known->service &&
           (planned.region.empty() || planned.region == known->values.region);
  });
  return related != endpoints.end() ? place(related) : registry;
}

bool is_call(const PlannedEndpoint& registry, const Hop& hop) {
  if (hop.end != HopEnd::answered) return false;
  if (hop.status == http_status::too_many_requests) return true;
  if (action_of(registry, hop) == kOfOthers) return false;
  if (hop.step == PullStep::login)
    return hop.status >= http_status::first_error && hop.status < http_status::first_server_error;
  return hop.status == http_status::unauthorized || hop.status == http_status::forbidden;
}

void add_refusals(const Plan& plan, const PullObservation& pulls, Observation& seen) {
  for (std::size_t i = 0; i < pulls.images.size(); ++i) {
    const PlannedImage& image = plan.images[i];
    const PlannedEndpoint& registry = plan.endpoints[image.endpoint];
    const std::vector<Hop>& hops = pulls.images[i].hops;
    const auto refused =
        std::find_if(hops.begin(), hops.end(), [&](const Hop& hop) { return is_call(registry, hop); });
    if (refused == hops.end()) continue;  // of several, the next layers say the same
    EndpointObservation& asked = seen.endpoints[endpoint_of(plan, image.endpoint, *refused)];
    CallObservation call = call_of(*refused, action_of(registry, *refused), image.written);
    if (!is_known(asked, call)) asked.calls.push_back(std::move(call));
  }
}

}  // namespace vpcprobe

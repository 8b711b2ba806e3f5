#include "agent/pull_refusals.h"

#include <algorithm>
#include <array>

namespace vpcprobe {
namespace {

constexpr int kUnauthorized = 401;
constexpr int kForbidden = 403;
constexpr int kTooMany = 429;

struct CheckedAction {
  PullStep step;
  std::string_view action;
};
constexpr std::array kActions = std::to_array<CheckedAction>({
    {PullStep::manifest, "ecr:BatchGetImage"},
    {PullStep::platform, "ecr:BatchGetImage"},
    {PullStep::config, "ecr:GetDownloadUrlForLayer"},
    {PullStep::layer, "ecr:GetDownloadUrlForLayer"},
});

/// Somebody else's registry knows no actions.
constexpr std::string_view kOfOthers = "pull";

/// Other registries refuse whoever has no login with them; that is no policy of AWS's.
bool is_refusal(const Hop& hop, bool by_aws) {
  if (hop.end != HopEnd::answered) return false;
  return hop.status == kTooMany || (by_aws && (hop.status == kForbidden || hop.status == kUnauthorized));
}

CallObservation call_of(const Hop& hop, std::string_view action, const std::string& image) {
  CallObservation call;
  call.operation = action;
  call.object = image;
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

void add_refusals(const Plan& plan, const PullObservation& pulls, Observation& seen) {
  for (std::size_t i = 0; i < pulls.images.size(); ++i) {
    const PlannedImage& image = plan.images[i];
    const PlannedEndpoint& registry = plan.endpoints[image.endpoint];
    for (const Hop& hop : pulls.images[i].hops) {
      const auto row = std::find_if(kActions.begin(), kActions.end(),
                                    [&](const CheckedAction& checked) { return checked.step == hop.step; });
      const bool its_own = hop.host == registry.target.host && hop.port == registry.target.port;
      if (row == kActions.end() || !its_own || !is_refusal(hop, registry.service != nullptr)) continue;
      seen.endpoints[image.endpoint].calls.push_back(
          call_of(hop, registry.service != nullptr ? row->action : kOfOthers, image.written));
      break;  // the next layers say the same
    }
  }
}

}  // namespace vpcprobe

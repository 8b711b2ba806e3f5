#include "agent/cli/kept_controls.h"

#include <algorithm>

namespace vpcprobe {
namespace {

bool is_needed(const EndpointObservation& control) { return control.dns || !control.addresses.empty(); }

bool is_whole(const EndpointObservation& control) {
  const bool resolved = control.dns && control.dns->status != DnsStatus::cancelled;
  return resolved && std::all_of(control.addresses.begin(), control.addresses.end(), [](const auto& address) {
           return address.tcp && address.tcp->status != TcpStatus::cancelled;
         });
}

}  // namespace

void KeptControls::update(std::vector<EndpointObservation>& controls, TimePoint now) {
  if (std::none_of(controls.begin(), controls.end(), is_needed)) return;
  if (std::all_of(controls.begin(), controls.end(), is_whole)) {
    controls_ = controls;
    since_ = now;
  } else if (!are_due(now) && controls_.size() == controls.size()) {
    controls = controls_;
  }
}

}  // namespace vpcprobe

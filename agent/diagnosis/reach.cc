#include "agent/diagnosis/reach.h"

#include <algorithm>

#include "agent/diagnosis/override.h"
#include "agent/diagnosis/words.h"

namespace vpcprobe {

bool is_unowned(const PlannedEndpoint& planned, const AddressReport& address) {
  return address.scope == Scope::public_ && address.owner.empty() && expects_aws_answer(planned) &&
         ranges_hold(planned.region);
}

bool all_unowned(const PlannedEndpoint& planned, const std::vector<const AddressReport*>& addresses) {
  return std::all_of(addresses.begin(), addresses.end(),
                     [&](const AddressReport* a) { return is_unowned(planned, *a); });
}

std::vector<const AddressReport*> Addresses::all() const {
  std::vector<const AddressReport*> both = inside;
  both.insert(both.end(), outside.begin(), outside.end());
  return both;
}

Addresses counting_addresses(const EndpointReport& endpoint) {
  const auto usable = [&](Family family) {
    return std::any_of(endpoint.addresses.begin(), endpoint.addresses.end(), [&](const AddressReport& a) {
      return a.seen.address.family == family && !family_missing(a.seen);
    });
  };
  const bool ipv4 = usable(Family::ipv4);
  const bool ipv6 = usable(Family::ipv6);
  Addresses counting;
  for (const AddressReport& address : endpoint.addresses) {
    const bool other_family = address.seen.address.family == Family::ipv4 ? ipv6 : ipv4;
    if (other_family && family_missing(address.seen)) continue;
    (is_inside(address.scope) ? counting.inside : counting.outside).push_back(&address);
  }
  return counting;
}

std::vector<const AddressReport*> with(const std::vector<const AddressReport*>& addresses, Reach reach) {
  std::vector<const AddressReport*> found;
  for (const AddressReport* address : addresses) {
    if (reach_of(address->seen) == reach) found.push_back(address);
  }
  return found;
}

bool any_is(const std::vector<const AddressReport*>& addresses, Reach reach) {
  return std::any_of(addresses.begin(), addresses.end(),
                     [&](const AddressReport* a) { return reach_of(a->seen) == reach; });
}

bool all_are(const std::vector<const AddressReport*>& addresses, Reach reach) {
  return !addresses.empty() && std::all_of(addresses.begin(), addresses.end(), [&](const AddressReport* a) {
    return reach_of(a->seen) == reach;
  });
}

bool is_closed(const std::vector<const AddressReport*>& addresses) {
  return !addresses.empty() && std::all_of(addresses.begin(), addresses.end(), [](const AddressReport* a) {
    const Reach reach = reach_of(a->seen);
    return reach == Reach::silent || reach == Reach::unreachable;
  });
}

EgressView egress_of(const Plan& plan, const std::vector<EndpointReport>& endpoints,
                     const std::vector<EndpointReport>& controls) {
  EgressView view;
  for (const EndpointReport& control : controls) {
    auto addresses = counting_addresses(control).all();
    std::erase_if(addresses, [](const AddressReport* a) { return !reserved_use(a->seen.address).empty(); });
    if (any_is(addresses, Reach::connects)) return {Egress::open, control.host, {}};
    if (is_closed(addresses) && view.state == Egress::not_checked)
      view = {Egress::closed, control.host, connect_words(addresses)};
  }
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    const PlannedEndpoint& planned = plan.endpoints[i];
    if (planned.service == nullptr || planned.expects == EndpointType::gateway) continue;
    for (const AddressReport* address : with(counting_addresses(endpoints[i]).outside, Reach::connects)) {
      const bool outside = address->scope == Scope::public_ && !is_unowned(planned, *address);
      if (outside) return {Egress::open, endpoints[i].host, {}};
    }
  }
  return view;
}

}  // namespace vpcprobe

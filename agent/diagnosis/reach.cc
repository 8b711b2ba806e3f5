#include "agent/diagnosis/reach.h"

#include <algorithm>
#include <cerrno>

namespace vpcprobe {

Reach reach_of(const AddressObservation& seen) {
  if (!seen.tcp) return Reach::unknown;
  switch (seen.tcp->status) {
    case TcpStatus::ok:
      return Reach::connects;
    case TcpStatus::timeout:
      return Reach::silent;
    case TcpStatus::refused:
      return Reach::refused;
    case TcpStatus::unreachable:
    case TcpStatus::failed:
      return Reach::unreachable;
    case TcpStatus::cancelled:
      break;
  }
  return Reach::unknown;
}

bool expects_aws_answer(const PlannedEndpoint& planned) {
  // By the service, not the plan: AWS answers in another region too, where no endpoint is to be expected.
  return planned.service != nullptr && (planned.service->expects == EndpointType::interface ||
                                        planned.service->expects == EndpointType::gateway);
}

bool works(const PlannedEndpoint& planned, const AddressObservation& seen) {
  if (reach_of(seen) != Reach::connects) return false;
  if (planned.target.until == Until::tcp) return true;
  if (!seen.tls || seen.tls->status != TlsStatus::ok) return false;
  if (planned.target.until == Until::tls) return true;
  if (!seen.http) return false;
  if (seen.http->status == HttpStatus::aws) return true;
  return !expects_aws_answer(planned) && seen.http->status == HttpStatus::not_aws;
}

bool in_other_region(const PlannedEndpoint& planned, const Plan& plan) {
  return planned.service != nullptr && planned.service->host.find("{region}") != std::string_view::npos &&
         !plan.region.empty() && planned.target.host.find(plan.region) == std::string::npos;
}

bool is_unowned(const PlannedEndpoint& planned, const AddressReport& address) {
  return address.scope == Scope::public_ && address.owner.empty() && expects_aws_answer(planned) &&
         ranges_hold(planned.region);
}

bool all_unowned(const PlannedEndpoint& planned, const std::vector<const AddressReport*>& addresses) {
  return std::all_of(addresses.begin(), addresses.end(),
                     [&](const AddressReport* a) { return is_unowned(planned, *a); });
}

bool family_missing(const AddressObservation& seen) {
  if (!seen.tcp || seen.tcp->icmp) return false;
  const int error = seen.tcp->error;
  return reach_of(seen) == Reach::unreachable &&
         (error == ENETUNREACH || error == EADDRNOTAVAIL || error == EAFNOSUPPORT);
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
    const auto addresses = counting_addresses(control).all();
    if (any_is(addresses, Reach::connects)) return {Egress::open, control.host};
    if (is_closed(addresses) && view.state == Egress::not_checked) view = {Egress::closed, control.host};
  }
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    const PlannedEndpoint& planned = plan.endpoints[i];
    if (planned.service == nullptr || planned.expects == EndpointType::gateway) continue;
    for (const AddressReport* address : with(counting_addresses(endpoints[i]).outside, Reach::connects)) {
      const bool outside = address->scope == Scope::public_ && !is_unowned(planned, *address);
      if (outside) return {Egress::open, endpoints[i].host};
    }
  }
  return view;
}

}  // namespace vpcprobe

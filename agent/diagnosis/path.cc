#include "agent/diagnosis/path.h"

#include <algorithm>

#include "agent/diagnosis/words.h"

namespace vpcprobe {
namespace {

std::vector<const AddressReport*> verified(const PlannedEndpoint& planned,
                                           const std::vector<const AddressReport*>& addresses) {
  std::vector<const AddressReport*> found;
  for (const AddressReport* address : addresses) {
    const AddressObservation& seen = address->seen;
    const bool tls_ok = seen.tls && seen.tls->status == TlsStatus::ok;
    if (reach_of(seen) == Reach::connects && (tls_ok || planned.target.until == Until::tcp))
      found.push_back(address);
  }
  return found;
}

bool answers_as_aws(const std::vector<const AddressReport*>& addresses) {
  return std::any_of(addresses.begin(), addresses.end(), [](const AddressReport* a) {
    return a->seen.http && a->seen.http->status == HttpStatus::aws;
  });
}

PathInference inside_path(const PlannedEndpoint& planned,
                          const std::vector<const AddressReport*>& addresses) {
  const std::string who = address_words(addresses);
  if (planned.expects == EndpointType::mount_target) {
    return {Path::unknown,
            who + " connects inside the VPC, as a mount target does; there is no endpoint to tell"};
  }
  if (answers_as_aws(addresses))
    return {Path::interface_endpoint, who + " is a private address and answers as AWS"};
  if (planned.service != nullptr && planned.expects != EndpointType::none) {
    return {Path::interface_endpoint,
            who + " is a private address and proves the service's name by its certificate"};
  }
  return {Path::unknown, who + " is a private address; what stands behind it cannot be told from here"};
}

PathInference outside_path(const PlannedEndpoint& planned, const std::vector<const AddressReport*>& addresses,
                           const EgressView& egress) {
  const std::string who = address_words(addresses);
  const bool only_public = std::all_of(addresses.begin(), addresses.end(),
                                       [](const AddressReport* a) { return a->scope == Scope::public_; });
  if (!only_public) return {Path::unknown, who + " is neither a public address nor one of the VPC"};
  if (all_unowned(planned, addresses)) {
    return {Path::unknown,
            who + " is in no range of AWS's: one of the VPC's own, or one younger than the table of ranges"};
  }
  if (planned.expects != EndpointType::gateway) return {Path::public_, who + " is public and answers"};
  switch (egress.state) {
    case Egress::closed:
      return {Path::gateway_endpoint, who + " answers while " + egress.witness + " does not (" +
                                          egress.silence +
                                          "): so it is with a gateway endpoint and no other path out"};
    case Egress::open:
      return {Path::unknown, who + " answers and so does " + egress.witness +
                                 ": with a path to the internet, a gateway endpoint cannot be told from it"};
    case Egress::not_checked:
      break;
  }
  return {Path::unknown, who + " answers, by a gateway endpoint or by NAT: no control was probed to its end"};
}

Cidr around(const IpAddress& address, int prefix) {
  return Cidr::parse(address.to_string() + "/" + std::to_string(prefix)).value();
}

}  // namespace

PathInference infer_path(const PlannedEndpoint& planned, const EndpointReport& seen,
                         const EgressView& egress) {
  const Addresses counting = counting_addresses(seen);
  const auto all = counting.all();
  if (all.empty()) {
    const bool answered =
        seen.dns && seen.dns->status != DnsStatus::cancelled && seen.dns->status != DnsStatus::ok;
    if (answered) return {Path::none, "the name gives no address"};
    return {Path::unknown, "nothing was seen of it"};
  }
  const auto inside = verified(planned, counting.inside);
  const auto outside = verified(planned, counting.outside);
  if (!inside.empty() && !outside.empty()) {
    return {Path::mixed, address_words(inside) + " and " + address_words(outside) + " both answer"};
  }
  if (!inside.empty()) return inside_path(planned, inside);
  if (!outside.empty()) return outside_path(planned, outside, egress);
  if (any_is(all, Reach::connects)) return {Path::unknown, "it connects, but TLS did not prove who answers"};
  if (any_is(all, Reach::unknown)) return {Path::unknown, "not every address was tried in time"};
  return {Path::none, "none of its addresses connects"};
}

NetworkRanges widen_to_vpc(NetworkRanges known, const std::vector<IpAddress>& own_addresses) {
  // AWS gives a VPC an IPv6 /56, and IPv4 blocks of /16 at most; VPCs in ranges that are public elsewhere
  // exist.
  constexpr int ipv6_block = 56;
  constexpr int widest_ipv4_block = 16;
  std::vector<IpAddress> own = own_addresses;
  for (const Cidr& subnet : known.subnets) own.push_back(subnet.base);
  for (const IpAddress& address : own) {
    if (scope_of(address, NetworkRanges{}) != Scope::public_) continue;
    if (address.family == Family::ipv6) {
      known.vpc.push_back(around(address, ipv6_block));
    } else if (owner_of(address).service.empty()) {
      known.vpc.push_back(around(address, widest_ipv4_block));
    }
  }
  return known;
}

}  // namespace vpcprobe

#include "agent/diagnosis/override.h"

#include <algorithm>
#include <array>
#include <set>

#include "agent/aws/known_host.h"
#include "agent/diagnosis/reach.h"

namespace vpcprobe {
namespace {

struct ReservedRange {
  Cidr range;
  std::string_view use;
};

ReservedRange reserved(const char* range, std::string_view use) { return {*Cidr::parse(range), use}; }

// IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and what updates it).
const std::array<ReservedRange, 20>& reserved_ranges() {
  static const std::array<ReservedRange, 20> ranges{{
      reserved("127.0.0.0/8", "loopback"),           // RFC 1122
      reserved("::1/128", "loopback"),               // RFC 4291
      reserved("::ffff:127.0.0.0/104", "loopback"),  // RFC 4291, IPv4-mapped
      reserved("0.0.0.0/8", "unspecified"),          // RFC 791
      reserved("::/128", "unspecified"),             // RFC 4291
      reserved("::ffff:0.0.0.0/128", "unspecified"),
      reserved("192.0.2.0/24", "documentation"),     // RFC 5737
      reserved("198.51.100.0/24", "documentation"),  // RFC 5737
      reserved("203.0.113.0/24", "documentation"),   // RFC 5737
      reserved("2001:db8::/32", "documentation"),    // RFC 3849
      reserved("3fff::/20", "documentation"),        // RFC 9637
      reserved("198.18.0.0/15", "benchmarks"),       // RFC 2544
      reserved("2001:2::/48", "benchmarks"),         // RFC 5180
      reserved("100::/64", "discarding"),            // RFC 6666
      reserved("169.254.0.0/16", "link-local"),      // RFC 3927
      reserved("fe80::/10", "link-local"),           // RFC 4291
      reserved("224.0.0.0/4", "multicast"),          // RFC 5771
      reserved("ff00::/8", "multicast"),             // RFC 4291
      reserved("240.0.0.0/4", "no use yet"),         // RFC 1112
      reserved("192.0.0.0/29", "DS-Lite"),           // RFC 7335
  }};
  return ranges;
}

bool is_own_name(std::string_view host) {
  constexpr std::string_view below = ".localhost";  // RFC 6761
  return host == "localhost" || host.ends_with(below);
}

bool is_vpcs(const AddressReport& address) {
  return address.scope == Scope::subnet || address.scope == Scope::vpc;
}

/// Something answered at this address, and it was not the endpoint.
bool answers_wrongly(const AddressReport& address) {
  const AddressObservation& seen = address.seen;
  if (reach_of(seen) == Reach::refused) return true;
  if (seen.http && seen.http->status == HttpStatus::not_aws) return true;
  if (!seen.tls) return false;
  const TlsStatus status = seen.tls->status;
  return status == TlsStatus::untrusted || status == TlsStatus::name_mismatch ||
         status == TlsStatus::not_tls || status == TlsStatus::expired;
}

bool is_silent_inside(const AddressReport& address) {
  return is_inside(address.scope) && reach_of(address.seen) == Reach::silent;
}

std::vector<const AddressReport*> pointers(const EndpointReport& seen) {
  std::vector<const AddressReport*> all;
  for (const AddressReport& address : seen.addresses) all.push_back(&address);
  return all;
}

bool any_works(const PlannedEndpoint& planned, const EndpointReport& seen) {
  return std::any_of(seen.addresses.begin(), seen.addresses.end(),
                     [&](const AddressReport& address) { return works(planned, address.seen); });
}

/// A name of AWS that leads by CNAME to a name that is not one, where something else answers: how a DNS
/// firewall overrides (AWS: "Rule actions in DNS Firewall": OVERRIDE gives a CNAME record).
NameOverride by_cname(const PlannedEndpoint& planned, const EndpointReport& seen) {
  NameOverride found;
  if (!expects_aws_answer(planned) || seen.dns->cnames.empty() || is_aws_name(seen.dns->cnames.back()))
    return found;
  const bool wrong = std::any_of(seen.addresses.begin(), seen.addresses.end(), answers_wrongly);
  if (!wrong || any_works(planned, seen)) return found;
  found.addresses = pointers(seen);
  found.use = "a CNAME to " + seen.dns->cnames.back();
  found.is_whole = true;
  return found;
}

std::vector<IpAddress> sorted_answer(const EndpointReport& seen) {
  std::vector<IpAddress> answer;
  for (const AddressReport& address : seen.addresses) answer.push_back(address.seen.address);
  std::sort(answer.begin(), answer.end());
  return answer;
}

}  // namespace

std::string_view reserved_use(const IpAddress& address) {
  static const Cidr lattice = *Cidr::parse("169.254.171.0/24");
  if (lattice.contains(address)) return {};
  for (const ReservedRange& row : reserved_ranges())
    if (row.range.contains(address)) return row.use;
  return {};
}

NameOverride override_of(const PlannedEndpoint& planned, const EndpointReport& seen) {
  NameOverride found;
  if (!seen.dns || is_own_name(seen.host)) return found;
  for (const AddressReport& address : seen.addresses) {
    const std::string_view use = reserved_use(address.seen.address);
    if (use.empty() || is_vpcs(address) || works(planned, address.seen)) continue;
    // Manuals give such addresses to hosts like registry.example.com; AWS gives them to no service.
    if (use == "documentation" && !expects_aws_answer(planned)) continue;
    if (found.use.empty()) found.use = use;
    found.addresses.push_back(&address);
  }
  found.leads_nowhere = !found.addresses.empty();
  found.is_whole = found.addresses.size() == seen.addresses.size() && !found.addresses.empty();
  return found.addresses.empty() ? by_cname(planned, seen) : found;
}

std::vector<const EndpointReport*> with_one_answer(const Plan& plan,
                                                   const std::vector<EndpointReport>& endpoints,
                                                   const EndpointReport& seen) {
  const std::vector<IpAddress> answer = sorted_answer(seen);
  std::vector<const EndpointReport*> sharing;
  if (answer.empty()) return sharing;
  bool wrong = false;
  bool silent = true;
  std::set<const Service*> services;
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    const EndpointReport& other = endpoints[i];
    if (!other.dns || !expects_aws_answer(plan.endpoints[i]) || sorted_answer(other) != answer) continue;
    if (any_works(plan.endpoints[i], other)) return {};
    wrong |= std::any_of(other.addresses.begin(), other.addresses.end(), answers_wrongly);
    silent &= std::all_of(other.addresses.begin(), other.addresses.end(), is_silent_inside);
    if (plan.endpoints[i].service != nullptr) services.insert(plan.endpoints[i].service);
    const bool is_new = std::none_of(sharing.begin(), sharing.end(), [&](const EndpointReport* known) {
      return known->host == other.host || known->service == other.service;
    });
    if (is_new) sharing.push_back(&other);
  }
  const bool is_no_endpoint = wrong || (silent && services.size() > 1);
  if (!is_no_endpoint || sharing.size() < 2) sharing.clear();
  return sharing;
}

}  // namespace vpcprobe

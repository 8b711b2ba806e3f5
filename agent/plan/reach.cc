#include "agent/plan/reach.h"

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
      // A firewall's ICMP "port unreachable" reads as ECONNREFUSED too; only the peer's own, or its RST, says
      // that something is there and does not listen.
      return seen.tcp->icmp && seen.tcp->icmp->from != seen.address.to_string() ? Reach::unreachable
                                                                                : Reach::refused;
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

bool family_missing(const AddressObservation& seen) {
  if (!seen.tcp || seen.tcp->icmp) return false;
  const int error = seen.tcp->error;
  return reach_of(seen) == Reach::unreachable &&
         (error == ENETUNREACH || error == EADDRNOTAVAIL || error == EAFNOSUPPORT);
}

}  // namespace vpcprobe

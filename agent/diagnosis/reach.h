#pragma once
// What an endpoint and the controls came to: the questions that path inference and rules share.
#include <string>
#include <vector>

#include "agent/diagnosis/report.h"
#include "agent/plan/reach.h"

namespace vpcprobe {

/// The addresses of an endpoint that count, by where they lie. An address of a family that this task does not
/// have (ENETUNREACH, EADDRNOTAVAIL or EAFNOSUPPORT) does not count while another family has addresses.
struct Addresses {
  std::vector<const AddressReport*> inside;   ///< subnet, VPC or private ranges
  std::vector<const AddressReport*> outside;  ///< public, and anything else that is not inside
  std::vector<const AddressReport*> all() const;
};
Addresses counting_addresses(const EndpointReport& endpoint);
/// A public address of one of AWS's services that the published ranges of AWS do not hold: it is younger than
/// the table, or the VPC's own, or somebody else's.
bool is_unowned(const PlannedEndpoint& planned, const AddressReport& address);
bool all_unowned(const PlannedEndpoint& planned, const std::vector<const AddressReport*>& addresses);

std::vector<const AddressReport*> with(const std::vector<const AddressReport*>& addresses, Reach reach);
/// True for a non-empty list of addresses that all ended like this.
bool all_are(const std::vector<const AddressReport*>& addresses, Reach reach);
bool any_is(const std::vector<const AddressReport*>& addresses, Reach reach);
/// True for a non-empty list in which nothing connects or refuses and nothing is unknown: silent or
/// unreachable.
bool is_closed(const std::vector<const AddressReport*>& addresses);

/// Whether the task has a path to the internet.
enum class Egress : std::uint8_t {
  not_checked,  ///< no control was probed, or its name did not resolve
  open,         ///< a public address outside every gateway endpoint's prefix list connects
  closed        ///< every probed control stays silent or is unreachable
};
struct EgressView {
  Egress state = Egress::not_checked;
  std::string witness;  ///< host that shows it; empty for not_checked
  std::string silence;  ///< where it is closed: how its connect ended, "no answer to SYN in 360 ms"
};
/// Judged by the controls, and by public addresses of services that have no gateway endpoint.
EgressView egress_of(const Plan& plan, const std::vector<EndpointReport>& endpoints,
                     const std::vector<EndpointReport>& controls);

}  // namespace vpcprobe

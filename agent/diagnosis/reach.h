#pragma once
// What an address, an endpoint and the controls came to: the questions that path inference and rules share.
#include <string>
#include <vector>

#include "agent/diagnosis/report.h"
#include "agent/plan/plan.h"

namespace vpcprobe {

/// How the TCP connect to one address ended.
enum class Reach : std::uint8_t {
  unknown,  ///< not attempted, or the deadline came first
  connects,
  silent,
  refused,
  unreachable  ///< the kernel or a router said no, with any errno
};
Reach reach_of(const AddressObservation& seen);

/// True where every stage up to `until` went well, as far as it can be judged: any HTTP answer will do where
/// AWS is not expected to answer.
bool works(const PlannedEndpoint& planned, const AddressObservation& seen);

/// True where an HTTP answer must come from AWS: not for a custom target or a registry outside AWS.
bool expects_aws_answer(const PlannedEndpoint& planned);

/// True where the endpoint belongs to another region than the task: no ordinary endpoint leads there.
bool in_other_region(const PlannedEndpoint& planned, const Plan& plan);

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
/// True where the task has no way to use the address's family at all.
bool family_missing(const AddressObservation& seen);

std::vector<const AddressReport*> with(const std::vector<const AddressReport*>& addresses, Reach reach);
/// True for a non-empty list of addresses that all ended like this.
bool all_are(const std::vector<const AddressReport*>& addresses, Reach reach);
bool any_is(const std::vector<const AddressReport*>& addresses, Reach reach);
/// True for a non-empty list in which nothing connects or refuses and nothing is unknown: silent or
/// unreachable.
bool is_closed(const std::vector<const AddressReport*>& addresses);

/// Whether the task has a way to the internet.
enum class Egress : std::uint8_t {
  not_checked,  ///< no control was probed, or its name did not resolve
  open,         ///< a public address outside every gateway endpoint's prefix list connects
  closed        ///< every probed control stays silent or is unreachable
};
struct EgressView {
  Egress state = Egress::not_checked;
  std::string witness;  ///< host that shows it; empty for not_checked
};
/// Judged by the controls, and by public addresses of services that have no gateway endpoint.
EgressView egress_of(const Plan& plan, const std::vector<EndpointReport>& endpoints,
                     const std::vector<EndpointReport>& controls);

}  // namespace vpcprobe

#pragma once
// A router that refuses with ICMP answers some SYNs only: kernels and routers limit the rate of ICMP errors
// (RFC 1812 section 4.3.2.8; RFC 4443 section 2.4). What stays silent beside it is the same fault.
#include <map>
#include <string>
#include <vector>

#include "agent/diagnosis/findings.h"

namespace vpcprobe {

/// Silent addresses that a router's refusal explains, each with a refused address that shows it. Both lie in
/// one neighbourhood, or in one block of a VPC's size: as addresses of one endpoint, or where nothing of the
/// silent one's neighbourhood connects.
using Refusals = std::map<const AddressReport*, const AddressReport*>;
Refusals router_refusals(const std::vector<Subject>& subjects, const std::vector<Cidr>& own_subnets);

/// True where a router, and not this host or the peer, said that the address cannot be reached.
bool is_refused_by_router(const AddressReport& address);

/// True where the router's ICMP says "administratively prohibited" (RFC 1812 section 5.2.7.1; RFC 4443
/// section 3.1).
bool is_prohibited(const AddressReport& address);

/// The silent addresses of a subject that a router's refusal explains.
AddressList explained(const Subject& subject, const Refusals& refusals);

/// Nothing of the subject connects, and a router's refusal explains all of its silence.
bool is_refused_whole(const Subject& subject, const Refusals& refusals);

/// "; 3 other addresses stay silent, as routers limit the rate of ICMP".
std::string silence_beside(std::size_t silent);

/// Addresses that most likely share a subnet. The real size of other subnets cannot be known from inside: a
/// known subnet counts, else /24 and /64, the usual ones. Used for grouping only.
std::string neighbourhood(const IpAddress& address, const std::vector<Cidr>& known);

}  // namespace vpcprobe

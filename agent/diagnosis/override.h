#pragma once
// Answers that lead a name to this host, to no host, or to another one than its owner's: what a DNS firewall,
// a private hosted zone or a sinkhole puts in the place of the true answer.
#include <string>
#include <string_view>
#include <vector>

#include "agent/diagnosis/report.h"

namespace vpcprobe {

/// What the IANA registries of special-purpose addresses set a range aside for, so that it is no endpoint's:
/// "loopback", "documentation", "benchmarks" …; empty for every other address. Without 169.254.171.0/24,
/// which answers for VPC Lattice (AWS: "How VPC Lattice works"), and without the NAT64 prefixes.
std::string_view reserved_use(const IpAddress& address);

struct NameOverride {
  std::vector<const AddressReport*>
      addresses;               ///< those that the answer puts in; empty where it is no override
  std::string use;             ///< what they are: "loopback", "a CNAME to x.example" …
  bool leads_nowhere = false;  ///< by the address alone: reserved for something else
  bool is_whole = false;       ///< no other address is left
};

/// Whether the answer for an endpoint is an override. An address that works is none, whatever it is; nor is a
/// name of this host ("localhost"), or an address of a range that is the VPC's.
NameOverride override_of(const PlannedEndpoint& planned, const EndpointReport& seen);

/// The answer that several services share, where none works and a host behind it refuses or is not AWS, or
/// the address is private and silent: each endpoint has addresses of its own. Empty where there is none such.
/// `endpoints` in the order of the plan's.
std::vector<const EndpointReport*> with_one_answer(const Plan& plan,
                                                   const std::vector<EndpointReport>& endpoints,
                                                   const EndpointReport& seen);

}  // namespace vpcprobe

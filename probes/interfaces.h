#pragma once
#include <vector>

#include "probes/address.h"

struct ifaddrs;

namespace vpcprobe {

/// An address of this machine and the range that is on its link.
struct InterfaceAddress {
  IpAddress address;
  Cidr link;  ///< the address's own prefix: a subnet in a VPC; a single address where DHCPv6 gave it (/128)
  auto operator<=>(const InterfaceAddress&) const = default;
};

/// The addresses of all interfaces that are up, each once, in the kernel's order. Without loopback and
/// link-local ones: they say nothing about a subnet, and a Lambda function has no others. Empty if the
/// kernel reports none.
std::vector<InterfaceAddress> own_interface_addresses();

/// The same from a list as getifaddrs(3) gives it. Entries with an invalid netmask are left out.
std::vector<InterfaceAddress> read_interface_addresses(const ifaddrs* list);

}  // namespace vpcprobe

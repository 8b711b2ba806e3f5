#include "probes/interfaces.h"

#include <ifaddrs.h>
#include <net/if.h>

#include <algorithm>
#include <memory>
#include <optional>

namespace vpcprobe {
namespace {

// The number of leading ones; empty where ones follow a zero.
std::optional<int> prefix_of(const IpAddress& mask) {
  int prefix = 0;
  bool ended = false;
  for (int bit = 0; bit < mask.bits(); ++bit) {
    const bool one = (mask.bytes[static_cast<std::size_t>(bit / 8)] & (0x80U >> (bit % 8))) != 0;
    if (one && ended) return std::nullopt;
    ended |= !one;
    prefix += one ? 1 : 0;
  }
  return prefix;
}

}  // namespace

std::vector<InterfaceAddress> read_interface_addresses(const ifaddrs* list) {
  std::vector<InterfaceAddress> found;
  for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
    if ((entry->ifa_flags & IFF_UP) == 0 || (entry->ifa_flags & IFF_LOOPBACK) != 0) continue;
    const auto address = IpAddress::of(entry->ifa_addr);
    const auto mask = IpAddress::of(entry->ifa_netmask);
    if (!address || !mask || mask->family != address->family) continue;
    const Scope scope = scope_of(*address, NetworkRanges{});
    const auto prefix = prefix_of(*mask);
    if (scope == Scope::loopback || scope == Scope::link_local || !prefix) continue;
    const auto link = Cidr::parse(address->to_string() + "/" + std::to_string(*prefix));
    const InterfaceAddress own{*address, link.value()};
    if (std::find(found.begin(), found.end(), own) == found.end()) found.push_back(own);
  }
  return found;
}

std::vector<InterfaceAddress> own_interface_addresses() {
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owned(list, freeifaddrs);
  return read_interface_addresses(list);
}

}  // namespace vpcprobe

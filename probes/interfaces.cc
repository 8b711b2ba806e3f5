#include "probes/interfaces.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>

namespace vpcprobe {
namespace {

std::optional<IpAddress> address_of(const sockaddr* socket_address) {
  if (socket_address == nullptr) return std::nullopt;
  IpAddress address;
  if (socket_address->sa_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(socket_address);
    std::memcpy(address.bytes.data(), &v4->sin_addr, sizeof v4->sin_addr);
    return address;
  }
  if (socket_address->sa_family != AF_INET6) return std::nullopt;
  const auto* v6 = reinterpret_cast<const sockaddr_in6*>(socket_address);
  address.family = Family::ipv6;
  std::memcpy(address.bytes.data(), &v6->sin6_addr, sizeof v6->sin6_addr);
  return address;
}

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
    const auto address = address_of(entry->ifa_addr);
    const auto mask = address_of(entry->ifa_netmask);
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

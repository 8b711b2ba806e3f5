#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct sockaddr;
struct sockaddr_storage;

namespace vpcprobe {

enum class Family : std::uint8_t { ipv4, ipv6 };

/// An IPv4 or IPv6 address as a value: ordered, hashable by its bytes, never a string inside the program.
struct IpAddress {
  Family family = Family::ipv4;
  std::array<std::uint8_t, 16> bytes{};  ///< network order; IPv4 uses the first four

  static std::optional<IpAddress> parse(std::string_view text);
  /// Empty for null and for other families than IPv4 and IPv6.
  static std::optional<IpAddress> of(const sockaddr* socket_address);
  std::string to_string() const;
  /// Length of the address in bits: 32 or 128.
  int bits() const { return family == Family::ipv4 ? 32 : 128; }
  auto operator<=>(const IpAddress&) const = default;
};

/// An address and a port; `to_string` gives `10.0.0.2:53` or `[fd00::1]:53`.
struct SocketAddress {
  IpAddress address;
  std::uint16_t port = 0;

  /// Reads `ADDRESS`, `ADDRESS:PORT`, `[ADDRESS]:PORT`; `default_port` where none is written.
  static std::optional<SocketAddress> parse(std::string_view text, std::uint16_t default_port);
  std::string to_string() const;
  /// Fills `out` and returns its length for connect(2).
  unsigned fill(sockaddr_storage& out) const;
  auto operator<=>(const SocketAddress&) const = default;
};

/// A range in CIDR notation. Host bits are cleared when parsed.
struct Cidr {
  IpAddress base;
  int prefix = 0;  ///< 0 to 32 or 128

  static std::optional<Cidr> parse(std::string_view text);
  bool contains(const IpAddress& address) const;
  std::string to_string() const;
  auto operator<=>(const Cidr&) const = default;
};

/// Where an address lies, seen from the task. `public_` also covers ranges this program knows nothing about.
enum class Scope : std::uint8_t { loopback, link_local, subnet, vpc, private_, public_ };
std::string_view to_string(Scope scope);

/// What is known of the task's own network. VPCs with public-range CIDRs exist, so these go before RFC 1918.
struct NetworkRanges {
  std::vector<Cidr> subnets;  ///< the task's own subnet (IPv4 and IPv6), from the task metadata
  std::vector<Cidr> vpc;      ///< `--vpc-cidr`
};

/// Scope of `address`: the subnet and VPC ranges first, then RFC 1918, RFC 6598 (100.64/10), RFC 4193 (ULA).
Scope scope_of(const IpAddress& address, const NetworkRanges& ranges);

/// The IPv4 address that a NAT64 gateway connects to (64:ff9b::/96, RFC 6052); empty for every other address.
std::optional<IpAddress> behind_nat64(const IpAddress& address);

/// True where traffic to this scope stays inside the VPC or what is attached to it.
constexpr bool is_inside(Scope scope) {
  return scope == Scope::subnet || scope == Scope::vpc || scope == Scope::private_;
}

}  // namespace vpcprobe

#include "probes/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <charconv>
#include <cstring>

namespace vpcprobe {
namespace {

template <typename Int>
std::optional<Int> parse_number(std::string_view text, Int most) {
  Int value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value > most) return std::nullopt;
  return value;
}

Cidr range(const char* text) { return *Cidr::parse(text); }

struct KnownRange {
  Cidr range;
  Scope scope;
};

const std::array<KnownRange, 9>& known_ranges() {
  static const std::array<KnownRange, 9> ranges{{
      {range("127.0.0.0/8"), Scope::loopback},       // RFC 1122
      {range("::1/128"), Scope::loopback},           // RFC 4291
      {range("169.254.0.0/16"), Scope::link_local},  // RFC 3927
      {range("fe80::/10"), Scope::link_local},       // RFC 4291
      {range("10.0.0.0/8"), Scope::private_},        // RFC 1918
      {range("172.16.0.0/12"), Scope::private_},     // RFC 1918
      {range("192.168.0.0/16"), Scope::private_},    // RFC 1918
      {range("100.64.0.0/10"), Scope::private_},     // RFC 6598; AWS allows it as a secondary VPC CIDR
      {range("fc00::/7"), Scope::private_},          // RFC 4193
  }};
  return ranges;
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  if (text.size() >= INET6_ADDRSTRLEN) return std::nullopt;
  const std::string terminated(text);
  IpAddress address;
  if (inet_pton(AF_INET, terminated.c_str(), address.bytes.data()) == 1) return address;
  address.family = Family::ipv6;
  if (inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) return address;
  return std::nullopt;
}

std::optional<IpAddress> IpAddress::of(const sockaddr* socket_address) {
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

std::string IpAddress::to_string() const {
  char text[INET6_ADDRSTRLEN];
  inet_ntop(family == Family::ipv4 ? AF_INET : AF_INET6, bytes.data(), text, sizeof text);
  return text;
}

std::optional<SocketAddress> SocketAddress::parse(std::string_view text, std::uint16_t default_port) {
  std::string_view host = text;
  std::string_view port;
  bool has_port = false;
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    host = text.substr(1, close - 1);
    const std::string_view rest = text.substr(close + 1);
    has_port = rest.starts_with(':');
    if (!rest.empty() && !has_port) return std::nullopt;
    if (has_port) port = rest.substr(1);
  } else if (const auto colon = text.find(':'); colon != std::string_view::npos && colon == text.rfind(':')) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
    has_port = true;
  }
  const auto address = IpAddress::parse(host);
  if (!address) return std::nullopt;
  if (!has_port) return SocketAddress{*address, default_port};
  const auto number = parse_number<unsigned>(port, 65535);
  if (!number || *number == 0) return std::nullopt;
  return SocketAddress{*address, static_cast<std::uint16_t>(*number)};
}

std::string SocketAddress::to_string() const {
  const std::string host = address.to_string();
  return (address.family == Family::ipv4 ? host : "[" + host + "]") + ":" + std::to_string(port);
}

unsigned SocketAddress::fill(sockaddr_storage& out) const {
  std::memset(&out, 0, sizeof out);
  if (address.family == Family::ipv4) {
    auto& v4 = reinterpret_cast<sockaddr_in&>(out);
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    std::memcpy(&v4.sin_addr, address.bytes.data(), sizeof v4.sin_addr);
    return sizeof v4;
  }
  auto& v6 = reinterpret_cast<sockaddr_in6&>(out);
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  std::memcpy(&v6.sin6_addr, address.bytes.data(), sizeof v6.sin6_addr);
  return sizeof v6;
}

std::optional<Cidr> Cidr::parse(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto base = IpAddress::parse(text.substr(0, slash));
  if (!base) return std::nullopt;
  const auto prefix = parse_number<int>(text.substr(slash + 1), base->bits());
  if (!prefix || *prefix < 0) return std::nullopt;
  Cidr cidr{*base, *prefix};
  for (int bit = *prefix; bit < base->bits(); ++bit) {
    const auto mask = static_cast<std::uint8_t>(~(0x80U >> (bit % 8)));
    cidr.base.bytes[static_cast<std::size_t>(bit / 8)] &= mask;
  }
  return cidr;
}

bool Cidr::contains(const IpAddress& address) const {
  if (address.family != base.family) return false;
  const auto whole = static_cast<std::size_t>(prefix / 8);
  if (std::memcmp(address.bytes.data(), base.bytes.data(), whole) != 0) return false;
  const int rest = prefix % 8;
  if (rest == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xFF00U >> rest);
  return (address.bytes[whole] & mask) == (base.bytes[whole] & mask);
}

std::string Cidr::to_string() const { return base.to_string() + "/" + std::to_string(prefix); }

std::string_view to_string(Scope scope) {
  static constexpr std::string_view kNames[] = {"loopback", "link-local", "subnet",
                                                "vpc",      "private",    "public"};
  return kNames[static_cast<std::size_t>(scope)];
}

std::optional<IpAddress> behind_nat64(const IpAddress& address) {
  static const Cidr prefix = *Cidr::parse("64:ff9b::/96");
  if (!prefix.contains(address)) return std::nullopt;
  IpAddress real;
  std::copy(address.bytes.end() - 4, address.bytes.end(), real.bytes.begin());
  return real;
}

Scope scope_of(const IpAddress& address, const NetworkRanges& ranges) {
  for (const Cidr& subnet : ranges.subnets)
    if (subnet.contains(address)) return Scope::subnet;
  for (const Cidr& vpc : ranges.vpc)
    if (vpc.contains(address)) return Scope::vpc;
  for (const KnownRange& known : known_ranges())
    if (known.range.contains(address)) return known.scope;
  return Scope::public_;
}

}  // namespace vpcprobe

#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vpcprobe {

/// An https:// URL that may be asked. `target` may hold a presigned query: a secret, never shown.
struct WebAddress {
  std::string host;  ///< a host name or an address literal, without brackets
  std::uint16_t port = 443;
  std::string target = "/";  ///< path and query

  std::string url() const;
  std::string path() const;  ///< without the query
  bool same_host(const WebAddress& other) const { return host == other.host && port == other.port; }
};

/// Why a redirect or a token server's address cannot be followed.
enum class AddressFault : std::uint8_t { none, missing, malformed, not_https };

struct ReadAddress {
  AddressFault fault = AddressFault::none;
  WebAddress address;
};

/// Reads an absolute URL, or a reference to a path on `base`'s host (RFC 3986 section 4.2). At most 16 KiB,
/// no user names, nothing but printable ASCII.
ReadAddress read_address(std::string_view text, const WebAddress& base);

}  // namespace vpcprobe

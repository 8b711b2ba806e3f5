#include "agent/image/web_address.h"

#include <algorithm>

#include "agent/aws/host_name.h"
#include "agent/base/text_search.h"
#include "probes/address.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kLongest = 16 * 1024;
constexpr std::uint16_t kHttps = 443;

bool is_clean(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '<' && c != '>';
  });
}

/// `HOST[:PORT]` or `[IPv6][:PORT]`; false for anything else, user names included.
bool read_authority(std::string_view text, WebAddress& out) {
  std::string_view host = text;
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == text.npos) return false;
    host = text.substr(1, close - 1);
    port = text.substr(close + 1);
    const auto literal = IpAddress::parse(host);
    if (!literal || literal->family != Family::ipv6) return false;
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    host = text.substr(0, colon);
    port = text.substr(colon);
    if (!is_host_name(host)) return false;
  }
  out.host = lower_case(host);
  out.port = kHttps;
  if (port.empty() || port == ":") return true;
  return port.front() == ':' && read_port(port.substr(1), out.port);
}

ReadAddress fault(AddressFault why) { return {why, {}}; }

/// A path on the same host: from its root, or beside what was asked for.
ReadAddress read_path(std::string_view text, const WebAddress& base) {
  ReadAddress out{AddressFault::none, base};
  if (text.starts_with('/')) {
    out.address.target = text;
  } else {
    const std::string path = base.path();
    out.address.target = path.substr(0, path.rfind('/') + 1) + std::string(text);
  }
  return out;
}

}  // namespace

std::string WebAddress::url() const {
  const bool literal = host.find(':') != host.npos;
  return "https://" + (literal ? "[" + host + "]" : host) +
         (port == kHttps ? "" : ":" + std::to_string(port)) + target;
}

std::string WebAddress::path() const { return target.substr(0, target.find('?')); }

ReadAddress read_address(std::string_view text, const WebAddress& base) {
  if (text.empty()) return fault(AddressFault::missing);
  if (text.size() > kLongest || !is_clean(text)) return fault(AddressFault::malformed);
  text = text.substr(0, text.find('#'));
  const std::size_t scheme_end = text.find("://");
  const bool absolute = scheme_end != text.npos && scheme_end < text.find_first_of("/?");
  if (absolute) {
    if (lower_case(text.substr(0, scheme_end)) != "https") return fault(AddressFault::not_https);
    text.remove_prefix(scheme_end + 3);
  } else if (text.starts_with("//")) {
    text.remove_prefix(2);
  } else {
    const std::size_t colon = text.find(':');  // "javascript:", "file:"
    if (colon != text.npos && colon < text.find_first_of("/?")) return fault(AddressFault::not_https);
    return read_path(text, base);
  }
  const std::size_t path = std::min(text.find_first_of("/?"), text.size());
  ReadAddress out;
  if (!read_authority(text.substr(0, path), out.address)) return fault(AddressFault::malformed);
  out.address.target = text.substr(path);
  if (!out.address.target.starts_with('/')) out.address.target.insert(0, "/");
  return out;
}

}  // namespace vpcprobe

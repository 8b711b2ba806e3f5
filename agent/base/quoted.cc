#include "agent/base/quoted.h"

#include <algorithm>

namespace vpcprobe {

namespace {

/// "user:password@host" and a URL with it begin with what must not be repeated; "name:tag@sha256:..." does
/// not.
std::string without_password(std::string_view text) {
  const std::size_t scheme = text.find("://");
  const std::size_t from = scheme == std::string_view::npos ? 0 : scheme + 3;
  const std::size_t path = std::min(text.find_first_of("/?#", from), text.size());
  const std::size_t at = text.substr(0, path).rfind('@');
  const bool has_login = at != std::string_view::npos && at >= from &&
                         text.substr(from, at - from).find(':') != std::string_view::npos &&
                         !text.substr(at + 1).starts_with("sha256:");
  return has_login ? std::string(text.substr(0, from)) + "..." + std::string(text.substr(at))
                   : std::string(text);
}

}  // namespace

std::string in_quotes(std::string_view value) {
  const std::string text = without_password(value);
  constexpr std::size_t kLongest = 80;
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : std::string_view(text).substr(0, kLongest)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\') {
      out += c;
    } else {
      out += "\\x";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  if (text.size() > kLongest) out += "...";
  return out + "\"";
}

}  // namespace vpcprobe

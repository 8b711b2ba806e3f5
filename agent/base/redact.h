#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace vpcprobe {

/// `text` without what must not be repeated: query strings and user names in URLs (a presigned link is a
/// key), signatures, tokens, authorization headers. Each becomes "…". At most about `longest` bytes, then
/// "…".
std::string without_secrets(std::string_view text, std::size_t longest);
/// The same as one harmless line (printable.h).
std::string safe_line(std::string_view text, std::size_t longest);

/// `text` with "…" for each occurrence of `secret`, which a peer may echo. A secret below 16 bytes is
/// replaced only where it is a whole word. An empty secret, or a placeholder such as "secret" or "token", is
/// not replaced.
std::string without(std::string text, std::string_view secret);

}  // namespace vpcprobe

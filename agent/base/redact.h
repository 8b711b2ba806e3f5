#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace vpcprobe {

/// `text` without what must not be repeated: query strings and user names in URLs (a presigned link is a
/// key), signatures, tokens, authorization headers. Each becomes "…". At most about `longest` bytes, then
/// "…".
std::string without_secrets(std::string_view text, std::size_t longest);

/// `text` with "…" wherever it has the value `secret`: for what a peer may echo. A value below 16 bytes
/// counts only as a word of its own. An empty secret is in no text; nor is a stand-in such as "secret" or
/// "token": sentences keep their nouns.
std::string without(std::string text, std::string_view secret);

}  // namespace vpcprobe

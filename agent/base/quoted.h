#pragma once
#include <string>
#include <string_view>

namespace vpcprobe {

/// `text` in double quotes, safe to show on a terminal and in a log: one line, every byte outside printable
/// ASCII and every quote or backslash as `\xNN`, cut after 80 characters with `...`. "user:password@" is left
/// out.
std::string in_quotes(std::string_view value);

}  // namespace vpcprobe

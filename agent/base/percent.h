#pragma once
#include <string>
#include <string_view>

namespace vpcprobe {

/// `text` as it stands in a form or a query: every byte is encoded but letters, digits, "-._~" (RFC 3986)
/// and those of `also_plain`: "/" for a path, as AWS's canonical form has it.
std::string percent_encoded(std::string_view text, std::string_view also_plain = {});

}  // namespace vpcprobe

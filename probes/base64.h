#pragma once
#include <string>
#include <string_view>

namespace vpcprobe {

/// The bytes that `text` stands for (RFC 4648, section 4); empty where it is not base64.
std::string decode_base64(std::string_view text);

}  // namespace vpcprobe

#pragma once
#include <string>
#include <string_view>

namespace vpcprobe {

/// The bytes that `text` stands for (RFC 4648, section 4); empty where it is not base64.
std::string decode_base64(std::string_view text);

/// `bytes` as base64 with padding, on one line. At most 1 GiB.
std::string encode_base64(std::string_view bytes);

}  // namespace vpcprobe

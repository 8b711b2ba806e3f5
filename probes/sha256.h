#pragma once
#include <string>
#include <string_view>

namespace vpcprobe {

/// SHA-256 of `bytes` as 64 hexadecimal digits in lower case (FIPS 180-4).
std::string sha256_hex(std::string_view bytes);

}  // namespace vpcprobe

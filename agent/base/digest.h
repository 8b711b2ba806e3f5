#pragma once
#include <string>
#include <string_view>

namespace vpcprobe {

/// FNV-1a with 64 bits as 16 hexadecimal digits: for names, not against anyone who forges. Where that counts,
/// probes/sha256.h.
std::string digest_of(std::string_view text);

}  // namespace vpcprobe

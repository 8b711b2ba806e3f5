#pragma once
#include <cstdint>
#include <string_view>

namespace vpcprobe {

/// True for what may be asked of a resolver: letters, digits, `-`, `_` and dots, labels of 1 to 63
/// characters, at most 253 in all, one dot at the end allowed.
bool is_host_name(std::string_view text);

/// Reads a port from 1 to 65535; false, and `port` unchanged or 0, for anything else.
bool read_port(std::string_view text, std::uint16_t& port);

}  // namespace vpcprobe

#pragma once
#include <algorithm>
#include <string_view>

namespace vpcprobe {

/// ASCII only: header names (RFC 9110 section 5.1) and DNS names (RFC 4343) ignore no other case.
inline char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

inline bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace vpcprobe

#include "agent/base/digest.h"

#include <cstdint>

namespace vpcprobe {

std::string digest_of(std::string_view text) {
  constexpr std::uint64_t prime = 1099511628211U;
  std::uint64_t hash = 14695981039346656037U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * prime;
  constexpr std::string_view digits = "0123456789abcdef";
  std::string written;
  for (unsigned shift = 64; shift > 0; shift -= 4) written += digits[hash >> (shift - 4) & 0xfU];
  return written;
}

}  // namespace vpcprobe

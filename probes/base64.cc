#include "probes/base64.h"

#include <openssl/evp.h>

#include <algorithm>

namespace vpcprobe {

std::string decode_base64(std::string_view text) {
  constexpr std::size_t group = 4;
  if (text.empty() || text.size() % group != 0) return {};
  std::string bytes(text.size() / group * 3, '\0');
  const int count =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (count < 0) return {};
  // OpenSSL counts the padding as zeros.
  const auto padding = static_cast<std::size_t>(std::count(text.end() - 2, text.end(), '='));
  bytes.resize(static_cast<std::size_t>(count) - padding);
  return bytes;
}

std::string encode_base64(std::string_view bytes) {
  // OpenSSL writes a zero after the text.
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int count =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(count));
  return text;
}

}  // namespace vpcprobe

#include "agent/aws/host_name.h"

#include <charconv>

namespace vpcprobe {

bool is_host_name(std::string_view text) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  if (text.empty() || text.size() > 253 || text.find_first_not_of(kAllowed) != std::string_view::npos)
    return false;
  std::size_t label = 0;
  for (const char c : text) {
    if (c == '.' && label == 0) return false;
    label = c == '.' ? 0 : label + 1;
    if (label > 63) return false;
  }
  return true;
}

bool read_port(std::string_view text, std::uint16_t& port) {
  std::uint16_t read = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), read);
  if (error != std::errc() || end != text.data() + text.size() || read == 0) return false;
  port = read;
  return true;
}

}  // namespace vpcprobe

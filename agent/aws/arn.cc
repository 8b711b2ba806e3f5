#include "agent/aws/arn.h"

#include <algorithm>
#include <array>

namespace vpcprobe {

std::optional<Arn> parse_arn(std::string_view text) {
  constexpr std::size_t kLongest = 2048;  // IAM's limit of an ARN
  const bool clean = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (!clean || text.size() > kLongest) return std::nullopt;
  std::array<std::string_view, 5> part;
  for (std::string_view& field : part) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    field = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  if (part[0] != "arn" || part[1].empty() || part[2].empty() || text.empty()) return std::nullopt;
  return Arn{std::string(part[1]), std::string(part[2]), std::string(part[3]), std::string(part[4]),
             std::string(text)};
}

bool is_account(std::string_view text) {
  return text.size() == 12 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace vpcprobe

#include "agent/diagnosis/report_values.h"

#include <cmath>

namespace vpcprobe {

std::int64_t read_integer(const JsonNode& node, std::int64_t least, std::int64_t most) {
  if (node.is_absent()) return 0;
  const bool whole = node.value->is_number_integer();
  const bool fits =
      whole && (!node.value->is_number_unsigned() || node.value->get<std::uint64_t>() <= INT64_MAX);
  const std::int64_t number = fits ? node.value->get<std::int64_t>() : 0;
  if (!fits || number < least || number > most)
    throw WrongDocument{node.path + " must be a whole number from " + std::to_string(least) + " to " +
                        std::to_string(most)};
  return number;
}

Elapsed read_elapsed(const JsonNode& node) {
  constexpr double most_ms = 1e12;  // thirty years
  if (node.is_absent()) return Elapsed{};
  const double ms = node.value->is_number() ? node.value->get<double>() : -1;
  if (!(ms >= 0 && ms <= most_ms)) throw WrongDocument{node.path + " must be a number of milliseconds"};
  return Elapsed(std::llround(ms * 1000));
}

std::vector<std::string> read_texts(const JsonNode& node) {
  std::vector<std::string> texts;
  for (const JsonNode& item : node.items()) texts.push_back(item.text());
  return texts;
}

IpAddress read_address(const JsonNode& node) {
  const auto address = IpAddress::parse(node.text());
  if (!address) throw WrongDocument{node.path + " must be an IP address"};
  return *address;
}

std::uint16_t read_port(const JsonNode& node) {
  return static_cast<std::uint16_t>(read_integer(node, 0, 65535));
}

int read_http_code(const JsonNode& node) { return static_cast<int>(read_integer(node, 0, 999)); }

}  // namespace vpcprobe

#pragma once
// The single values of a saved report, each checked; a wrong one throws WrongDocument with its place.
#include <cstdint>
#include <string>
#include <vector>

#include "agent/base/json_node.h"
#include "agent/base/quoted.h"
#include "probes/address.h"
#include "probes/observation.h"

namespace vpcprobe {

/// 0 where it is absent.
std::int64_t read_integer(const JsonNode& node, std::int64_t least, std::int64_t most);
/// Milliseconds, at most thirty years; 0 where it is absent.
Elapsed read_elapsed(const JsonNode& node);
std::vector<std::string> read_texts(const JsonNode& node);
IpAddress read_address(const JsonNode& node);
std::uint16_t read_port(const JsonNode& node);
/// An HTTP status; 0 where none came.
int read_http_code(const JsonNode& node);

/// One of the first `count` values of an enum, by its word.
template <typename Enum, int count>
Enum read_word(const JsonNode& node) {
  const std::string text = node.text();
  for (int i = 0; i < count; ++i)
    if (to_string(static_cast<Enum>(i)) == text) return static_cast<Enum>(i);
  throw WrongDocument{node.path + " is a word that this version does not know: " + in_quotes(text)};
}

}  // namespace vpcprobe

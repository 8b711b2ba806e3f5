#include "agent/base/bounded_json.h"

#include <algorithm>
#include <string>

#include "agent/base/json_brackets.h"

namespace vpcprobe {
namespace {

constexpr int kDeepest = 64;

/// Brackets open at once, strings left out. Done before parsing, so that no parser can run out of stack.
int depth_of(std::string_view text) {
  JsonBrackets brackets;
  int deepest = 0;
  for (const char c : text) deepest = std::max(deepest, brackets.take(c));
  return deepest;
}

std::string in_units(std::size_t bytes) {
  constexpr std::size_t kMiB = 1U << 20;
  return bytes >= kMiB ? std::to_string(bytes / kMiB) + " MiB" : std::to_string(bytes / 1024) + " KiB";
}

}  // namespace

Result<nlohmann::json> parse_bounded_json(std::string_view text, std::size_t most_bytes) {
  if (text.size() > most_bytes) return UsageError{"longer than " + in_units(most_bytes)};
  if (depth_of(text) > kDeepest)
    return UsageError{"nested deeper than " + std::to_string(kDeepest) + " levels"};
  try {
    return nlohmann::json::parse(text);
  } catch (const nlohmann::json::parse_error& error) {
    return UsageError{"no JSON: wrong at byte " + std::to_string(error.byte)};
  } catch (const nlohmann::json::out_of_range&) {
    return UsageError{"a number in it is too large"};
  }
}

}  // namespace vpcprobe

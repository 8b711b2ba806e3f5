#include "agent/diagnosis/report.h"

#include <array>

namespace vpcprobe {
namespace {

template <typename Enum, std::size_t N>
std::string_view word(const std::array<std::string_view, N>& words, Enum value) {
  return words.at(static_cast<std::size_t>(value));
}

}  // namespace

std::string_view to_string(Severity severity) {
  static constexpr std::array<std::string_view, 3> words{"note", "warning", "error"};
  return word(words, severity);
}

std::string_view to_string(Verdict verdict) {
  static constexpr std::array<std::string_view, 4> words{"pass", "warn", "fail", "incomplete"};
  return word(words, verdict);
}

std::string_view to_string(Path path) {
  static constexpr std::array<std::string_view, 6> words{
      "interface-endpoint", "gateway-endpoint", "public", "mixed", "none", "unknown"};
  return word(words, path);
}

std::vector<std::string> texts_of(const std::vector<Cause>& causes) {
  std::vector<std::string> texts;
  for (const Cause& cause : causes) texts.push_back(cause.text);
  return texts;
}

}  // namespace vpcprobe

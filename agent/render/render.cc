#include "agent/render/render.h"

#include <algorithm>
#include <array>

namespace vpcprobe {
namespace {

template <typename Enum, std::size_t N>
std::string_view word(const std::array<std::string_view, N>& words, Enum value) {
  return words.at(static_cast<std::size_t>(value));
}

constexpr std::array kRenderers{Renderer{Format::json, render_json}, Renderer{Format::text, render_text},
                                Renderer{Format::emf, render_emf}, Renderer{Format::html, render_html}};

}  // namespace

std::span<const Renderer> renderers() { return kRenderers; }

const Renderer& renderer_of(Format format) {
  const auto found = std::find_if(kRenderers.begin(), kRenderers.end(),
                                  [&](const Renderer& row) { return row.format == format; });
  return found == kRenderers.end() ? kRenderers.front() : *found;
}

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

}  // namespace vpcprobe

#include "agent/render/render.h"

#include <algorithm>
#include <array>

#include "agent/render/markdown.h"

namespace vpcprobe {
namespace {

// A new format: its function is declared above, its row stands here, and it is in agent/base/formats.h.
constexpr std::array kRenderers{Renderer{Format::json, render_json}, Renderer{Format::text, render_text},
                                Renderer{Format::emf, render_emf}, Renderer{Format::html, render_html},
                                Renderer{Format::markdown, render_markdown}};

}  // namespace

std::span<const Renderer> renderers() { return kRenderers; }

const Renderer& renderer_of(Format format) {
  const auto found = std::find_if(kRenderers.begin(), kRenderers.end(),
                                  [&](const Renderer& row) { return row.format == format; });
  return found == kRenderers.end() ? kRenderers.front() : *found;
}

}  // namespace vpcprobe

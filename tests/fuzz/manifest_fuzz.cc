// Whatever a registry gives for a manifest, a configuration, an error or a token: values within their bounds,
// or one clean line.
#include <cstdint>
#include <cstdlib>

#include "agent/image/manifest.h"
#include "agent/task/image_reference.h"

namespace {

using namespace vpcprobe;

void must(bool holds) {
  if (!holds) std::abort();
}

void look_at(const Manifest& manifest) {
  must(manifest.layers.size() + manifest.foreign_layers <= kMostLayers);
  must(manifest.is_index || is_digest(manifest.config.digest));
  for (const auto* list : {&manifest.manifests, &manifest.layers})
    for (const Descriptor& descriptor : *list) must(is_digest(descriptor.digest));
  const Descriptor* chosen = choose_manifest(manifest, {"linux", "amd64", ""});
  must(chosen == nullptr || !manifest.manifests.empty());
}

void must_be_one_line(const std::string& text) {
  for (const char c : text) must(c >= ' ' && c <= '~');
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto manifest = parse_manifest(text);
  if (manifest) look_at(manifest.value());
  if (!manifest) must_be_one_line(manifest.error().message);
  if (const auto platform = parse_config_platform(text)) must_be_one_line(platform->to_string());
  must(parse_remote_error(text).message.size() <= 2048);
  must_be_one_line(parse_token(text));
  must_be_one_line(parse_authorization(text));
  return 0;
}

#include "agent/render/images.h"

#include <array>

#include "agent/base/json_array.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kMostShown = 20;  // in text

void write_hop(JsonWriter& json, const Hop& hop) {
  json.begin_object();
  json.field("step", to_string(hop.step));
  json.field("host", hop.host);
  json.field("port", int{hop.port});
  json.field("path", hop.path);
  json.field_or_null("blob", hop.blob);
  json.field_or_null("address", hop.peer);
  json.field("end", to_string(hop.end));
  json.field("code", hop.status);
  json.field("first_byte_ms", hop.first_byte);
  json.field("elapsed_ms", hop.elapsed);
  json.field("error", hop.error.code);
  json.field("message", hop.error.message);
  json.field("request_id", hop.request_id);
  json.field("detail", hop.detail);
  json.end_object();
}

void write_measured(JsonWriter& json, const ImageObservation& seen) {
  json.key("measured");
  const auto estimate = pull_estimate(seen);
  if (!estimate) return json.null();
  json.begin_object();
  json.field("bytes", static_cast<std::int64_t>(seen.measured->bytes));
  json.field("elapsed_ms", seen.measured->elapsed);
  json.field("pull_ms", *estimate);
  json.end_object();
}

void write_image(JsonWriter& json, const ImageReport& image) {
  const ImageObservation& seen = image.seen;
  json.begin_object();
  json.field("image", image.image);
  json.field("endpoint", image.endpoint);
  json.field("registry", image.registry);
  json.field("port", int{image.port});
  json.field("repository", image.repository);
  json.field("reference", image.reference);
  json.field("platform", image.platform);
  json.field("complete", is_complete(seen));
  json.field("stopped", to_string(seen.stop));
  json.field_or_null("digest", seen.digest);
  write_array(json, "offered", seen.offered,
              [](JsonWriter& to, const ImagePlatform& platform) { to.value(platform.to_string()); });
  json.key("suits");
  if (seen.suits) {
    json.value(*seen.suits);
  } else {
    json.null();
  }
  json.field("layers", static_cast<std::int64_t>(seen.layers));
  json.field("foreign_layers", static_cast<std::int64_t>(seen.foreign_layers));
  json.field("bytes", static_cast<std::int64_t>(seen.bytes));
  write_measured(json, seen);
  write_array(json, "hops", seen.hops, write_hop);
  json.end_object();
}

struct PullLook {
  const char* utf8;
  const char* ascii;
  Tone tone;
};
constexpr PullLook kComplete{"✓", "v", Tone::good};
constexpr PullLook kBroken{"✗", "x", Tone::bad};
constexpr PullLook kOpen{"?", "?", Tone::careful};

const PullLook& look_of(const ImageReport& image) {
  if (is_complete(image.seen)) return kComplete;
  return image.seen.stop == PullStop::none ? kBroken : kOpen;
}

}  // namespace

void write_images(JsonWriter& json, const std::vector<ImageReport>& images) {
  json.begin_array();
  for (const ImageReport& image : images) write_image(json, image);
  json.end_array();
}

void write_image_line(Page& page, const ImageReport& image, const Style& style) {
  const PullLook& look = look_of(image);
  page.titled(style.utf8 ? look.utf8 : look.ascii, look.tone, page.clean(image.image),
              page.clean(image.platform));
}

void write_images(Page& page, const std::vector<ImageReport>& images, const Style& style) {
  if (!images.empty()) page.blank();
  for (std::size_t i = 0; i < images.size() && i < kMostShown; ++i) {
    write_image_line(page, images[i], style);
    page.labelled("pull", page.clean(pull_words(images[i])));
  }
  if (images.size() > kMostShown)
    page.raw("  " + counted(images.size() - kMostShown, "more image", "more images") + " in the JSON\n");
}

}  // namespace vpcprobe

#include "agent/diagnosis/read_images.h"

#include "agent/diagnosis/report_values.h"

namespace vpcprobe {
namespace {

constexpr std::int64_t kMostLayersRead = 1'000'000;

Hop read_hop(const JsonNode& node) {
  Hop hop;
  hop.step = read_word<PullStep, 7>(node.object().at("step"));
  hop.host = node.at("host").text();
  hop.port = read_port(node.at("port"));
  hop.path = node.at("path").text();
  hop.blob = node.at("blob").text();
  hop.peer = node.at("address").text();
  hop.end = read_word<HopEnd, 10>(node.at("end"));
  hop.status = read_http_code(node.at("code"));
  hop.first_byte = read_elapsed(node.at("first_byte_ms"));
  hop.elapsed = read_elapsed(node.at("elapsed_ms"));
  hop.error = {node.at("error").text(), node.at("message").text()};
  hop.request_id = node.at("request_id").text();
  hop.detail = node.at("detail").text();
  return hop;
}

std::uint64_t read_count(const JsonNode& node, std::int64_t most) {
  return static_cast<std::uint64_t>(read_integer(node, 0, most));
}

ImageObservation read_observation(const JsonNode& node) {
  ImageObservation seen;
  seen.stop = read_word<PullStop, 4>(node.at("stopped"));
  seen.digest = node.at("digest").text();
  for (const JsonNode& item : node.at("offered").items()) {
    const auto platform = parse_image_platform(item.text());
    if (!platform) throw WrongDocument{item.path + " must be a platform"};
    seen.offered.push_back(*platform);
  }
  if (!node.at("suits").is_absent()) seen.suits = node.at("suits").truth();
  seen.layers = read_count(node.at("layers"), kMostLayersRead);
  seen.foreign_layers = read_count(node.at("foreign_layers"), kMostLayersRead);
  seen.bytes = read_count(node.at("bytes"), INT64_MAX);
  const JsonNode measured = node.at("measured");
  if (!measured.is_absent()) {
    seen.measured = Measured{read_count(measured.object().at("bytes"), INT64_MAX),
                             read_elapsed(measured.at("elapsed_ms"))};
  }
  for (const JsonNode& hop : node.at("hops").items()) seen.hops.push_back(read_hop(hop));
  return seen;
}

}  // namespace

ImageReport read_image(const JsonNode& node) {
  ImageReport image;
  image.image = node.object().at("image").text();
  image.endpoint = node.at("endpoint").text();
  image.registry = node.at("registry").text();
  image.port = read_port(node.at("port"));
  image.repository = node.at("repository").text();
  image.reference = node.at("reference").text();
  image.platform = node.at("platform").text();
  image.seen = read_observation(node);
  return image;
}

}  // namespace vpcprobe

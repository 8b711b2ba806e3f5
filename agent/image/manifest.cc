#include "agent/image/manifest.h"

#include <algorithm>

#include "agent/base/bounded_json.h"
#include "agent/base/json_node.h"
#include "agent/base/redact.h"
#include "agent/calls/api_answer.h"
#include "agent/task/image_reference.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kMostManifests = 256;
constexpr std::size_t kLongestErrorBody = 64 * 1024;
constexpr std::size_t kLongestCode = 64;
constexpr std::size_t kLongestMessage = 1024;
constexpr std::size_t kLongestToken = 32 * 1024;

std::optional<ImagePlatform> read_platform(const JsonNode& node) {
  if (node.is_absent()) return std::nullopt;
  ImagePlatform platform{node.object().at("os").text(), node.at("architecture").text(),
                         node.at("variant").text()};
  if (platform.os.empty() || platform.architecture.empty()) return std::nullopt;
  // Normalises the spelling, and refuses what cannot be shown.
  return parse_image_platform(platform.to_string());
}

Descriptor read_descriptor(const JsonNode& node) {
  Descriptor out;
  out.digest = node.object().at("digest").text();
  if (!is_digest(out.digest)) throw WrongDocument{node.path + ".digest is no digest"};
  const JsonNode size = node.at("size");
  // Of each at most 1 PiB, so that no sum of them overflows.
  constexpr std::uint64_t kLargest = 1ULL << 50;
  if (size.value->is_number_unsigned()) out.size = std::min(size.value->get<std::uint64_t>(), kLargest);
  out.platform = read_platform(node.at("platform"));
  return out;
}

/// BuildKit puts attestations into the index, as manifests for "unknown/unknown".
bool holds_image(const Descriptor& manifest) {
  return !manifest.platform || manifest.platform->os != "unknown";
}

Manifest read_manifest(const JsonNode& document) {
  Manifest out;
  const JsonNode manifests = document.object().at("manifests");
  out.is_index = !manifests.is_absent();
  for (const JsonNode& node : manifests.items(kMostManifests)) {
    Descriptor manifest = read_descriptor(node);
    if (holds_image(manifest)) out.manifests.push_back(std::move(manifest));
  }
  if (out.is_index) return out;
  if (document.at("layers").is_absent() || document.at("config").is_absent())
    throw WrongDocument{"neither an index nor a manifest with config and layers"};
  out.config = read_descriptor(document.at("config"));
  for (const JsonNode& node : document.at("layers").items(kMostLayers)) {
    if (!node.object().at("urls").items(kMostLayers).empty()) {
      ++out.foreign_layers;
    } else {
      out.layers.push_back(read_descriptor(node));
    }
  }
  return out;
}

/// A malformed document counts as an empty one.
template <typename Read>
auto read_leniently(std::string_view text, std::size_t longest, Read read) -> decltype(read(JsonNode{})) {
  const auto document = parse_bounded_json(text, longest);
  if (!document || !document.value().is_object()) return {};
  try {
    return read(JsonNode{&document.value(), ""});
  } catch (const WrongDocument&) {
    return {};
  }
}

/// Empty if the token is too long for a header or has bytes that a header may not have.
std::string fit_for_header(std::string token) {
  const bool fits = token.size() <= kLongestToken &&
                    std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < 0x7f; });
  return fits ? token : std::string();
}

std::string first_text(const JsonNode& node, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    if (std::string text = node.at(key).text(); !text.empty()) return text;
  }
  return {};
}

RemoteError read_registry_error(const JsonNode& document) {
  const std::vector<JsonNode> errors = document.at("errors").items(kMostManifests);
  if (errors.empty()) return {};
  return {errors.front().object().at("code").text(), errors.front().at("message").text()};
}

}  // namespace

Result<Manifest> parse_manifest(std::string_view json) {
  const auto document = parse_bounded_json(json, kLongestManifest);
  if (!document) return document.error();
  try {
    return read_manifest(JsonNode{&document.value(), ""});
  } catch (const WrongDocument& wrong) {
    return UsageError{wrong.what};
  }
}

const Descriptor* choose_manifest(const Manifest& index, const ImagePlatform& wanted) {
  const Descriptor* best = nullptr;
  int most = 0;
  for (const Descriptor& manifest : index.manifests) {
    const int suits = manifest.platform ? suitability(wanted, *manifest.platform) : 0;
    if (suits <= most) continue;
    most = suits;
    best = &manifest;
  }
  return best;
}

std::optional<ImagePlatform> parse_config_platform(std::string_view json) {
  return read_leniently(json, kLongestManifest, read_platform);
}

RemoteError parse_remote_error(std::string_view body, std::span<const std::string> secrets) {
  body = body.substr(0, kLongestErrorBody);
  RemoteError error = read_leniently(body, kLongestErrorBody, read_registry_error);
  if (error.code.empty()) {
    ApiError other = read_api_error("", body);
    error = {std::move(other.type), std::move(other.message)};
  }
  // Redact before cutting to length: a part of a secret is a secret too.
  for (const std::string_view secret : secrets) {
    error.code = without(std::move(error.code), secret);
    error.message = without(std::move(error.message), secret);
  }
  return {without_secrets(error.code, kLongestCode), without_secrets(error.message, kLongestMessage)};
}

std::string parse_token(std::string_view json) {
  return read_leniently(json, kLongestErrorBody, [](const JsonNode& document) {
    return fit_for_header(first_text(document, {"token", "access_token"}));
  });
}

std::string parse_authorization(std::string_view json) {
  return read_leniently(json, kLongestErrorBody, [](const JsonNode& document) {
    const std::vector<JsonNode> data = document.at("authorizationData").items(kMostManifests);
    return data.empty() ? std::string()
                        : fit_for_header(data.front().object().at("authorizationToken").text());
  });
}

}  // namespace vpcprobe

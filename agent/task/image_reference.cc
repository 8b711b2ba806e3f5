#include "agent/task/image_reference.h"

#include <algorithm>

#include "agent/aws/host_name.h"
#include "agent/base/ascii.h"

namespace vpcprobe {
namespace {

/// Docker's rule: the part before the first slash is a host if it cannot be a path of Docker Hub.
bool is_host_part(std::string_view first) {
  return first.find_first_of(".:") != std::string_view::npos || first == "localhost";
}

// Names without a host mean Docker Hub, whose registry does not answer under its written name.
constexpr std::string_view kDockerHub = "registry-1.docker.io";
constexpr std::string_view kDockerHubWritten = "docker.io";
constexpr std::string_view kDockerHubIndex = "index.docker.io";
constexpr std::string_view kDockerHubOwner = "library/";  // of names with one part

constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz0123456789";

bool is_word(char c) { return is_letter_or_digit(c) || c == '_'; }

/// A part of a repository's name: begins and ends with a letter or digit, all lower case.
bool is_repository_part(std::string_view part) {
  return !part.empty() && kLower.find(part.front()) != kLower.npos &&
         kLower.find(part.back()) != kLower.npos &&
         part.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") == part.npos &&
         part.find("..") == part.npos;
}

bool is_repository(std::string_view name) {
  constexpr std::size_t kLongest = 255;
  if (name.size() > kLongest) return false;
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t slash = std::min(name.find('/', begin), name.size());
    if (!is_repository_part(name.substr(begin, slash - begin))) return false;
    begin = slash + 1;
  }
  return true;
}

bool is_tag(std::string_view tag) {
  constexpr std::size_t kLongest = 128;
  return !tag.empty() && tag.size() <= kLongest && is_word(tag.front()) &&
         std::all_of(tag.begin(), tag.end(), [](char c) { return is_word(c) || c == '.' || c == '-'; });
}

}  // namespace

std::optional<ImageRegistry> registry_of(std::string_view image) {
  if (image.empty() || image.starts_with("sha256:") ||
      image.find_first_of(" \t\r\n") != std::string_view::npos) {
    return std::nullopt;
  }
  ImageRegistry registry;
  const std::size_t slash = image.find('/');
  const std::string_view first = image.substr(0, slash);
  if (slash == std::string_view::npos || !is_host_part(first)) {
    registry.host = kDockerHub;
    return registry;
  }
  const std::size_t colon = first.find(':');
  const std::string_view host = first.substr(0, colon);
  if (!is_host_name(host)) return std::nullopt;
  if (colon != std::string_view::npos && !read_port(first.substr(colon + 1), registry.port))
    return std::nullopt;
  const bool hub = host == kDockerHubWritten || host == kDockerHubIndex;
  registry.host = hub ? kDockerHub : host;
  registry.known = recognise(registry.host);
  return registry;
}

std::optional<ImageName> parse_image(std::string_view image) {
  const auto registry = registry_of(image);
  if (!registry) return std::nullopt;
  ImageName name{*registry, {}, "latest"};
  const std::size_t slash = image.find('/');
  const bool has_host = slash != image.npos && is_host_part(image.substr(0, slash));
  std::string_view rest = has_host ? image.substr(slash + 1) : image;
  const std::size_t at = std::min(rest.find('@'), rest.size());
  const std::string_view digest = rest.substr(std::min(at + 1, rest.size()));
  rest = rest.substr(0, at);
  const std::size_t colon = std::min(rest.find(':'), rest.size());
  const std::string_view tag = rest.substr(std::min(colon + 1, rest.size()));
  const std::string_view repository = rest.substr(0, colon);
  const bool tag_fits = colon == rest.size() || is_tag(tag);
  const bool digest_fits = digest.empty() ? image.find('@') == image.npos : is_digest(digest);
  if (!is_repository(repository) || !tag_fits || !digest_fits) return std::nullopt;
  const bool bare = registry->host == kDockerHub && repository.find('/') == repository.npos;
  name.repository.append(bare ? kDockerHubOwner : "").append(repository);
  if (!tag.empty()) name.reference = tag;
  if (!digest.empty()) name.reference = digest;
  return name;
}

bool is_digest(std::string_view text) {
  constexpr std::size_t kLongest = 160;
  constexpr std::size_t kShortestHex = 32;
  const std::size_t colon = text.find(':');
  if (colon == 0 || colon == text.npos || text.size() > kLongest) return false;
  const std::string_view hex = text.substr(colon + 1);
  return text.substr(0, colon).find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+._-") == text.npos &&
         hex.size() >= kShortestHex && hex.find_first_not_of("0123456789abcdef") == hex.npos;
}

}  // namespace vpcprobe

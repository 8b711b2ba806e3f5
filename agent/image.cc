#include "agent/image.h"

#include "agent/host_name.h"

namespace vpcprobe {
namespace {

/// Docker's rule: what stands before the first slash is a host if it could not be a path of Docker Hub.
bool is_host_part(std::string_view first) {
  return first.find_first_of(".:") != std::string_view::npos || first == "localhost";
}

// Names without a host mean Docker Hub, whose registry does not answer under its written name.
constexpr std::string_view kDockerHub = "registry-1.docker.io";
constexpr std::string_view kDockerHubWritten = "docker.io";
constexpr std::string_view kDockerHubIndex = "index.docker.io";

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

}  // namespace vpcprobe

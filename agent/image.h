#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "agent/catalog.h"

namespace vpcprobe {

/// Where a container image comes from.
struct ImageRegistry {
  std::string host;  ///< where the registry answers: "registry-1.docker.io" for a bare name
  std::uint16_t port = 443;
  std::optional<KnownHost> known;  ///< the ECR registry (private or public) behind the host
};

/// The registry of an image reference (`[HOST[:PORT]/]NAME[:TAG][@DIGEST]`). Nothing for an image that has
/// none: an id (`sha256:…`), an empty text, or something that is no reference.
std::optional<ImageRegistry> registry_of(std::string_view image);

}  // namespace vpcprobe

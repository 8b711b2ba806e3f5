#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "agent/aws/catalog.h"

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

/// An image reference taken apart, as the registry's API wants it. Repository and reference hold only what
/// the OCI distribution specification allows there, so they go into a URL as they are.
struct ImageName {
  ImageRegistry registry;
  std::string repository;  ///< "team/app"; on Docker Hub "library/nginx" for a bare name
  std::string reference;   ///< the digest where there is one, else the tag, else "latest"
};

/// Nothing for what `registry_of` gives nothing for, and for names no registry can have.
std::optional<ImageName> parse_image(std::string_view image);

/// `ALGORITHM:HEX`, as the OCI image specification writes digests; at most 160 characters.
bool is_digest(std::string_view text);

}  // namespace vpcprobe

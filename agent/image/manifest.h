#pragma once
// What a registry says, read as values: manifests, image configurations, errors, tokens (OCI image and
// distribution specifications; Docker's registry API, which they come from).
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/base/result.h"
#include "agent/task/image_platform.h"

namespace vpcprobe {

/// The specification lets a registry refuse more than 4 MiB; so do we, for any document.
inline constexpr std::size_t kLongestManifest = 4U << 20;
/// Docker's storage drivers end at 127.
inline constexpr std::size_t kMostLayers = 512;

struct Descriptor {
  std::string digest;  ///< checked: fit for a URL
  std::uint64_t size = 0;
  std::optional<ImagePlatform> platform;  ///< of a manifest in an index
};

/// An image's manifest, or an index of them.
struct Manifest {
  bool is_index = false;
  std::vector<Descriptor> manifests;  ///< of an index; those that hold no image (attestations) are left out
  Descriptor config;
  std::vector<Descriptor> layers;
  std::size_t foreign_layers = 0;  ///< kept elsewhere (Windows base layers); not in `layers`
};

/// Reads either. Bounded; the error is one line that repeats nothing of the text.
Result<Manifest> parse_manifest(std::string_view json);

/// The manifest of an index that suits best, or null where none does.
const Descriptor* choose_manifest(const Manifest& index, const ImagePlatform& wanted);

/// The platform in an image's configuration; nothing where it says none.
std::optional<ImagePlatform> parse_config_platform(std::string_view json);

/// The first error of a registry's answer ("NAME_UNKNOWN", "DENIED", …), of S3's
/// (`<Code>AccessDenied</Code>`) or of an AWS service's ("AccessDeniedException"). Foreign text of bounded
/// length without secrets, `secrets` (what was sent) among them; empty where the body is none.
struct RemoteError {
  std::string code;
  std::string message;
};
RemoteError parse_remote_error(std::string_view body, std::span<const std::string> secrets = {});

/// The `token` (or `access_token`) of a token server's answer, fit for a header; empty where there is none.
std::string parse_token(std::string_view json);

/// The `authorizationToken` of GetAuthorizationToken's answer, fit for a header; empty where there is none.
std::string parse_authorization(std::string_view json);

}  // namespace vpcprobe

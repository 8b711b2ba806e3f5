#pragma once
// What a rehearsed image pull saw, hop by hop: raw codes and numbers. The rules judge.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/image/manifest.h"
#include "agent/plan/plan.h"
#include "agent/task/image_platform.h"
#include "probes/observation.h"

namespace vpcprobe {

/// What is asked for, in the order of a pull.
enum class PullStep : std::uint8_t {
  login,       ///< GetAuthorizationToken of the ECR API
  token,       ///< of the server that the registry's challenge names
  manifest,    ///< of the tag or digest: a manifest or an index
  repository,  ///< its list of tags, only to tell a missing repository from a missing image
  platform,    ///< the manifest that the index names for the platform
  config,
  layer
};
std::string_view to_string(PullStep step);

enum class HopEnd : std::uint8_t {
  answered,     ///< a status came, and as much of the body as was wanted
  not_reached,  ///< nothing was sent: no address of the host works, see its endpoint
  no_answer,    ///< sent to an address that works, and no complete answer came in time
  cut_off,      ///< the connection ended before the answer was complete
  too_long,     ///< more than such an answer may have
  redirect_malformed,
  redirect_to_plain_http,
  redirect_loop,
  unusable,  ///< the answer cannot be read; `detail` says why
  cancelled
};
std::string_view to_string(HopEnd end);

/// One request of the pull and its answer. Holds neither query nor token. Foreign text is bounded.
struct Hop {
  PullStep step = PullStep::manifest;
  std::string host;
  std::uint16_t port = 443;
  std::string path;  ///< empty after a redirect, where it can be a secret too
  std::string blob;  ///< digest of what was asked for; empty for what has none yet
  HopEnd end = HopEnd::cancelled;
  std::string peer;  ///< address it was sent to; empty where it was not
  int status = 0;    ///< HTTP status; 0 where none came
  Elapsed first_byte{};
  Elapsed elapsed{};
  RemoteError error;       ///< in an answer of 400 and above
  std::string request_id;  ///< AWS's; empty where there is none
  std::string detail;      ///< our words: "no JSON: wrong at byte 12"
};

struct Measured {
  std::uint64_t bytes = 0;
  Elapsed elapsed{};
};

/// Why a pull was not rehearsed to its end, where no hop says it.
enum class PullStop : std::uint8_t {
  none,
  no_credentials,  ///< the registry wants AWS credentials, and there are none
  login_required,  ///< the registry wants a login of its own
  cancelled
};
std::string_view to_string(PullStop stop);

/// One image's pull, in the order of Plan::images.
struct ImageObservation {
  std::vector<Hop> hops;
  PullStop stop = PullStop::none;
  std::string digest;                  ///< of the platform's manifest; empty where it was not named by digest
  std::vector<ImagePlatform> offered;  ///< what the index, or else the configuration, says
  std::optional<bool> suits;           ///< the platform wanted is among them; empty where it was not seen
  std::uint64_t bytes = 0;             ///< configuration and layers, compressed, as the manifest says
  std::size_t layers = 0;
  std::size_t foreign_layers = 0;  ///< kept by others than this registry; not asked for
  std::optional<Measured> measured;
};

/// All pulls of a run, and the hosts they led to beside the planned endpoints.
struct PullObservation {
  std::string platform;  ///< that was wanted: "linux/amd64"
  std::vector<ImageObservation> images;
  std::vector<PlannedEndpoint> hosts;
  std::vector<EndpointObservation> host_observations;  ///< in the order of `hosts`
};

/// True where every hop went well, to the first byte of every layer.
bool is_complete(const ImageObservation& image);
/// True where the deadline or a signal came before the end.
bool was_cut(const PullObservation& pulls);

}  // namespace vpcprobe

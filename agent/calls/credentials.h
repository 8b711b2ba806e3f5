#pragma once
#include <atomic>
#include <chrono>
#include <optional>
#include <string_view>

#include "agent/base/result.h"
#include "agent/task/credentials_view.h"
#include "agent/task/options.h"
#include "probes/http.h"

namespace vpcprobe {

/// Credentials in memory: `keys` are never written anywhere.
struct Credentials {
  CredentialsView seen;
  AwsKeys keys;  ///< empty unless seen.status is ok
};

/// Looks where AWS's SDKs look, in their order: AWS_ACCESS_KEY_ID and its companions, then the container
/// endpoint (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, then ..._FULL_URI with its authorization token). At most
/// one HTTP request, within `limit`. Never fails: `seen` says what happened.
Credentials gather_credentials(const Environment& environment, const std::atomic<bool>& stop,
                               std::chrono::milliseconds limit);

/// Keys that are at hand, checked: characters that no AWS key has make them unusable. `source` is a constant
/// of ours: "environment", "profile".
Credentials credentials_of(AwsKeys keys, std::string_view source);

/// Where the container endpoint is: the request that asks it, or why none can be sent. Empty variables count
/// as unset, and a token file is read until `end`. Not for environments without either URI.
Result<HttpRequest> container_request(const Environment& environment, const std::atomic<bool>& stop,
                                      std::chrono::steady_clock::time_point end);

/// Reads the answer of the container endpoint. Any text is safe; at most 64 KiB.
Credentials parse_container_credentials(std::string_view json, WallTime now);

}  // namespace vpcprobe

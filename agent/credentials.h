#pragma once
#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "agent/options.h"
#include "agent/result.h"
#include "probes/http.h"
#include "probes/observation.h"

namespace vpcprobe {

/// What became of the search for credentials.
enum class CredentialsStatus : std::uint8_t {
  not_asked,  ///< nothing that was asked for needs them
  ok,
  missing,      ///< neither the environment nor a container endpoint has any: the task has no task role
  unreachable,  ///< the container endpoint gave no answer
  refused,      ///< it answered with an HTTP error
  unusable,     ///< what was found is incomplete or malformed
  expired
};
std::string_view to_string(CredentialsStatus status);

/// What may be shown of the credentials. No secret is in it.
struct CredentialsView {
  CredentialsStatus status = CredentialsStatus::not_asked;
  std::string source;    ///< "environment", "task-role", "container", "none"
  std::string role_arn;  ///< as the container endpoint names it; empty if it does not
  std::string problem;   ///< one line: why there are none
  std::optional<WallTime> expires;
};

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

/// Where the container endpoint is: the request that asks it, or why none can be sent. Empty variables count
/// as unset. Not for environments without either URI.
Result<HttpRequest> container_request(const Environment& environment);

/// Reads the answer of the container endpoint. Any text is safe; at most 64 KiB.
Credentials parse_container_credentials(std::string_view json, WallTime now);

/// Reads "2026-11-24T03:04:05Z", with or without a fraction.
std::optional<WallTime> parse_iso_time(std::string_view text);

}  // namespace vpcprobe

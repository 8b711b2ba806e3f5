#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

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
  std::string source = "none";  ///< "environment", "task-role", "container", "none": where they come from
  std::string role_arn;         ///< as the container endpoint names it; empty if it does not
  std::string problem;          ///< one line: why there are none
  std::optional<WallTime> expires;
};

}  // namespace vpcprobe

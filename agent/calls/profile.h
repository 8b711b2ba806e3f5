#pragma once
// Profiles of the AWS CLI: ~/.aws/credentials and ~/.aws/config (AWS: "Configuration and credential file
// settings").
#include <atomic>
#include <string>
#include <string_view>

#include "agent/base/environment.h"
#include "agent/calls/credentials.h"

namespace vpcprobe {

/// What the two files say of one profile. Values are as they stand there.
struct Profile {
  bool is_there = false;
  AwsKeys keys;
  std::string region;
  /// The setting by which the CLI gets keys that are not in the files: "sso_session".
  std::string indirect;
  bool prefers_indirect = false;  ///< the setting counts before keys in the files
};

/// Adds what `text` says of the profile `name`. `is_config`: sections are named "profile NAME" there, except
/// for "default". Lines that are no settings are passed over. Any text is safe.
void read_profile(std::string_view text, std::string_view name, bool is_config, Profile& profile);

/// The files that AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE name, else those in HOME; at most 1 MiB
/// each. The profile is AWS_PROFILE's, else "default".
Profile find_profile(const Environment& environment, const std::atomic<bool>& stop);

/// For an operator's shell: the variables, then the profile, then the container endpoint. A profile without
/// keys of its own (SSO, a role, a process, web identity) gives a problem that names the command which turns
/// it into variables.
Credentials gather_operator_credentials(const Environment& environment, const std::atomic<bool>& stop,
                                        std::chrono::milliseconds limit);

/// AWS_REGION, AWS_DEFAULT_REGION, then the profile's; empty where none says it.
std::string operator_region(const Environment& environment, const std::atomic<bool>& stop);

}  // namespace vpcprobe

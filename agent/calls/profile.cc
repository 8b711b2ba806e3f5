#include "agent/calls/profile.h"

#include <algorithm>
#include <array>

#include "agent/base/printable.h"
#include "agent/base/quoted.h"
#include "agent/base/read_file.h"
#include "probes/take_line.h"
#include "probes/trimmed.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kLongestFile = 1U << 20;

/// Settings by which the CLI gets keys elsewhere. AWS: "Configuration settings and precedence": a role and
/// SSO come before keys in the files, a process and a login after them.
struct IndirectSetting {
  std::string_view name;
  bool is_before_keys;
};
constexpr std::array<IndirectSetting, 6> kIndirect{{{"role_arn", true},
                                                    {"web_identity_token_file", true},
                                                    {"sso_session", true},
                                                    {"sso_start_url", true},
                                                    {"credential_process", false},
                                                    {"login_session", false}}};

std::string_view without_blanks(std::string_view text) { return trimmed(text, " \t\r"); }

/// "[profile prod]" → "prod"; "[default]" → "default"; empty for a section of another kind.
std::string_view section_name(std::string_view line, bool is_config) {
  constexpr std::string_view kProfile = "profile";
  std::string_view name = without_blanks(line.substr(1, line.find(']') - 1));
  if (!is_config || name == "default") return name;
  const bool is_profile = name.starts_with(kProfile) && name.size() > kProfile.size() &&
                          (name[kProfile.size()] == ' ' || name[kProfile.size()] == '\t');
  return is_profile ? without_blanks(name.substr(kProfile.size())) : std::string_view();
}

void read_setting(std::string_view key, std::string_view value, Profile& profile) {
  if (key == "aws_access_key_id") profile.keys.access_key_id = value;
  if (key == "aws_secret_access_key") profile.keys.secret_access_key = value;
  if (key == "aws_session_token") profile.keys.session_token = value;
  if (key == "region") profile.region = value;
  const auto setting = std::find_if(kIndirect.begin(), kIndirect.end(),
                                    [&](const IndirectSetting& row) { return row.name == key; });
  if (setting == kIndirect.end() || profile.prefers_indirect) return;
  profile.indirect = key;
  profile.prefers_indirect = setting->is_before_keys;
}

std::string profile_name(const Environment& environment) {
  const std::string name = value_of(environment, "AWS_PROFILE");
  return name.empty() ? "default" : name;
}

std::string file_of(const Environment& environment, const char* variable, const char* name) {
  const std::string path = value_of(environment, variable);
  const std::string home = value_of(environment, "HOME");
  return !path.empty() || home.empty() ? path : home + "/.aws/" + name;
}

void read_file_of(const std::string& path, const std::atomic<bool>& stop, std::string_view name,
                  bool is_config, Profile& profile) {
  if (path.empty()) return;
  const auto text = read_input(path, kLongestFile, stop);
  if (text) read_profile(text.value(), name, is_config, profile);
}

Credentials problem(CredentialsStatus status, const std::string& words) {
  Credentials none;
  none.seen.status = status;
  none.seen.source = "profile";
  none.seen.problem = words;
  return none;
}

const std::string kExport = "run: eval \"$(aws configure export-credentials --format env)\"";

}  // namespace

void read_profile(std::string_view text, std::string_view name, bool is_config, Profile& profile) {
  bool is_ours = false;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    const std::string_view words = without_blanks(line);
    if (words.empty() || words.front() == '#' || words.front() == ';') continue;
    if (words.front() == '[') {
      is_ours = section_name(words, is_config) == name;
      profile.is_there = profile.is_there || is_ours;
      continue;
    }
    const bool is_nested = line.front() == ' ' || line.front() == '\t';  // settings of one service
    const std::size_t equals = words.find('=');
    if (!is_ours || is_nested || equals == std::string_view::npos) continue;
    read_setting(without_blanks(words.substr(0, equals)), without_blanks(words.substr(equals + 1)), profile);
  }
}

Profile find_profile(const Environment& environment, const std::atomic<bool>& stop) {
  const std::string name = profile_name(environment);
  Profile profile;
  read_file_of(file_of(environment, "AWS_CONFIG_FILE", "config"), stop, name, true, profile);
  read_file_of(file_of(environment, "AWS_SHARED_CREDENTIALS_FILE", "credentials"), stop, name, false,
               profile);
  return profile;
}

Credentials gather_operator_credentials(const Environment& environment, const std::atomic<bool>& stop,
                                        std::chrono::milliseconds limit) {
  const auto is_set = [&](const char* name) { return !value_of(environment, name).empty(); };
  if (is_set("AWS_ACCESS_KEY_ID")) return gather_credentials(environment, stop, limit);
  const std::string name = profile_name(environment);
  const Profile profile = find_profile(environment, stop);
  if (!profile.keys.access_key_id.empty() && !profile.prefers_indirect)
    return credentials_of(profile.keys, "profile");
  if (!profile.indirect.empty())
    return problem(CredentialsStatus::unusable, "the profile " + in_quotes(name) + " gets its keys by " +
                                                    profile.indirect + "; " + kExport);
  if (is_set("AWS_PROFILE") && !profile.is_there)
    return problem(CredentialsStatus::missing,
                   "AWS_PROFILE names " + in_quotes(name) + ", and neither AWS file has this profile");
  if (is_set("AWS_WEB_IDENTITY_TOKEN_FILE"))
    return problem(CredentialsStatus::unusable, "AWS_WEB_IDENTITY_TOKEN_FILE is not read; " + kExport);
  if (is_set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") || is_set("AWS_CONTAINER_CREDENTIALS_FULL_URI"))
    return gather_credentials(environment, stop, limit);
  return problem(CredentialsStatus::missing,
                 "no AWS_ACCESS_KEY_ID, no profile with keys and no container endpoint; " + kExport);
}

std::string operator_region(const Environment& environment, const std::atomic<bool>& stop) {
  for (const char* variable : {"AWS_REGION", "AWS_DEFAULT_REGION"})
    if (std::string region = value_of(environment, variable); !region.empty()) return region;
  return printable(find_profile(environment, stop).region, false);
}

}  // namespace vpcprobe

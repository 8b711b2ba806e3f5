#include "agent/calls/profile.h"

#include "catch.h"
#include "folder.h"
#include "golden.h"
#include "variables.h"

using namespace vpcprobe;

namespace {

Credentials gather(const Variables& variables) {
  const std::atomic<bool> stop{false};
  return gather_operator_credentials(environment_of(variables), stop, std::chrono::milliseconds(500));
}

std::string region_of(const Variables& variables) {
  const std::atomic<bool> stop{false};
  return operator_region(environment_of(variables), stop);
}

Profile profile_in(std::string_view text, std::string_view name, bool is_config) {
  Profile profile;
  read_profile(text, name, is_config, profile);
  return profile;
}

constexpr const char* kKeys = "aws_access_key_id = AKIDPROFILE\naws_secret_access_key=secret/of/profile\n";

}  // namespace

TEST_CASE("a profile of the credentials file", "[profile]") {
  const Profile profile = profile_in(
      "# mine\n[other]\naws_access_key_id = AKIDOTHER\n\n[ prod ]\r\n"
      "aws_access_key_id = AKIDPROD\r\naws_secret_access_key = a=b\n; note\naws_session_token=t\n",
      "prod", false);
  CHECK(profile.is_there);
  CHECK(profile.keys.access_key_id == "AKIDPROD");
  CHECK(profile.keys.secret_access_key == "a=b");
  CHECK(profile.keys.session_token == "t");
  CHECK_FALSE(profile_in("[other]\n", "prod", false).is_there);
}

TEST_CASE("sections of the configuration file name their kind", "[profile]") {
  const std::string text =
      "[default]\nregion = eu-west-1\n[profile prod]\nregion = eu-central-1\ns3 =\n  region = us-east-1\n"
      "[sso-session prod]\nregion = us-west-2\n";
  CHECK(profile_in(text, "default", true).region == "eu-west-1");
  CHECK(profile_in(text, "prod", true).region == "eu-central-1");
  CHECK_FALSE(profile_in("[prod]\n", "prod", true).is_there);
}

TEST_CASE("a role and SSO come before keys in the files, a process after them", "[profile]") {
  const std::string keys = std::string("[default]\n") + kKeys;
  const Profile role = profile_in(keys + "role_arn = arn:aws:iam::1:role/r\n", "default", true);
  CHECK(role.indirect == "role_arn");
  CHECK(role.prefers_indirect);
  CHECK_FALSE(profile_in(keys + "credential_process = x\n", "default", true).prefers_indirect);
  CHECK(profile_in("[default]\ncredential_process = x\nsso_session = s\n", "default", true).indirect ==
        "sso_session");
}

TEST_CASE("text that is no profile is passed over", "[profile]") {
  for (const char* text :
       {"", "[", "[profile", "[profile]", "]", "=", "[default\n=\n==", "\n\n\t\n", "[default]\nregion"})
    CHECK(profile_in(text, "default", true).region.empty());
}

TEST_CASE("credentials of an operator: variables, then the profile", "[profile]") {
  const Folder home;
  REQUIRE(std::filesystem::create_directory(home / ".aws"));
  write_file(home / ".aws/credentials", std::string("[default]\n") + kKeys);
  write_file(home / ".aws/config", "[profile dev]\nsso_session = corp\nregion = eu-west-3\n");

  const Credentials found = gather({{"HOME", home.path}});
  CHECK(found.seen.status == CredentialsStatus::ok);
  CHECK(found.seen.source == "profile");
  CHECK(found.keys.access_key_id == "AKIDPROFILE");
  CHECK(gather({{"HOME", home.path}, {"AWS_ACCESS_KEY_ID", "AKID"}, {"AWS_SECRET_ACCESS_KEY", "secret"}})
            .keys.access_key_id == "AKID");

  const Credentials sso = gather({{"HOME", home.path}, {"AWS_PROFILE", "dev"}});
  CHECK(sso.seen.status == CredentialsStatus::unusable);
  CHECK(sso.seen.problem.find("\"dev\" gets its keys by sso_session") != std::string::npos);
  CHECK(sso.seen.problem.find("aws configure export-credentials --format env") != std::string::npos);

  const Credentials wrong = gather({{"HOME", home.path}, {"AWS_PROFILE", "prdo"}});
  CHECK(wrong.seen.status == CredentialsStatus::missing);
  CHECK(wrong.seen.problem.find("AWS_PROFILE names \"prdo\"") != std::string::npos);
  CHECK(gather({}).seen.status == CredentialsStatus::missing);
}

TEST_CASE("files of profiles may be elsewhere", "[profile]") {
  const Folder folder;
  write_file(folder / "keys", std::string("[ci]\n") + kKeys);
  write_file(folder / "settings", "[profile ci]\nregion = eu-north-1\n");
  const Variables variables{{"AWS_SHARED_CREDENTIALS_FILE", folder / "keys"},
                            {"AWS_CONFIG_FILE", folder / "settings"},
                            {"AWS_PROFILE", "ci"}};
  CHECK(gather(variables).keys.access_key_id == "AKIDPROFILE");
  CHECK(region_of(variables) == "eu-north-1");
}

TEST_CASE("the region of an operator: variables, then the profile", "[profile]") {
  CHECK(region_of({{"AWS_REGION", "eu-west-1"}, {"AWS_DEFAULT_REGION", "eu-west-2"}}) == "eu-west-1");
  CHECK(region_of({{"AWS_DEFAULT_REGION", "eu-west-2"}}) == "eu-west-2");
  CHECK(region_of({}).empty());
}

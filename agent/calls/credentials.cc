#include "agent/calls/credentials.h"

#include <algorithm>
#include <array>

#include "agent/base/bounded_json.h"
#include "agent/base/http_status.h"
#include "agent/base/json_members.h"
#include "agent/base/parse_time.h"
#include "agent/base/pause.h"
#include "agent/base/read_file.h"

namespace vpcprobe {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kLongestAnswer = 64 * 1024;
constexpr std::size_t kLongestToken = 16 * 1024;
// AWS: "Container credential provider": the ECS agent's address, and those of EKS Pod Identity.
constexpr std::string_view kEcsHost = "http://169.254.170.2";
constexpr std::array<std::string_view, 3> kContainerHosts{"169.254.170.2", "169.254.170.23", "fd00:ec2::23"};

/// Nothing that could end a header line or a word.
bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

Credentials without(CredentialsStatus status, std::string problem) {
  Credentials none;
  none.seen.status = status;
  none.seen.problem = std::move(problem);
  return none;
}

Credentials checked(Credentials found, WallTime now) {
  const AwsKeys& keys = found.keys;
  if (keys.access_key_id.empty() || keys.secret_access_key.empty()) {
    const char* part = keys.access_key_id.empty() ? "access key id" : "secret access key";
    return without(CredentialsStatus::unusable, std::string("the ") + part + " is missing");
  }
  if (!is_plain(keys.access_key_id) || !is_plain(keys.secret_access_key) || !is_plain(keys.session_token))
    return without(CredentialsStatus::unusable, "they hold characters that no AWS key has");
  found.seen.status = CredentialsStatus::ok;
  if (found.seen.expires && *found.seen.expires <= now) {
    found.keys = {};
    found.seen.status = CredentialsStatus::expired;
    const auto ago = std::chrono::duration_cast<std::chrono::seconds>(now - *found.seen.expires);
    found.seen.problem = "they expired " + std::to_string(ago.count()) + " s ago";
  }
  return found;
}

std::string host_of(std::string_view url) {
  std::string_view rest = url.substr(url.find("://") + 3);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  if (rest.starts_with('[')) return std::string(rest.substr(1, rest.find(']') - 1));
  return std::string(rest.substr(0, rest.find(':')));
}

/// AWS's SDKs send the token in clear text only to addresses that no other host can listen on.
std::string wrong_full_uri(std::string_view uri) {
  const bool https = uri.starts_with("https://");
  if (!https && !uri.starts_with("http://")) return "is no http or https URL";
  if (!is_plain(uri) || uri.find('@') != std::string_view::npos) return "is no URL that AWS's SDKs take";
  if (https) return {};
  const auto address = IpAddress::parse(host_of(uri));
  const bool allowed =
      host_of(uri) == "localhost" || (address && (scope_of(*address, {}) == Scope::loopback ||
                                                  std::find(kContainerHosts.begin(), kContainerHosts.end(),
                                                            address->to_string()) != kContainerHosts.end()));
  return allowed ? "" : "is plain http to a host other than loopback and the container endpoints";
}

/// The file wins over the variable: it is the one that gets renewed.
Result<std::string> authorization_token(const Environment& environment, const std::atomic<bool>& stop,
                                        Clock::time_point end) {
  const std::string path = value_of(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  std::string token = value_of(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN");
  if (!path.empty()) {
    Result<std::string> read = read_input(path, 2 * kLongestToken, stop, end);
    if (!read || read.value().empty())
      return UsageError{"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names a file that cannot be read"};
    token = std::move(read.value());
  }
  if (token.size() > kLongestToken) return UsageError{"the authorization token is longer than 16 KiB"};
  const bool one_line = token.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos;
  if (!one_line) return UsageError{"the authorization token has a line break, which AWS's SDKs refuse"};
  return token;
}

Credentials ask_container(const Environment& environment, const std::atomic<bool>& stop,
                          std::chrono::milliseconds limit) {
  const auto end = Clock::now() + limit;
  Result<HttpRequest> request = container_request(environment, stop, end);
  if (!request) return without(CredentialsStatus::unusable, request.error().message);
  request.value().timeout = std::min(*request.value().timeout, time_left(end));
  const HttpReply reply = fetch({request.value()}, stop).front();
  if (!reply.error.empty()) return without(CredentialsStatus::unreachable, reply.error);
  if (reply.status != http_status::ok)
    return without(CredentialsStatus::refused, "HTTP status " + std::to_string(reply.status));
  return parse_container_credentials(reply.body, std::chrono::system_clock::now());
}

}  // namespace

std::string_view to_string(CredentialsStatus status) {
  static constexpr std::string_view names[] = {"not_asked", "ok",       "missing", "unreachable",
                                               "refused",   "unusable", "expired"};
  return names[static_cast<std::size_t>(status)];
}

Credentials credentials_of(AwsKeys keys, std::string_view source) {
  Credentials found;
  found.keys = std::move(keys);
  found = checked(std::move(found), std::chrono::system_clock::now());
  found.seen.source = source;
  return found;
}

Result<HttpRequest> container_request(const Environment& environment, const std::atomic<bool>& stop,
                                      Clock::time_point end) {
  HttpRequest request;
  request.max_body = kLongestAnswer;
  const std::string relative = value_of(environment, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  if (!relative.empty()) {
    if (!relative.starts_with('/') || !is_plain(relative))
      return UsageError{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is no path"};
    request.url = std::string(kEcsHost) + relative;
  } else {
    request.url = value_of(environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
    if (const std::string wrong = wrong_full_uri(request.url); !wrong.empty())
      return UsageError{"AWS_CONTAINER_CREDENTIALS_FULL_URI " + wrong};
  }
  const Result<std::string> token = authorization_token(environment, stop, end);
  if (!token) return token.error();
  if (!token.value().empty()) request.headers.push_back("Authorization: " + token.value());
  return request;
}

Credentials parse_container_credentials(std::string_view json, WallTime now) {
  const auto document = parse_bounded_json(json, kLongestAnswer);
  if (!document) return without(CredentialsStatus::unusable, "the answer is " + document.error().message);
  if (!document.value().is_object())
    return without(CredentialsStatus::unusable, "the answer is no JSON object");
  Credentials found;
  found.keys = {text_in(document.value(), "AccessKeyId"), text_in(document.value(), "SecretAccessKey"),
                text_in(document.value(), "Token")};
  found.seen.role_arn = text_in(document.value(), "RoleArn");
  if (!is_plain(found.seen.role_arn) || found.seen.role_arn.size() > 2048) found.seen.role_arn.clear();
  found.seen.expires = parse_time(text_in(document.value(), "Expiration"));
  return checked(std::move(found), now);
}

Credentials gather_credentials(const Environment& environment, const std::atomic<bool>& stop,
                               std::chrono::milliseconds limit) {
  Credentials found;
  const auto is_set = [&](const char* name) { return !value_of(environment, name).empty(); };
  if (is_set("AWS_ACCESS_KEY_ID")) {
    found = credentials_of(
        {value_of(environment, "AWS_ACCESS_KEY_ID"), value_of(environment, "AWS_SECRET_ACCESS_KEY"),
         value_of(environment, "AWS_SESSION_TOKEN")},
        "environment");
  } else if (is_set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")) {
    found = ask_container(environment, stop, limit);
    found.seen.source = "task-role";
  } else if (is_set("AWS_CONTAINER_CREDENTIALS_FULL_URI")) {
    found = ask_container(environment, stop, limit);
    found.seen.source = "container";
  } else {
    found = without(CredentialsStatus::missing, "neither AWS_ACCESS_KEY_ID nor a container endpoint is set");
    found.seen.source = "none";
  }
  return found;
}

}  // namespace vpcprobe

#include "agent/calls/credentials.h"

#include <cstdio>
#include <fstream>

#include "agent/base/parse_time.h"
#include "catch.h"
#include "probes/peers.h"
#include "variables.h"

using namespace vpcprobe;

namespace {

Credentials gather(const Variables& variables) {
  const std::atomic<bool> stop{false};
  return gather_credentials(environment_of(variables), stop, std::chrono::milliseconds(2000));
}

Credentials parse(const char* json) {
  return parse_container_credentials(json, *parse_time("2026-01-02T03:04:05Z"));
}

constexpr const char* kRelative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
constexpr const char* kFull = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
constexpr const char* kToken = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
constexpr const char* kTokenFile = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

Result<HttpRequest> request_of(const Environment& environment) {
  const std::atomic<bool> stop{false};
  return container_request(environment, stop, std::chrono::steady_clock::now());
}

std::string answer(int status, const std::string& body) {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\nConnection: close\r\n\r\n" + body;
}

}  // namespace

TEST_CASE("credentials of the environment go before those of the container") {
  const Credentials found = gather({{"AWS_ACCESS_KEY_ID", "AKID"},
                                    {"AWS_SECRET_ACCESS_KEY", "secret"},
                                    {"AWS_SESSION_TOKEN", "token"},
                                    {kRelative, "/v2/credentials/1"}});
  CHECK(found.seen.status == CredentialsStatus::ok);
  CHECK(found.seen.source == "environment");
  CHECK(found.keys.access_key_id == "AKID");
  CHECK(found.keys.secret_access_key == "secret");
  CHECK(found.keys.session_token == "token");
}

TEST_CASE("credentials: none, and half of them") {
  CHECK(gather({}).seen.status == CredentialsStatus::missing);
  CHECK(gather({}).seen.source == "none");
  CHECK(gather({{"AWS_ACCESS_KEY_ID", ""}}).seen.status == CredentialsStatus::missing);
  const Credentials half = gather({{"AWS_ACCESS_KEY_ID", "AKID"}});
  CHECK(half.seen.status == CredentialsStatus::unusable);
  CHECK(half.seen.problem == "the secret access key is missing");
  CHECK(half.keys.access_key_id.empty());
}

TEST_CASE("credentials of a container endpoint") {
  std::string request;
  test::TcpPeer peer([&](int fd) {
    request = test::receive_some(fd);
    test::send_text(fd, answer(200, R"({"RoleArn":"arn:aws:iam::111122223333:role/app","AccessKeyId":"ASIA",
        "SecretAccessKey":"s","Token":"t","Expiration":"2099-01-02T03:04:05Z"})"));
    test::wait_for_close(fd);
  });
  const std::string uri = "http://127.0.0.1:" + std::to_string(peer.port()) + "/creds?x=1";
  const Credentials found = gather({{kFull, uri}, {kToken, "Bearer of-this"}});
  CHECK(found.seen.status == CredentialsStatus::ok);
  CHECK(found.seen.source == "container");
  CHECK(found.seen.role_arn == "arn:aws:iam::111122223333:role/app");
  CHECK(found.keys.session_token == "t");
  CHECK(request.starts_with("GET /creds?x=1 HTTP/1.1\r\n"));
  CHECK(request.find("\r\nAuthorization: Bearer of-this\r\n") != std::string::npos);
}

TEST_CASE("credentials: an endpoint that fails") {
  SECTION("refuses") {
    test::TcpPeer peer([](int fd) {
      test::receive_some(fd);
      test::send_text(fd, answer(400, R"({"code":"InvalidIdInRequest","message":"secret"})"));
      test::wait_for_close(fd);
    });
    const Credentials found = gather({{kFull, "http://localhost:" + std::to_string(peer.port())}});
    CHECK(found.seen.status == CredentialsStatus::refused);
    CHECK(found.seen.problem == "HTTP status 400");
  }
  SECTION("is not there") {
    const auto port = std::to_string(test::closed_port());
    CHECK(gather({{kFull, "http://[::1]:" + port}}).seen.status == CredentialsStatus::unreachable);
    CHECK(gather({{kFull, "http://127.0.0.1:" + port}}).seen.status == CredentialsStatus::unreachable);
  }
  SECTION("never ends") {
    test::TcpPeer peer([](int fd) {
      test::receive_some(fd);
      test::send_text(fd, answer(200, std::string(100'000, ' ')));
      test::wait_for_close(fd);
    });
    const Credentials found = gather({{kFull, "http://127.0.0.1:" + std::to_string(peer.port())}});
    CHECK(found.seen.status == CredentialsStatus::unreachable);
    CHECK(found.seen.problem == "the answer is too long");
  }
}

TEST_CASE("credentials: where the container endpoint may be") {
  const auto url = [](const Variables& variables) {
    const auto request = request_of(environment_of(variables));
    return request ? request.value().url : "! " + request.error().message;
  };
  CHECK(url({{kRelative, "/v2/credentials/1"}, {kFull, "https://else.example/"}}) ==
        "http://169.254.170.2/v2/credentials/1");
  CHECK(url({{kRelative, "@evil.example/"}}) == "! AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is no path");
  CHECK(url({{kRelative, "/a b"}}) == "! AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is no path");
  CHECK(url({{kFull, "https://any.example/x"}}) == "https://any.example/x");
  CHECK(url({{kFull, "http://169.254.170.23/v1/credentials"}}) == "http://169.254.170.23/v1/credentials");
  CHECK(url({{kFull, "http://[fd00:ec2::23]/v1"}}) == "http://[fd00:ec2::23]/v1");
  const std::string wrong = "! AWS_CONTAINER_CREDENTIALS_FULL_URI ";
  CHECK(url({{kFull, "http://any.example/"}}) ==
        wrong + "is plain http to a host other than loopback and the container endpoints");
  CHECK(url({{kFull, "http://10.0.0.1/"}}) ==
        wrong + "is plain http to a host other than loopback and the container endpoints");
  CHECK(url({{kFull, "http://127.0.0.1@evil.example/"}}) == wrong + "is no URL that AWS's SDKs take");
  CHECK(url({{kFull, "file:///etc/passwd"}}) == wrong + "is no http or https URL");
}

TEST_CASE("credentials: the authorization token and its file") {
  const std::string path = std::tmpnam(nullptr);
  const auto token = [&](const char* content) {
    std::ofstream(path) << content;
    const auto request =
        request_of(environment_of({{kFull, "http://127.0.0.1/"}, {kToken, "old"}, {kTokenFile, path}}));
    return request ? request.value().headers.at(0) : "! " + request.error().message;
  };
  CHECK(token("fresh") == "Authorization: fresh");
  CHECK(token("two\nlines") == "! the authorization token has a line break, which AWS's SDKs refuse");
  CHECK(token("") == "! AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names a file that cannot be read");
  CHECK(token(std::string(20'000, 'x').c_str()) == "! the authorization token is longer than 16 KiB");
  std::remove(path.c_str());
}

TEST_CASE("credentials: what the endpoint answers") {
  CHECK(parse("").seen.status == CredentialsStatus::unusable);
  CHECK(parse("[]").seen.problem == "the answer is no JSON object");
  CHECK(parse(R"({"SecretAccessKey":"s"})").seen.problem == "the access key id is missing");
  CHECK(parse(R"({"AccessKeyId":7,"SecretAccessKey":"s"})").seen.status == CredentialsStatus::unusable);
  CHECK(parse(R"({"AccessKeyId":"a","SecretAccessKey":"s"})").seen.status == CredentialsStatus::ok);
  const Credentials broken = parse(R"({"AccessKeyId":"a","SecretAccessKey":"s","Token":"t\r\nX: y"})");
  CHECK(broken.seen.problem == "they hold characters that no AWS key has");
  CHECK(broken.keys.session_token.empty());
  const Credentials old =
      parse(R"({"AccessKeyId":"a","SecretAccessKey":"s","Expiration":"2026-01-02T03:03:05Z"})");
  CHECK(old.seen.status == CredentialsStatus::expired);
  CHECK(old.seen.problem == "they expired 60 s ago");
  CHECK(old.keys.access_key_id.empty());
  CHECK(parse(R"({"AccessKeyId":"a","SecretAccessKey":"s","RoleArn":"a\nb"})").seen.role_arn.empty());
}

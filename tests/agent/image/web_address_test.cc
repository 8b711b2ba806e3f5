#include "agent/image/web_address.h"

#include "agent/image/registry_challenge.h"
#include "catch.h"

namespace vpcprobe {
namespace {

const WebAddress kBase{"registry.example.com", 443, "/v2/app/blobs/x"};

std::string read(std::string_view text) {
  const ReadAddress out = read_address(text, kBase);
  constexpr const char* faults[] = {"", "missing", "malformed", "not https"};
  return out.fault == AddressFault::none ? out.address.url() : faults[static_cast<std::size_t>(out.fault)];
}

}  // namespace

TEST_CASE("addresses that a redirect names") {
  CHECK(read("https://s3.example.com/a?b=c#d") == "https://s3.example.com/a?b=c");
  CHECK(read("HTTPS://S3.Example.COM:8443") == "https://s3.example.com:8443/");
  CHECK(read("https://s3.example.com?x") == "https://s3.example.com/?x");
  CHECK(read("//other.example.com/a") == "https://other.example.com/a");
  CHECK(read("/elsewhere") == "https://registry.example.com/elsewhere");
  CHECK(read("beside") == "https://registry.example.com/v2/app/blobs/beside");
  CHECK(read("https://[::1]:8443/a") == "https://[::1]:8443/a");
}

TEST_CASE("addresses that no one should follow") {
  CHECK(read("") == "missing");
  CHECK(read("http://s3.example.com/a") == "not https");
  CHECK(read("file:///etc/passwd") == "not https");
  CHECK(read("javascript:alert(1)") == "not https");
  for (const char* text : {"https://user:password@s3.example.com/", "https://s3.example.com:0/",
                           "https://s3.example.com:99999/", "https:///a", "https://a b/", "https://[::1",
                           "https://[1.2.3.4]/", "https://x/\r\nHost: y", "https://x/\x80"})
    CHECK(read(text) == "malformed");
  CHECK(read("https://x/" + std::string(20'000, 'a')) == "malformed");
}

TEST_CASE("challenges of registries") {
  const Challenge bearer = parse_challenge(
      R"(Bearer realm="https://auth.example.com/token",service="reg\"istry",scope="repository:app:pull")");
  CHECK(bearer.scheme == LoginScheme::bearer);
  CHECK(bearer.realm == "https://auth.example.com/token");
  CHECK(bearer.service == "reg\"istry");
  CHECK(token_address(bearer, kBase, "other").address.url() ==
        "https://auth.example.com/token?service=reg%22istry&scope=repository:app:pull");
  const Challenge basic = parse_challenge(R"(Basic realm="x", Bearer realm="https://auth.example.com/")");
  CHECK(basic.scheme == LoginScheme::basic);
  CHECK(basic.realm == "x");
  CHECK(parse_challenge("").scheme == LoginScheme::none);
  CHECK(parse_challenge("Negotiate").scheme == LoginScheme::other);
}

TEST_CASE("a token is asked for by the repository's name where the challenge says none") {
  const Challenge challenge = parse_challenge(R"(bearer realm="https://auth.example.com/token?a=b")");
  CHECK(token_address(challenge, kBase, "team/app").address.url() ==
        "https://auth.example.com/token?a=b&scope=repository:team/app:pull");
  CHECK(token_address(parse_challenge("Bearer realm=http://a.example/"), kBase, "app").fault ==
        AddressFault::not_https);
  CHECK(token_address(parse_challenge("Bearer"), kBase, "app").fault == AddressFault::missing);
}

}  // namespace vpcprobe

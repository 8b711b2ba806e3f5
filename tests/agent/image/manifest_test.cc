#include "agent/image/manifest.h"

#include "agent/task/image_reference.h"
#include "catch.h"

namespace vpcprobe {
namespace {

const std::string kDigest = "sha256:" + std::string(64, 'a');

std::string descriptor(const std::string& more = "") {
  return R"({"digest":")" + kDigest + R"(","size":100)" + more + "}";
}

std::string platform(const char* os, const char* architecture, const char* variant = "") {
  return std::string(R"(,"platform":{"os":")") + os + R"(","architecture":")" + architecture +
         R"(","variant":")" + variant + R"("})";
}

}  // namespace

TEST_CASE("an image reference is taken apart") {
  struct Row {
    const char* written;
    const char* host;
    const char* repository;
    const char* reference;
  };
  const std::string digested = "registry.example.com/app:1@" + kDigest;
  for (const Row& row : {Row{"nginx", "registry-1.docker.io", "library/nginx", "latest"},
                         Row{"grafana/grafana:11", "registry-1.docker.io", "grafana/grafana", "11"},
                         Row{"docker.io/library/nginx:1", "registry-1.docker.io", "library/nginx", "1"},
                         Row{"localhost:5000/a/b/c", "localhost", "a/b/c", "latest"},
                         Row{digested.c_str(), "registry.example.com", "app", kDigest.c_str()}}) {
    INFO(row.written);
    const auto image = parse_image(row.written);
    REQUIRE(image);
    CHECK(image->registry.host == row.host);
    CHECK(image->repository == row.repository);
    CHECK(image->reference == row.reference);
  }
}

TEST_CASE("what no registry can have is no image") {
  for (const char* written :
       {"", "sha256:00", "registry.example.com/App:1",
        "registry.example.com/app:", "registry.example.com/app@x", "registry.example.com/../v2:1",
        "registry.example.com/app:a/b", "registry.example.com/app:1@", "registry.example.com//app",
        "registry.example.com/app?x:1", "registry.example.com/"}) {
    INFO(written);
    CHECK_FALSE(parse_image(written));
  }
}

TEST_CASE("a manifest's config and layers") {
  const auto manifest =
      parse_manifest(R"({"schemaVersion":2,"config":)" + descriptor() + R"(,"layers":[)" + descriptor() +
                     "," + descriptor(R"(,"urls":["https://x.example/"])") + "]}");
  REQUIRE(manifest);
  CHECK_FALSE(manifest.value().is_index);
  CHECK(manifest.value().config.digest == kDigest);
  CHECK(manifest.value().layers.size() == 1);
  CHECK(manifest.value().foreign_layers == 1);
}

TEST_CASE("an index gives the manifest that suits best") {
  const auto index = parse_manifest(R"({"manifests":[)" + descriptor(platform("linux", "386")) + "," +
                                    descriptor(platform("linux", "amd64")) + "," +
                                    descriptor(platform("linux", "arm64", "v8")) + "," +
                                    descriptor(platform("unknown", "unknown")) + "]}");
  REQUIRE(index);
  CHECK(index.value().manifests.size() == 3);
  const auto chosen = [&](const char* wanted) {
    const Descriptor* manifest = choose_manifest(index.value(), *parse_image_platform(wanted));
    return manifest == nullptr ? std::string("none") : manifest->platform->to_string();
  };
  CHECK(chosen("linux/amd64") == "linux/amd64");
  CHECK(chosen("linux/x86_64") == "linux/amd64");
  CHECK(chosen("linux/arm64") == "linux/arm64/v8");
  CHECK(chosen("linux/arm64/v8") == "linux/arm64/v8");
  CHECK(chosen("linux/386") == "linux/386");
  CHECK(chosen("windows/amd64") == "none");
  CHECK(chosen("linux/s390x") == "none");
}

TEST_CASE("a machine takes the 32-bit image where there is no other") {
  const auto index = parse_manifest(R"({"manifests":[)" + descriptor(platform("linux", "arm", "v7")) + "]}");
  REQUIRE(index);
  CHECK(choose_manifest(index.value(), *parse_image_platform("linux/arm64")) != nullptr);
  CHECK(choose_manifest(index.value(), *parse_image_platform("linux/amd64")) == nullptr);
}

TEST_CASE("what is no manifest is one clean line") {
  const std::string many = R"({"config":)" + descriptor() + R"(,"layers":[)";
  std::string layers = descriptor();
  for (std::size_t i = 0; i < kMostLayers; ++i) layers += "," + descriptor();
  for (const std::string& text :
       {std::string(), std::string("[]"), std::string("{}"),
        std::string(R"({"schemaVersion":1,"fsLayers":[]})"), std::string(R"({"manifests":{}})"),
        std::string(R"({"manifests":[{"digest":"../../x"}]})"),
        std::string(R"({"config":{"digest":7},"layers":[]})"), std::string(kLongestManifest + 1, ' '),
        many + layers + "]}"}) {
    const auto manifest = parse_manifest(text);
    REQUIRE_FALSE(manifest);
    CHECK_FALSE(manifest.error().message.empty());
  }
}

TEST_CASE("a configuration's platform") {
  CHECK(parse_config_platform(R"({"os":"linux","architecture":"arm64","variant":"v8"})")->to_string() ==
        "linux/arm64/v8");
  CHECK_FALSE(parse_config_platform(R"({"os":"linux"})"));
  CHECK_FALSE(parse_config_platform(R"({"os":"li\nux","architecture":"amd64"})"));
  CHECK_FALSE(parse_config_platform("no JSON"));
}

TEST_CASE("errors of registries, of S3 and of AWS's services") {
  const RemoteError registry = parse_remote_error(R"({"errors":[{"code":"NAME_UNKNOWN","message":"none"}]})");
  CHECK(registry.code == "NAME_UNKNOWN");
  CHECK(registry.message == "none");
  CHECK(parse_remote_error("<Error><Code>AccessDenied</Code><Message>no</Message></Error>").code ==
        "AccessDenied");
  CHECK(parse_remote_error(R"({"__type":"com.amazon.coral.service#AccessDeniedException","Message":"m"})")
            .code == "AccessDeniedException");
  CHECK(parse_remote_error("<html>").code.empty());
  const std::string sent[] = {"t0ken"};
  CHECK(parse_remote_error(R"({"errors":[{"code":"X","message":"you sent t0\u006ben"}]})", sent).message ==
        "you sent …");
  CHECK(parse_remote_error("[]").code.empty());
  CHECK(parse_remote_error(
            R"({"errors":[{"code":"X","message":"https://h.example/p?X-Amz-Signature=s3cret"}]})")
            .message.find("s3cret") == std::string::npos);
}

TEST_CASE("tokens that would break a header are none") {
  CHECK(parse_token(R"({"token":"abc"})") == "abc");
  CHECK(parse_token(R"({"access_token":"abc"})") == "abc");
  CHECK(parse_token(R"({"token":"a\r\nHost: b"})").empty());
  CHECK(parse_token(R"({"token":7})").empty());
  CHECK(parse_authorization(R"({"authorizationData":[{"authorizationToken":"QVdT"}]})") == "QVdT");
  CHECK(parse_authorization(R"({"authorizationData":[]})").empty());
  CHECK(parse_authorization(R"({"authorizationData":["x"]})").empty());
}

}  // namespace vpcprobe

#include "agent/calls/api_calls.h"

#include <nlohmann/json.hpp>
#include <set>

#include "catch.h"

using namespace vpcprobe;

namespace {

PlannedEndpoint endpoint_of(const char* id) {
  PlannedEndpoint endpoint;
  endpoint.service = find_service(id);
  endpoint.region = "eu-west-1";
  endpoint.target.host = "the.host";
  return endpoint;
}

}  // namespace

TEST_CASE("each row belongs to a service, and asks it one thing") {
  std::set<std::string_view> actions;
  for (const ApiCall& row : api_calls()) {
    INFO(row.action);
    CHECK(find_service(row.service) != nullptr);
    CHECK(actions.insert(row.action).second);
    CHECK(find_api_call(row.action) == &row);
    CHECK_FALSE(row.signing.empty());
  }
  CHECK(find_api_call("ecr:DeleteRepository") == nullptr);
}

TEST_CASE("objects that the task names are asked about exactly, else a name that is not there") {
  PlannedEndpoint endpoint = endpoint_of("secretsmanager");
  auto calls = calls_for(endpoint);
  REQUIRE(calls.size() == 1);
  CHECK(calls[0].object.empty());
  CHECK(nlohmann::json::parse(calls[0].request.body)["SecretId"] == "vpc-probe-no-such-secret");
  endpoint.objects = {{"app/\"odd\"\\name"}, {"other"}};
  calls = calls_for(endpoint);
  REQUIRE(calls.size() == 2);
  CHECK(calls[0].object == "app/\"odd\"\\name");
  const auto body = nlohmann::json::parse(calls[0].request.body);
  CHECK(body["SecretId"] == calls[0].object);
  CHECK(body.contains("VersionStage"));
  CHECK(calls[0].request.url == "https://the.host/");
}

TEST_CASE("S3 is asked about whole files only, and never for their content") {
  PlannedEndpoint endpoint = endpoint_of("s3");
  CHECK(calls_for(endpoint).empty());
  endpoint.s3_objects = {"arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*",
                         "arn:aws:s3:::bucket/a b/\xc3\xbc.env"};
  const auto calls = calls_for(endpoint);
  REQUIRE(calls.size() == 1);
  CHECK(calls[0].request.url == "https://the.host/bucket/a%20b/%C3%BC.env");
  CHECK(calls[0].request.headers[0] == "If-Match: \"vpc-probe\"");
}

TEST_CASE("a service without a row, a custom target and too many objects") {
  CHECK(calls_for(endpoint_of("ecr.dkr")).empty());
  PlannedEndpoint custom;
  CHECK(calls_for(custom).empty());
  PlannedEndpoint many = endpoint_of("logs");
  for (int i = 0; i < 1000; ++i) many.objects.push_back({"group-" + std::to_string(i)});
  CHECK(calls_for(many).size() == 100);
}

TEST_CASE("a port that is not the usual one stays in the URL") {
  PlannedEndpoint endpoint = endpoint_of("sts");
  endpoint.target.port = 8443;
  CHECK(calls_for(endpoint).front().request.url == "https://the.host:8443/");
}

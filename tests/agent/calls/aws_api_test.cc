#include "agent/calls/aws_api.h"

#include <algorithm>

#include "catch.h"

using namespace vpcprobe;

namespace {

ApiCallRequest call_of(const char* api, const char* action) {
  ApiCallRequest call;
  call.api = find_api(api);
  REQUIRE(call.api != nullptr);
  call.action = action;
  return call;
}

HttpRequest request_in(const ApiCallRequest& call, const char* region) {
  return http_request_of(call, region, {"AKID", "secret", ""});
}

bool has_header(const HttpRequest& request, const char* header) {
  return std::find(request.headers.begin(), request.headers.end(), header) != request.headers.end();
}

}  // namespace

TEST_CASE("EC2 takes a form, and the next page in it", "[api]") {
  ApiCallRequest call = call_of("ec2", "DescribeVpcs");
  call.body = "VpcId.1=vpc-1";
  call.next_token = "a+b/=&";
  const HttpRequest request = request_in(call, "eu-west-1");
  CHECK(request.url == "https://ec2.eu-west-1.amazonaws.com/");
  CHECK(request.method == "POST");
  CHECK(request.body == "Action=DescribeVpcs&Version=2016-11-15&VpcId.1=vpc-1&NextToken=a%2Bb%2F%3D%26");
  CHECK(request.signing->service == "ec2");
  CHECK(request.signing->region == "eu-west-1");
}

TEST_CASE("ECS takes JSON, and the next page in it", "[api]") {
  ApiCallRequest call = call_of("ecs", "ListTasks");
  CHECK(request_in(call, "eu-west-1").body == "{}");
  call.body = R"({"cluster":"prod"})";
  call.next_token = "a\"b";
  const HttpRequest request = request_in(call, "cn-north-1");
  CHECK(request.url == "https://ecs.cn-north-1.amazonaws.com.cn/");
  CHECK(has_header(request, "X-Amz-Target: AmazonEC2ContainerServiceV20141113.ListTasks"));
  CHECK(request.body == R"({"cluster":"prod","nextToken":"a\"b"})");
}

TEST_CASE("Route 53 is one host for a partition, signed for one region", "[api]") {
  ApiCallRequest call = call_of("route53", "ListHostedZonesByVPC");
  call.method = "GET";
  call.path = "/2013-04-01/hostedzonesbyvpc?vpcid=vpc-1&vpcregion=eu-west-1";
  call.next_token = "t=";
  const HttpRequest request = request_in(call, "eu-west-1");
  CHECK(request.url ==
        "https://route53.amazonaws.com/2013-04-01/"
        "hostedzonesbyvpc?nexttoken=t%3D&vpcid=vpc-1&vpcregion=eu-west-1");
  CHECK(request.signing->region == "us-east-1");
  CHECK(request_in(call, "us-gov-east-1").url.starts_with("https://route53.us-gov.amazonaws.com/"));
  CHECK(request_in(call, "us-gov-east-1").signing->region == "us-gov-west-1");
  CHECK(request_in(call, "cn-north-1").signing->region == "cn-northwest-1");
}

TEST_CASE("a JSON answer gives its page and the token of the next", "[api]") {
  const ApiCallRequest call = call_of("ecs", "ListTasks");
  const auto answer = read_answer(call, R"({"taskArns": ["a"], "nextToken": "t"})");
  REQUIRE(answer);
  CHECK(answer.value().json == R"({"taskArns":["a"]})");
  CHECK(answer.value().next_token == "t");
  CHECK(read_answer(call, R"({"nextToken":null})").value().next_token.empty());
  CHECK_FALSE(read_answer(call, "[]"));
  CHECK_FALSE(read_answer(call, R"({"taskArns":)"));
  CHECK_FALSE(read_answer(call, "{\"a\":" + std::string(10'000, '[')));
}

TEST_CASE("an API without a row is none", "[api]") { CHECK(find_api("athena") == nullptr); }

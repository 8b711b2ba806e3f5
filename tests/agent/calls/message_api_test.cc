#include "agent/calls/message_api.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agent/calls/parameter_api.h"
#include "catch.h"

using namespace vpcprobe;
using Json = nlohmann::json;

namespace {

HttpRequest request_of(const ApiCallRequest& call) {
  return http_request_of(call, "eu-west-1", {"AKID", "secret", ""});
}

bool has_header(const HttpRequest& request, const char* header) {
  return std::find(request.headers.begin(), request.headers.end(), header) != request.headers.end();
}

}  // namespace

TEST_CASE("SNS takes a message with attributes in a form, in the topic's region", "[message]") {
  const HttpRequest request = request_of(publish(
      {"arn:aws:sns:eu-central-1:111122223333:t", "a b", "c&d\n", {{"event", "fault"}, {"x", "{}"}}}));
  CHECK(request.url == "https://sns.eu-central-1.amazonaws.com/");
  CHECK(request.signing->region == "eu-central-1");
  CHECK(request.body ==
        "Action=Publish&Version=2010-03-31&TopicArn=arn%3Aaws%3Asns%3Aeu-central-1%3A111122223333%3At"
        "&Subject=a%20b&Message=c%26d%0A&MessageAttributes.entry.1.Name=event"
        "&MessageAttributes.entry.1.Value.DataType=String&MessageAttributes.entry.1.Value.StringValue=fault"
        "&MessageAttributes.entry.2.Name=x&MessageAttributes.entry.2.Value.DataType=String"
        "&MessageAttributes.entry.2.Value.StringValue=%7B%7D");
}

TEST_CASE("SNS answers in XML", "[message]") {
  const auto answer = read_answer(
      publish({"arn:aws:sns:eu-west-1:111122223333:t", "s", "t", {}}),
      "<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>");
  REQUIRE(answer);
  CHECK(answer.value().json == R"({"MessageId":"m"})");
}

TEST_CASE("EventBridge takes one event, by the name of the bus or its ARN", "[message]") {
  const HttpRequest request =
      request_of(put_event({"default", "vpc-probe", "Fault", R"({"a":1})", {"arn:aws:ecs:x"}}));
  CHECK(request.url == "https://events.eu-west-1.amazonaws.com/");
  CHECK(has_header(request, "X-Amz-Target: AWSEvents.PutEvents"));
  CHECK(Json::parse(request.body) ==
        Json::parse(R"({"Entries":[{"EventBusName":"default","Source":"vpc-probe","DetailType":"Fault",
                       "Detail":"{\"a\":1}","Resources":["arn:aws:ecs:x"]}]})"));
  const char* bus = "arn:aws:events:us-east-1:111122223333:event-bus/b";
  CHECK(request_of(put_event({bus, "s", "d", "{}", {}})).url == "https://events.us-east-1.amazonaws.com/");
}

TEST_CASE("an event that EventBridge did not take is named, whatever it answers", "[message]") {
  CHECK(event_problem(R"({"FailedEntryCount":0,"Entries":[{"EventId":"1"}]})").empty());
  CHECK(event_problem(
            R"({"FailedEntryCount":1,"Entries":[{"ErrorCode":"MalformedDetail","ErrorMessage":"a\nb"}]})") ==
        "MalformedDetail: a b");
  for (const char* wrong : {"", "{}", "[]", R"({"FailedEntryCount":"0"})", R"({"FailedEntryCount":1})",
                            R"({"FailedEntryCount":1,"Entries":[7]})"}) {
    INFO(wrong);
    CHECK(event_problem(wrong) == "the answer does not say that the event was taken");
  }
}

TEST_CASE("S3 takes an object at the bucket's own host", "[message]") {
  const ApiCallRequest call = put_object({"reports", "vpc-probe/a b.html", "text/html", "<p>"});
  const HttpRequest request = request_of(call);
  CHECK(request.method == "PUT");
  CHECK(request.url == "https://reports.s3.eu-west-1.amazonaws.com/vpc-probe/a%20b.html");
  CHECK(request.body == "<p>");
  CHECK(has_header(request, "Content-Type: text/html"));
  CHECK(has_header(request,
                   "X-Amz-Content-Sha256: 33f2799467177287a29260780a107ac98ea63dd6165f67fcc0d74767d0a82090"));
  CHECK(read_answer(call, "").value().json == "{}");
  CHECK(http_request_of(call, "cn-north-1", {"AKID", "secret", ""})
            .url.starts_with("https://reports.s3.cn-north-1.amazonaws.com.cn/"));
}

TEST_CASE("only what is put may be answered without a body", "[message]") {
  ApiCallRequest call;
  call.api = find_api("route53");
  call.action = "ListHostedZonesByVPC";
  call.method = "GET";
  CHECK_FALSE(read_answer(call, ""));
}

TEST_CASE("a parameter is read, and written whether it is there or not", "[message]") {
  const HttpRequest read = request_of(get_parameter("/a"));
  CHECK(read.url == "https://ssm.eu-west-1.amazonaws.com/");
  CHECK(has_header(read, "X-Amz-Target: AmazonSSM.GetParameter"));
  CHECK(read.body == R"({"Name":"/a"})");
  CHECK(Json::parse(put_parameter("/a", "{\"b\":1}").body) ==
        Json::parse(R"({"Name":"/a","Value":"{\"b\":1}","Type":"String","Overwrite":true})"));
  for (const char* wrong : {"", "[]", "{}", R"({"Parameter":7})", R"({"Parameter":{"Value":7}})"}) {
    INFO(wrong);
    CHECK(read_parameter(wrong).value.empty());
    CHECK(read_parameter(wrong).version == 0);
  }
  const Parameter parameter = read_parameter(R"({"Parameter":{"Value":"v","Version":3}})");
  CHECK(parameter.value == "v");
  CHECK(parameter.version == 3);
  CHECK(read_parameter(R"({"Version":4,"Tier":"Standard"})").version == 4);
  CHECK(read_parameter(R"({"Version":"4"})").version == 0);
}

#include "agent/delivery/destinations.h"

#include <nlohmann/json.hpp>

#include "catch.h"

using namespace vpcprobe;
using Json = nlohmann::json;

namespace {

constexpr const char* kTopic = "sns:arn:aws:sns:eu-west-1:111122223333:verdicts";

std::string wrong_in(const char* value) {
  Options options;
  return read_destination(options, value);
}

std::vector<Destination> destinations(std::initializer_list<const char*> values) {
  Options options;
  for (const char* value : values) {
    INFO(value);
    CHECK(read_destination(options, value).empty());
  }
  return options.notify;
}

ApiCallReply answered(const std::string& json) {
  ApiCallReply reply;
  reply.outcome = CallOutcome::answered;
  reply.answer.json = json;
  return reply;
}

Diagnosis failing() {
  Diagnosis diagnosis;
  diagnosis.verdict = Verdict::fail;
  diagnosis.exit_code = 24;
  diagnosis.summary = "security group sg-1 denies logs";
  diagnosis.culprits.emplace_back();
  diagnosis.culprits.back().finding = "endpoint-filtered";
  return diagnosis;
}

/// What AWS is asked for; it takes all.
struct Sent {
  std::vector<ApiCallRequest> calls;
  std::vector<Unsent> unsent;
};

Sent send(const std::vector<Destination>& to, bool is_over = false) {
  Sent sent;
  const Diagnosis diagnosis = failing();
  const Alert alert{.service = "c1/web",
                    .service_arn = "arn:aws:ecs:eu-west-1:111122223333:service/c1/web",
                    .is_over = is_over,
                    .page = "",
                    .diagnosis = diagnosis};
  sent.unsent = send_alert(
      [&](const ApiCallRequest& request) {
        sent.calls.push_back(request);
        return answered(R"({"FailedEntryCount":0})");
      },
      to, alert, "vpc-probe/c1/web/now.html");
  return sent;
}

}  // namespace

TEST_CASE("destinations are read, each once", "[notify]") {
  const auto read = destinations({kTopic, kTopic, "events:default", "s3:reports",
                                  "events:arn:aws:events:eu-west-1:111122223333:event-bus/b"});
  REQUIRE(read.size() == 4);
  CHECK(read[0].target == "arn:aws:sns:eu-west-1:111122223333:verdicts");
  CHECK(read[2].kind == "s3");
  CHECK(destination_key(read[0]).size() == 8);
  CHECK(destination_key(read[0]) != destination_key(read[1]));
}

TEST_CASE("a wrong destination is named with what is right", "[notify]") {
  CHECK(wrong_in("snss:x") == R"(must be one of sns:TOPIC-ARN, events:BUS, s3:BUCKET; did you mean "sns"?)");
  CHECK(wrong_in("sns").starts_with("no topic"));
  CHECK(wrong_in("sns:verdicts").starts_with("no topic"));
  CHECK(wrong_in("sns:arn:aws:sqs:eu-west-1:111122223333:q").starts_with("no topic"));
  CHECK(wrong_in("sns:arn:aws:sns:moon-1:111122223333:t").starts_with("no topic"));
  CHECK(wrong_in("sns:arn:aws:sns:eu-west-1:111122223333:t.fifo").starts_with("a FIFO topic"));
  CHECK(wrong_in("events:").starts_with("no event bus"));
  CHECK(wrong_in("events:a b").starts_with("no event bus"));
  CHECK(wrong_in("s3:a.b").starts_with("the certificate of S3"));
  CHECK(wrong_in("s3:Reports").starts_with("no bucket"));
  CHECK(wrong_in("s3:a/b").starts_with("no bucket"));
  CHECK(wrong_in("s3:..@evil").starts_with("the certificate of S3"));
}

TEST_CASE("every kind has a right on its target alone", "[notify]") {
  std::string text;
  for (const Destination& one : destinations({kTopic, "events:default", "s3:reports"}))
    text += std::string(kind_of(one).action) + " " + kind_of(one).resource("aws", one.target) + "\n";
  CHECK(text ==
        "sns:Publish arn:aws:sns:eu-west-1:111122223333:verdicts\n"
        "events:PutEvents arn:aws:events:*:*:event-bus/default\n"
        "s3:PutObject arn:aws:s3:::reports/vpc-probe/*\n");
}

TEST_CASE("the page is put first, and the message says where it is", "[notify]") {
  const Sent sent = send(destinations({kTopic, "events:default", "s3:reports"}));
  REQUIRE(sent.calls.size() == 3);
  CHECK(sent.unsent.empty());
  CHECK(sent.calls[0].path == "/vpc-probe/c1/web/now.html");
  CHECK(sent.calls[0].body.starts_with("<!"));
  CHECK(sent.calls[1].action == "Publish");
  CHECK(sent.calls[1].body.find("Page%3A%20s3%3A%2F%2Freports%2Fvpc-probe%2Fc1%2Fweb%2Fnow.html") !=
        std::string::npos);
  CHECK(sent.calls[1].body.find("Name=finding&") != std::string::npos);
  const Json entry = Json::parse(sent.calls[2].body)["Entries"][0];
  CHECK(entry["Source"] == "vpc-probe");
  CHECK(entry["DetailType"] == "vpc-probe Fault");
  CHECK(entry["Resources"] == Json::array({"arn:aws:ecs:eu-west-1:111122223333:service/c1/web"}));
  CHECK(Json::parse(entry["Detail"].get<std::string>())["schema"] == "vpc-probe/diagnosis/1");
}

TEST_CASE("the end of a fault has a type of its own", "[notify]") {
  const Sent sent = send(destinations({"events:default"}), true);
  CHECK(Json::parse(sent.calls.front().body)["Entries"][0]["DetailType"] == "vpc-probe Fault Over");
}

TEST_CASE("who does not take the message is named, and the others get it", "[notify]") {
  const Diagnosis diagnosis = failing();
  const Alert alert{
      .service = "c1/web", .service_arn = "", .is_over = false, .page = "", .diagnosis = diagnosis};
  const auto to = destinations({kTopic, "events:default", "s3:reports"});
  const auto unsent = send_alert(
      [](const ApiCallRequest& request) {
        ApiCallReply refused;
        refused.outcome = CallOutcome::refused;
        refused.error = {"AccessDenied", "no"};
        if (request.action == "PutObject") return refused;
        return answered(R"({"FailedEntryCount":1,"Entries":[{"ErrorCode":"InternalFailure"}]})");
      },
      to, alert, "k");
  REQUIRE(unsent.size() == 2);
  CHECK(unsent[0].why == "s3:reports: AccessDenied: no");
  CHECK(unsent[0].key == destination_key(to[2]));
  CHECK(unsent[1].why == "events:default: InternalFailure: ");
}

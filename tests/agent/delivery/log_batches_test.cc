#include "agent/delivery/log_batches.h"

#include <nlohmann/json.hpp>

#include "catch.h"

using namespace vpcprobe;
using std::chrono::hours;
using std::chrono::milliseconds;

namespace {

const WallTime kNow = WallTime(std::chrono::seconds(1'795'000'000));  // Wed, 18 Nov 2026 11:06:40 GMT

const AwsKeys kKeys{"ASIAPLANTED", "planted/secret", "planted+session/token"};

HttpReply error_reply(long status, const std::string& name, const std::string& message = "m") {
  HttpReply reply;
  reply.status = status;
  reply.body = nlohmann::json{{"__type", name}, {"message", message}}.dump();
  reply.headers = {"x-amzn-RequestId: 1"};
  return reply;
}

CallResult read_error(long status, const std::string& name, const std::string& message = "m") {
  return read_logs_answer(error_reply(status, name, message), 1, kNow, kKeys);
}

CallResult read_rejected(const nlohmann::json& info, std::size_t count) {
  HttpReply reply;
  reply.status = 200;
  reply.body = nlohmann::json{{"nextSequenceToken", "1"}, {"rejectedLogEventsInfo", info}}.dump();
  return read_logs_answer(reply, count, kNow, kKeys);
}

}  // namespace

TEST_CASE("an answer that repeats the keys or moves the cursor is shown without") {
  const std::string problem =
      read_error(400, "WeirdException",
                 "\x1b[31m\nvpc-probe: error: pwned planted+session/token planted/secret")
          .problem;
  CHECK(problem.find("planted") == std::string::npos);
  CHECK(problem.find_first_of("\x1b\n") == std::string::npos);
  CHECK(problem.find("WeirdException: ") == 0);
}

TEST_CASE("a batch holds what one call may: bytes with 26 for each event, 10 000 events, 24 hours") {
  CHECK(batch_size({}) == 0);
  const std::string half(kMostBatchBytes / 2 - kEventBytes, 'x');
  CHECK(batch_size({{kNow, half}, {kNow, half}, {kNow, ""}}) == 2);
  CHECK(batch_size({{kNow, half}, {kNow, half + "x"}}) == 1);
  CHECK(batch_size({{kNow, std::string(kMostMessageBytes, 'x')}, {kNow, ""}}) == 1);
  CHECK(batch_size({{kNow, "a"}, {kNow + hours(24) - milliseconds(1), "b"}, {kNow + hours(24), "c"}}) == 2);
  CHECK(batch_size(std::deque<LogEvent>(kMostBatchEvents + 1, LogEvent{kNow, "m"})) == kMostBatchEvents);
}

TEST_CASE("the calls are those of CloudWatch Logs") {
  const LogPlace place{"/ecs/app", "canary"};
  const HttpRequest put =
      put_log_events(place, {{kNow, "{\"a\":\"\xc3\xa4\"}"}, {kNow + milliseconds(5), "b"}, {kNow, "c"}}, 2);
  CHECK(put.method == "POST");
  CHECK(put.headers == std::vector<std::string>{"Content-Type: application/x-amz-json-1.1",
                                                "X-Amz-Target: Logs_20140328.PutLogEvents"});
  const auto body = nlohmann::json::parse(put.body);
  CHECK(body == nlohmann::json{{"logGroupName", "/ecs/app"},
                               {"logStreamName", "canary"},
                               {"logEvents",
                                {{{"timestamp", 1'795'000'000'000}, {"message", "{\"a\":\"\xc3\xa4\"}"}},
                                 {{"timestamp", 1'795'000'000'005}, {"message", "b"}}}}});
  const HttpRequest create = create_log_stream(place);
  CHECK(create.headers.back() == "X-Amz-Target: Logs_20140328.CreateLogStream");
  CHECK(nlohmann::json::parse(create.body) ==
        nlohmann::json{{"logGroupName", "/ecs/app"}, {"logStreamName", "canary"}});
}

TEST_CASE("each error says what to do next") {
  CHECK(read_error(400, "ResourceNotFoundException").after == AfterCall::create_stream);
  CHECK(read_error(400, "com.amazonaws.logs#ResourceNotFoundException").after == AfterCall::create_stream);
  CHECK(read_error(400, "ResourceAlreadyExistsException").after == AfterCall::done);
  CHECK(read_error(400, "ThrottlingException").after == AfterCall::again);
  CHECK(read_error(503, "ServiceUnavailableException").after == AfterCall::again);
  CHECK(read_error(500, "SomethingNew").after == AfterCall::again);
  CHECK(read_error(400, "ExpiredTokenException").after == AfterCall::renew_credentials);
  CHECK(read_error(400, "InvalidParameterException").after == AfterCall::never);
  CHECK(read_error(400, "SomethingNew").after == AfterCall::later);
  const CallResult denied = read_error(400, "AccessDeniedException", "User: u is not authorized");
  CHECK(denied.after == AfterCall::later);
  CHECK(denied.problem == "AccessDeniedException: User: u is not authorized");

  HttpReply by_header = error_reply(400, "");
  by_header.headers.emplace_back("x-amzn-ErrorType: ThrottlingException:http://internal.amazon.com/");
  CHECK(read_logs_answer(by_header, 1, kNow, kKeys).after == AfterCall::again);
}

TEST_CASE("a rejected signature shows the clock and nothing of the request that AWS repeats") {
  HttpReply reply =
      error_reply(400, "InvalidSignatureException", "The canonical string is x-amz-security-token:SECRET");
  CHECK(read_logs_answer(reply, 1, kNow, kKeys).problem ==
        "InvalidSignatureException: the signature was rejected");
  reply.headers.emplace_back("Date: Wed, 18 Nov 2026 11:16:40 GMT");
  CHECK(read_logs_answer(reply, 1, kNow, kKeys).problem ==
        "InvalidSignatureException: the signature was rejected: the clock here is 600 s slow");
  reply.headers.back() = "Date: Wed, 18 Nov 2026 10:56:40 GMT";
  CHECK(read_logs_answer(reply, 1, kNow, kKeys).problem ==
        "InvalidSignatureException: the signature was rejected: the clock here is 600 s fast");
  reply.headers.back() = "Date: yesterday";
  CHECK(read_logs_answer(reply, 1, kNow, kKeys).problem ==
        "InvalidSignatureException: the signature was rejected");
}

TEST_CASE("an answer that is not AWS's, and none at all") {
  HttpReply portal;
  portal.status = 403;
  portal.body = "<html>";
  CHECK(read_logs_answer(portal, 1, kNow, kKeys).problem == "HTTP status 403 from what is not AWS");
  CHECK(read_logs_answer(portal, 1, kNow, kKeys).after == AfterCall::later);
  HttpReply none;
  none.error = "Timeout was reached";
  none.failure = HttpFailure::timeout;
  CHECK(read_logs_answer(none, 1, kNow, kKeys).after == AfterCall::again);
  none.failure = HttpFailure::interrupted;
  CHECK(read_logs_answer(none, 1, kNow, kKeys).after == AfterCall::later);
}

TEST_CASE("events that an accepted call left out are counted") {
  HttpReply taken;
  taken.status = 200;
  CHECK(read_logs_answer(taken, 3, kNow, kKeys).after == AfterCall::done);
  CHECK(read_logs_answer(taken, 3, kNow, kKeys).refused == 0);
  CHECK(read_rejected({{"tooOldLogEventEndIndex", 2}}, 3).refused == 2);
  CHECK(read_rejected({{"expiredLogEventEndIndex", 1}, {"tooOldLogEventEndIndex", 2}}, 3).refused == 2);
  const CallResult future = read_rejected({{"tooNewLogEventStartIndex", 1}}, 3);
  CHECK(future.refused == 2);
  CHECK(future.problem == "refused as too new: is the clock here fast?");
  CHECK(read_rejected({{"tooNewLogEventStartIndex", 0}, {"tooOldLogEventEndIndex", 3}}, 3).refused == 3);
  CHECK(read_rejected({{"tooOldLogEventEndIndex", 99}}, 3).refused == 3);
  CHECK(read_rejected("wrong", 3).refused == 0);
}

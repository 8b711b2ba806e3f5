#include "agent/calls/api_answer.h"

#include "catch.h"

using namespace vpcprobe;

namespace {

PlannedCall call_of(const char* action, const std::string& object = "") {
  PlannedCall call;
  call.operation = find_api_call(action);
  call.object = object;
  call.request.peer = SocketAddress::parse("10.0.1.10:443", 443);
  return call;
}

HttpReply reply_of(long status, const std::string& body) {
  HttpReply reply;
  reply.status = status;
  reply.body = body;
  reply.headers = {"x-amzn-RequestId: 0123", "Date: Mon, 23 Nov 2026 22:31:00 GMT"};
  return reply;
}

constexpr const char* kSecret = "secretsmanager:GetSecretValue";

}  // namespace

TEST_CASE("errors are read in every protocol of AWS's") {
  const auto json =
      read_api_error("", R"({"__type":"com.amazon.coral.service#AccessDeniedException","Message":"no"})");
  CHECK(json.type == "AccessDeniedException");
  CHECK(json.message == "no");
  const auto header =
      read_api_error("ThrottlingException:http://internal.amazon.com/coral/", R"({"message":"slow"})");
  CHECK(header.type == "ThrottlingException");
  CHECK(header.message == "slow");
  const auto xml =
      read_api_error("",
                     "<?xml version=\"1.0\"?>\n<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied"
                     "</Code><Message>on &quot;arn:x&quot; &amp;lt;</Message></Error></ErrorResponse>");
  CHECK(xml.type == "AccessDenied");
  CHECK(xml.message == "on \"arn:x\" &lt;");
}

TEST_CASE("what is no error has none") {
  for (const char* body : {"", "[]", "<html>no</html>", R"({"__type":7,"message":[]})", "{\"__type\":\"Acc",
                           "\xff\xfe", "<Code>cut"}) {
    INFO(body);
    const auto error = read_api_error("", body);
    CHECK(error.message.empty());
    CHECK((error.type.empty() || error.type == "cut"));
  }
}

TEST_CASE("an answer lets through by success, and by an error that comes after every policy") {
  CHECK(read_call_reply(reply_of(200, "{}"), call_of("ecr:GetAuthorizationToken"), {}).allowed);
  const auto gone = read_call_reply(
      reply_of(
          400,
          R"({"__type":"ResourceNotFoundException","message":"Secrets Manager can't find the specified secret."})"),
      call_of(kSecret, "app/db"), {});
  CHECK(gone.allowed);
  CHECK(gone.presence == Presence::missing);
  const auto there = read_call_reply(
      reply_of(400,
               R"({"__type":"ResourceNotFoundException",)"
               R"("message":"Secrets Manager can't find the specified secret value for staging label: x"})"),
      call_of(kSecret, "app/db"), {});
  CHECK(there.allowed);
  CHECK(there.presence == Presence::there);
  CHECK_FALSE(
      read_call_reply(reply_of(400, R"({"__type":"AccessDeniedException"})"), call_of(kSecret), {}).allowed);
  CHECK_FALSE(read_call_reply(reply_of(400, ""), call_of("ecr:GetAuthorizationToken"), {}).allowed);
}

TEST_CASE("what bears no AWS request id lets nothing through") {
  HttpReply portal = reply_of(200, "<html>log in</html>");
  portal.headers.clear();
  CHECK_FALSE(read_call_reply(portal, call_of("ecr:GetAuthorizationToken"), {}).allowed);
}

TEST_CASE("a parameter is there or missing as the lists of the answer say") {
  const auto presence = [](const char* body) {
    return read_call_reply(reply_of(200, body), call_of("ssm:GetParameters", "/app/db"), {}).presence;
  };
  CHECK(presence(R"({"Parameters":[],"InvalidParameters":["/app/db"]})") == Presence::missing);
  CHECK(presence(R"({"Parameters":[{"Name":"/app/db","Value":"x"}],"InvalidParameters":[]})") ==
        Presence::there);
  CHECK(presence(R"({"Parameters":[],"InvalidParam)") == Presence::unknown);
  CHECK(presence("{}") == Presence::unknown);
}

TEST_CASE("no key comes back, whatever AWS repeats") {
  const AwsKeys keys{"AKIDPLANTED", "secret/of+planted=key", "token/of+planted=session"};
  const std::string body =
      R"({"__type":"InvalidSignatureException","message":"AKIDPLANTED secret/of+planted=key is wrong. )"
      R"(The Canonical String for this request should have been 'x-amz-security-token:token/of+planted=session'"})";
  const auto seen = read_call_reply(reply_of(403, body), call_of(kSecret), keys);
  CHECK(seen.message == "… … is wrong.");
  HttpReply echo = reply_of(403, "");
  echo.headers = {"x-amzn-ErrorType: " + keys.session_token, "x-amzn-RequestId: " + keys.secret_access_key};
  const auto echoed = read_call_reply(echo, call_of(kSecret), keys);
  CHECK((echoed.error + echoed.request_id).find("planted") == std::string::npos);
  for (const std::string& secret : {keys.access_key_id, keys.secret_access_key, keys.session_token})
    CHECK(seen.message.find(secret) == std::string::npos);
}

TEST_CASE("AWS's sentence stays whole where the keys are stand-ins") {
  const std::string said = "Secrets Manager can't find the specified secret.";
  const std::string body = R"({"__type":"ResourceNotFoundException","Message":")" + said + R"("})";
  for (const AwsKeys& keys : {AwsKeys{"AKIDSTANDIN", "secret", ""}, AwsKeys{"test", "test", "token"},
                              AwsKeys{"AKIDSTANDIN", "x", "s"}})
    CHECK(read_call_reply(reply_of(400, body), call_of(kSecret), keys).message == said);
}

TEST_CASE("a call that got no answer says why") {
  HttpReply reply;
  reply.error = "Timeout was reached";
  reply.failure = HttpFailure::timeout;
  const auto seen = read_call_reply(reply, call_of(kSecret, "app/db"), {});
  CHECK(seen.status == CallStatus::timeout);
  CHECK(seen.object == "app/db");
  CHECK(seen.peer.to_string() == "10.0.1.10:443");
  CHECK_FALSE(seen.allowed);
}

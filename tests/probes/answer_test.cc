#include "probes/answer.h"

#include "catch.h"
#include "version.h"

using namespace vpcprobe;
using State = AnswerHead::State;

TEST_CASE("a head may come in any pieces") {
  const std::string text =
      "HTTP/1.1 307 Temporary Redirect\r\nX-Amz-Request-Id: ABC\r\nServer: AmazonS3\r\n\r\nbody";
  for (std::size_t size = 1; size < text.size(); ++size) {
    AnswerHead head;
    State state = State::more;
    for (std::size_t at = 0; at < text.size() && state == State::more; at += size)
      state = head.feed(std::string_view(text).substr(at, size));
    REQUIRE(state == State::complete);
    const HttpObservation seen = head.read({});
    REQUIRE(seen.status == HttpStatus::aws);
    REQUIRE(seen.code == 307);
    REQUIRE(seen.request_id == "ABC");
    REQUIRE(seen.server == "AmazonS3");
  }
}

TEST_CASE("what is not an HTTP/1 head is said as soon as it is known") {
  for (const char* wrong : {"H2", "SSH-2.0", "\r\n", "http/1.1 200", "HTTP/2 200\r\n\r\n",
                            "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 20\r\n\r\n", "HTTP/1.1  20\r\n\r\n"})
    CHECK(AnswerHead().feed(wrong) == State::not_http);
  CHECK(AnswerHead().feed("HTTP/1.1 200 OK\r\n") == State::more);
  CHECK(AnswerHead().feed("HTTP/1.0 200\n\n") == State::complete);
}

TEST_CASE("only AWS's own headers prove AWS") {
  struct Row {
    const char* header;
    HttpStatus status;
  };
  const Row rows[] = {{"x-amzn-RequestId: 1", HttpStatus::aws},
                      {"x-amz-id-2: 1", HttpStatus::aws},
                      {"x-amz-apigw-id: 1", HttpStatus::aws},
                      {"Docker-Distribution-Api-Version: registry/2.0", HttpStatus::aws},
                      {"x-request-id: 1", HttpStatus::not_aws},
                      {"Via: x-amzn-requestid", HttpStatus::not_aws},
                      {"Server: squid/5.7", HttpStatus::not_aws}};
  for (const Row& row : rows) {
    AnswerHead head;
    REQUIRE(head.feed("HTTP/1.1 403 No\r\n" + std::string(row.header) + "\r\n\r\n") == State::complete);
    CHECK(to_string(head.read({}).status) == to_string(row.status));
  }
}

TEST_CASE("control characters in a header value do not survive") {
  AnswerHead head;
  REQUIRE(head.feed("HTTP/1.1 200 OK\r\nServer: a\x1b[31mb\r\n\r\n") == State::complete);
  CHECK(head.read({}).server == "a[31mb");
}

TEST_CASE("the clock is compared with the Date header") {
  const auto date = parse_http_date("Mon, 23 Nov 2026 22:31:00 GMT");
  REQUIRE(date);
  AnswerHead head;
  head.feed("HTTP/1.1 200 OK\r\nDate: Mon, 23 Nov 2026 22:31:00 GMT\r\n\r\n");
  CHECK(head.read(*date - std::chrono::minutes(7)).clock_offset == std::chrono::seconds(420));
  for (const char* wrong :
       {"", "yesterday", "Mon, 23 Nov 2026 22:31:00 CET", "Mon, 23 Nov 2026 22:31:00 GMT+1",
        "Mon, 23 Nov 4052 22:31:00 GMT", "Mon, 23 Nov 1026 22:31:00 GMT", "Mon, 23 Nov 2200 22:31:00 GMT"})
    CHECK_FALSE(parse_http_date(wrong));
}

TEST_CASE("the question is one complete request") {
  CHECK(question("GET", "/v2/", "h.example") ==
        "GET /v2/ HTTP/1.1\r\nHost: h.example\r\nUser-Agent: vpc-probe/" VPC_PROBE_VERSION
        "\r\nAccept: */*\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  CHECK(question("OPTIONS", "/", "h").find("Access-Control-Request-Method: POST") != std::string::npos);
}

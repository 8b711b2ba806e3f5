#include "agent/base/redact.h"

#include "catch.h"

using namespace vpcprobe;

TEST_CASE("a sentence keeps its nouns") {
  for (const char* sentence : {
           "Secrets Manager can't find the specified secret.",
           "no basic auth credentials",
           "unauthorized: Basic authentication required",
           "The bearer token is expired",
           "The SessionToken is not valid for this region",
           "Missing required header for this request: x-amz-content-sha256",
           "AWS authentication requires a valid Date or x-amz-date header",
           "The security token included in the request is invalid.",
           "Your authorization token has expired. Reauthenticate and try again.",
           "incorrect username or password",
           "The SecretAccessKey does not match the access key id",
       })
    CHECK(without_secrets(sentence, 4096) == sentence);
}

TEST_CASE("a value behind its name goes, whatever joins them") {
  CHECK(without_secrets("\"SessionToken\" : \"IQoJb3\", next", 4096) == "\"SessionToken\" : \"…\", next");
  CHECK(without_secrets("aws_session_token=IQoJb3 next", 4096) == "aws_session_token=… next");
  CHECK(without_secrets("SecretAccessKey: wJalr next", 4096) == "SecretAccessKey: … next");
  CHECK(without_secrets("SecretAccessKey wJalrXUtnFEMI7K7MDENG next", 4096) == "SecretAccessKey … next");
  CHECK(without_secrets("X-Amz-Signature=abc", 4096) == "X-Amz-Signature=…");
  CHECK(without_secrets("Authorization: Bearer eyJhbGciOi.x.y, retry", 4096) ==
        "Authorization: Bearer …, retry");
  CHECK(without_secrets("Basic dG9rZW4=", 4096) == "Basic …");
  CHECK(without_secrets("password=secret token=token", 4096) == "password=… token=…");
}

TEST_CASE("a value goes wherever it stands, a noun stays") {
  const std::string sentence = "can't find the specified secret by this token: wrong password or key";
  for (const char* stand_in : {"secret", "Secret", "token", "password", "key", ""})
    CHECK(without(sentence, stand_in) == sentence);
  CHECK(without("echo hunter2!", "hunter2") == "echo …!");
  CHECK(without("example of x in a box", "x") == "example of … in a box");
  CHECK(without("a/lab-secret-of-the-sink/b", "lab-secret-of-the-sink") == "a/…/b");
  CHECK(without("xwJalrXUtnFEMI/K7MDENGx", "wJalrXUtnFEMI/K7MDENG") == "x…x");
}

TEST_CASE("a safe line is one line without secrets and controls") {
  CHECK(safe_line("it failed:\n\tpassword=hunter2\x1b[2J", 4096) == "it failed:  password=…");
  CHECK(safe_line("it failed\x1b[2J", 4096) == "it failed\uFFFD[2J");
  CHECK(safe_line("0123456789", 4) == "0123 …");
}

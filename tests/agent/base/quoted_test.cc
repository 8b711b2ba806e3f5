#include "agent/base/quoted.h"

#include "catch.h"

using vpcprobe::in_quotes;

TEST_CASE("what is quoted is one harmless line without passwords") {
  CHECK(in_quotes("s3") == "\"s3\"");
  CHECK(in_quotes("a\"b\\\n\x1b") == "\"a\\x22b\\x5c\\x0a\\x1b\"");
  CHECK(in_quotes("https://user:s3cr3t@host/path") == "\"https://...@host/path\"");
  CHECK(in_quotes("user:s3cr3t@host:443") == "\"...@host:443\"");
  CHECK(in_quotes("https://user:p@ss@host/a@b") == "\"https://...@host/a@b\"");
  CHECK(in_quotes("app:1@sha256:0123") == "\"app:1@sha256:0123\"");
  CHECK(in_quotes("registry.example.com:5000/app@sha256:0123") ==
        "\"registry.example.com:5000/app@sha256:0123\"");
  CHECK(in_quotes(std::string(90, 'x')) == "\"" + std::string(80, 'x') + "...\"");
}

#include "probes/base64.h"

#include "catch.h"

using vpcprobe::decode_base64;
using vpcprobe::encode_base64;

TEST_CASE("base64 is decoded, with and without padding") {
  CHECK(decode_base64("QVdTOnNlY3JldA==") == "AWS:secret");
  CHECK(decode_base64("QVdTOnNlY3JldDE=") == "AWS:secret1");
  CHECK(decode_base64("QVdTOnNlY3JldDEy") == "AWS:secret12");
}

TEST_CASE("what is not base64 decodes to nothing") {
  for (const char* text : {"", "A", "QVdT=", "????", "QVdTOnNlY3JldA"}) {
    INFO(text);
    CHECK(decode_base64(text).empty());
  }
}

TEST_CASE("base64 is written with padding, and read back as it was") {
  CHECK(encode_base64("AWS:secret") == "QVdTOnNlY3JldA==");
  CHECK(encode_base64("").empty());
  std::string bytes;
  for (int i = 0; i < 1000; ++i) bytes += static_cast<char>(i * 7);
  CHECK(decode_base64(encode_base64(bytes)) == bytes);
}

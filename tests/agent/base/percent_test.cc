#include "agent/base/percent.h"

#include "catch.h"

using vpcprobe::percent_encoded;

TEST_CASE("what RFC 3986 reserves is encoded") {
  CHECK(percent_encoded("aZ09-._~") == "aZ09-._~");
  CHECK(percent_encoded("a b/c:d+e*%") == "a%20b%2Fc%3Ad%2Be%2A%25");
  CHECK(percent_encoded("a b/c:d", "/") == "a%20b/c%3Ad");
  CHECK(percent_encoded("é\xff\n") == "%C3%A9%FF%0A");
  CHECK(percent_encoded(std::string_view("\0", 1)) == "%00");
  CHECK(percent_encoded("").empty());
}

#include "agent/diagnosis/words.h"

#include "catch.h"

using namespace vpcprobe;

TEST_CASE("outcomes of a question read as DNS calls them") {
  CHECK(dns_words(DnsStatus::not_found) == "NXDOMAIN");
  CHECK(dns_words(DnsStatus::no_data) == "NODATA");
  CHECK(dns_words(DnsStatus::server_failure) == "SERVFAIL");
  CHECK(dns_words(DnsStatus::timeout) == "no answer");
  CHECK(dns_words(DnsStatus::cancelled) == "not asked");
}

TEST_CASE("lists and counts read as sentences") {
  CHECK(enumerate({"a"}) == "a");
  CHECK(enumerate({"a", "b"}) == "a and b");
  CHECK(enumerate({"a", "b", "c"}) == "a, b and c");
  CHECK(enumerate({"a", "b", "c", "d"}, 2) == "a, b and 2 more");
  CHECK(count_words(1, "endpoint") == "1 endpoint");
  CHECK(count_words(0, "endpoint") == "0 endpoints");
}

TEST_CASE("times keep what a person can use") {
  using std::chrono::microseconds;
  CHECK(duration_words(microseconds(412)) == "0.4 ms");
  CHECK(duration_words(microseconds(12345)) == "12 ms");
  CHECK(duration_words(microseconds(3012345)) == "3.0 s");
}

#include "agent/base/digest.h"

#include "catch.h"

using vpcprobe::digest_of;

TEST_CASE("a digest is FNV-1a, with its leading zeros") {
  // Of the authors' test vectors.
  CHECK(digest_of("") == "cbf29ce484222325");
  CHECK(digest_of("a") == "af63dc4c8601ec8c");
  CHECK(digest_of("foobar") == "85944171f73967e8");
  CHECK(digest_of(std::string_view("\0", 1)) == "af63bd4c8601b7df");
  CHECK(digest_of("77kepQFQ8Kl") == "0000000000000000");
}

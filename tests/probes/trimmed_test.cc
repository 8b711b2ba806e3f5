#include "probes/trimmed.h"

#include "catch.h"

using vpcprobe::trimmed;

TEST_CASE("blanks go at both ends, and stay within") {
  CHECK(trimmed(" \ta b\t ", " \t") == "a b");
  CHECK(trimmed("a\r\n", " \r") == "a\r\n");
  CHECK(trimmed(" \t", " \t").empty());
  CHECK(trimmed("", " ").empty());
  CHECK(trimmed(" a ", "") == " a ");
}

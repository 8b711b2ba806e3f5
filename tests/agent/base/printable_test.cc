#include "agent/base/printable.h"

#include "catch.h"

using namespace vpcprobe;

TEST_CASE("only well-formed UTF-8 is decoded") {
  CHECK(decode_utf8("\xe2\x82\xac").character == 0x20ac);
  CHECK(decode_utf8("\xf0\x9f\x98\x80").length == 4);
  for (const char* broken :
       {"\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf0\x80\x80\x80",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xe2\x82", "\xc3"}) {
    CHECK_FALSE(decode_utf8(broken).valid);
    CHECK(decode_utf8(broken).length == 1);
  }
}

TEST_CASE("what acts on a terminal does not get through") {
  CHECK(printable("a\x1b[2Jb", true) == "a\xef\xbf\xbd[2Jb");
  CHECK(printable("a\nb\tc\rd", true) == "a b c d");
  CHECK(printable("\xc2\x9b\xe2\x80\xae\xe2\x80\x8b\x7f", false) == "????");
  CHECK(printable("\xff\xfe", true) == "\xef\xbf\xbd\xef\xbf\xbd");
  CHECK(printable("日本 é", true) == "日本 é");
}

TEST_CASE("without UTF-8 signs have plain stand-ins") {
  CHECK(printable("a … b – c · d ✓ ✗ → é", false) == "a ... b - c - d v x -> ?");
}

TEST_CASE("columns are those of a terminal") {
  CHECK(columns("abc") == 3);
  CHECK(columns("…–·✓") == 4);
  CHECK(columns("日本") == 4);
  CHECK(columns("e\xcc\x81") == 1);
  CHECK(columns("😀") == 2);
}

#include "agent/base/parse_time.h"

#include "catch.h"

using namespace vpcprobe;

namespace {

/// Since 1970.
std::optional<std::int64_t> milliseconds_of(std::string_view text) {
  const auto time = parse_time(text);
  if (!time) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::milliseconds>(time->time_since_epoch()).count();
}

}  // namespace

TEST_CASE("a time is read in each form that AWS writes") {
  CHECK(milliseconds_of("1970-01-01T00:00:00Z") == 0);
  CHECK(milliseconds_of("2026-11-27T08:40:00Z") == 1795768800'000);
  CHECK(milliseconds_of("2026-11-27T08:40:00.5Z") == 1795768800'500);
  CHECK(milliseconds_of("2026-11-27T08:40:00.123Z") == 1795768800'123);
  CHECK(milliseconds_of("2026-11-27T08:40:00.123999+00:00") == 1795768800'123);
  CHECK(milliseconds_of("2026-11-27T08:40:00+00:00") == 1795768800'000);
  CHECK(milliseconds_of("2026-11-27T09:40:00.25+01:00") == 1795768800'250);
  CHECK(milliseconds_of("2026-11-27T04:10:00-04:30") == 1795768800'000);
  CHECK(milliseconds_of("1795768800") == 1795768800'000);
  CHECK(milliseconds_of("1795768800.123") == 1795768800'123);
  CHECK(milliseconds_of("1.7957688E9") == 1795768800'000);
  CHECK(milliseconds_of("2261-12-31T23:59:59Z"));
  CHECK(milliseconds_of("1678-01-01T00:00:00Z"));
}

TEST_CASE("what is no time, or too far away, is none") {
  for (const std::string_view text : {"",
                                      "soon",
                                      "2026-11-27",
                                      "2026-11-27T08:40Z",
                                      "2026-11-27T08:40:00",
                                      "2026-11-27T08:40:00.Z",
                                      "2026-11-27T08:40:00Zx",
                                      "2026-11-27T08:40:00 Z",
                                      "2026-11-27T08:40:00+0100",
                                      "2026-11-27T08:40:00+01:00x",
                                      "2026-11-27T08:40:00+1:000",
                                      "2026-13-27T08:40:00Z",
                                      "9999-12-31T23:59:59Z",
                                      "2263-01-01T00:00:00Z",
                                      "0001-01-01T00:00:00Z",
                                      "1e300",
                                      "-1e300",
                                      "nan",
                                      "inf",
                                      "1795768800s",
                                      " 1795768800",
                                      "0x10"}) {
    INFO(text);
    CHECK_FALSE(parse_time(text));
  }
  CHECK_FALSE(parse_time("1" + std::string(100, '0')));
  CHECK_FALSE(parse_time(std::string_view("2026-11-27T08:40:00Z\0", 21)));
}

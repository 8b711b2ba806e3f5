#include "probes/dns_pace.h"

#include "catch.h"

using namespace vpcprobe;
using namespace std::chrono_literals;

namespace {

const DnsPace::TimePoint kStart{1000h};

}  // namespace

TEST_CASE("as many DNS packets as allowed go out at once, the next after a second") {
  DnsPace pace(3);
  for (int i = 0; i < 3; ++i) CHECK(pace.take(kStart) == kStart);
  CHECK(pace.next(kStart + 100ms) == kStart + 1s);
  CHECK(pace.take(kStart + 100ms) == kStart + 1s);
  CHECK(pace.take(kStart + 2s) == kStart + 2s);
}

TEST_CASE("no second has more DNS packets than allowed, whenever they are wanted") {
  DnsPace pace(10);
  std::vector<DnsPace::TimePoint> sent;
  for (int i = 0; i < 200; ++i) sent.push_back(pace.take(kStart + 7ms * i));
  for (std::size_t i = 10; i < sent.size(); ++i) REQUIRE(sent[i] - sent[i - 10] >= 1s);
}

TEST_CASE(
    "a run stays below Amazon's limit, with both types of 64 names at two resolvers asked three times") {
  CHECK(DnsPace::kMostInSecond < 1024);
  CHECK(DnsPace::kMostInSecond >= 64 * 2 * 2 * 3);
}

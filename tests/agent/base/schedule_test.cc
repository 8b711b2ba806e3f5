#include "agent/base/schedule.h"

#include <algorithm>
#include <set>
#include <vector>

#include "catch.h"

using namespace vpcprobe;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

TEST_CASE("a pause doubles from one second to thirty and loses at most a half to jitter") {
  const std::vector<milliseconds> whole = {1s, 2s, 4s, 8s, 16s, 30s, 30s, 30s};
  for (unsigned round = 0; round < whole.size(); ++round) {
    INFO("round " << round);
    CHECK(pause_before_retry(round, 1h, 3s, 0.0) == whole[round]);
    CHECK(pause_before_retry(round, 1h, 3s, 0.5) == whole[round] * 3 / 4);
    CHECK(pause_before_retry(round, 1h, 3s, 0.999999) >= whole[round] / 2);
  }
  CHECK(pause_before_retry(4'000'000'000U, 1h, 3s, 0.0) == milliseconds(30s));
}

TEST_CASE("the last pause leaves time for one more round, and none is begun that would not end") {
  CHECK(pause_before_retry(5, 13s, 3s, 0.0) == milliseconds(10s));
  CHECK(pause_before_retry(5, 3001ms, 3s, 0.0) == milliseconds(1));
  CHECK(pause_before_retry(5, 3s, 3s, 0.0) == std::nullopt);
  CHECK(pause_before_retry(5, -1s, 3s, 0.0) == std::nullopt);
}

TEST_CASE("waiting five minutes takes the rounds that the schedule gives") {
  Jitter jitter(7);
  milliseconds clock{0};
  unsigned rounds = 0;
  for (;; ++rounds) {
    clock += 3s;  // a round with a silent peer
    const auto pause = pause_before_retry(rounds, 5min - clock, 3s, jitter.next());
    if (!pause) break;
    clock += *pause;
  }
  CHECK(clock <= 5min);
  CHECK(clock > 5min - 4s);
  CHECK(rounds >= 12);
  CHECK(rounds <= 20);
}

TEST_CASE("jitter is the same for the same seed and spreads over its range") {
  Jitter one(42);
  Jitter same(42);
  Jitter other(43);
  bool differs = false;
  std::vector<int> tenths(10, 0);
  for (int i = 0; i < 10'000; ++i) {
    const double drawn = one.next();
    CHECK(drawn == same.next());
    differs = differs || drawn != other.next();
    REQUIRE(drawn >= 0.0);
    REQUIRE(drawn < 1.0);
    ++tenths[static_cast<std::size_t>(drawn * 10)];
  }
  CHECK(differs);
  CHECK(*std::min_element(tenths.begin(), tenths.end()) > 900);
  CHECK(Jitter(0).next() == Jitter(1).next());
  CHECK(random_seed() != random_seed());
}

TEST_CASE("beats stand apart by the interval and a long round leaves out those it ran over") {
  const milliseconds every = 60s;
  const milliseconds phase = phase_of_watch(every, 0.25);
  CHECK(phase == milliseconds(45s));
  CHECK(next_beat(2s, every, phase) == milliseconds(45s));
  CHECK(next_beat(47s, every, phase) == milliseconds(105s));
  CHECK(next_beat(105s, every, phase) == milliseconds(105s));
  CHECK(next_beat(105001ms, every, phase) == milliseconds(165s));
  CHECK(next_beat(400s, every, phase) == milliseconds(405s));  // six rounds late: none is made up for
}

TEST_CASE("twenty thousand rounds never overlap and keep their beat") {
  const milliseconds every = 1s;
  Jitter jitter(3);
  const milliseconds phase = phase_of_watch(every, jitter.next());
  milliseconds over{0};
  for (int round = 0; round < 20'000; ++round) {
    const milliseconds start = next_beat(over, every, phase);
    REQUIRE(start >= over);
    REQUIRE((start - phase) % every == milliseconds(0));
    REQUIRE(start - over <= std::max(every, phase));
    over = start + milliseconds(1 + static_cast<int>(jitter.next() * 3000));
  }
}

TEST_CASE("a fleet that starts at once spreads over the interval") {
  std::set<milliseconds> beats;
  for (std::uint64_t seed = 1; seed <= 100; ++seed)
    beats.insert(phase_of_watch(60s, Jitter(seed * 0x9E3779B97F4A7C15ULL).next()));
  CHECK(beats.size() == 100);
  CHECK(*beats.begin() >= milliseconds(30s));
  CHECK(*beats.begin() < milliseconds(34s));
  CHECK(*beats.rbegin() < milliseconds(90s));
  CHECK(*beats.rbegin() > milliseconds(86s));
}

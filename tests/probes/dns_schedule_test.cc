#include "probes/dns_schedule.h"

#include "catch.h"

using namespace vpcprobe;
using namespace std::chrono_literals;

namespace {

const DnsPace::TimePoint kStart{1000h};

/// When a question without an answer is sent, and whether with EDNS.
std::vector<std::pair<std::chrono::milliseconds, bool>> packets(DnsPace& pace,
                                                                std::chrono::milliseconds timeout) {
  std::vector<std::pair<std::chrono::milliseconds, bool>> sent;
  const auto end = kStart + timeout;
  DnsSchedule schedule(pace, pace.take(kStart), end);
  for (auto now = kStart; now < end; now = schedule.next()) {
    if (schedule.is_turn(now))
      sent.emplace_back(std::chrono::duration_cast<std::chrono::milliseconds>(now - kStart), schedule.take());
  }
  return sent;
}

}  // namespace

TEST_CASE("a DNS question is sent again after 150 ms, and without EDNS after a second") {
  DnsPace pace;
  using Packets = std::vector<std::pair<std::chrono::milliseconds, bool>>;
  CHECK(packets(pace, 3s) ==
        Packets{{0ms, true}, {150ms, true}, {500ms, true}, {1000ms, false}, {2000ms, false}});
  CHECK(packets(pace, 300ms) == Packets{{0ms, true}, {150ms, true}});
}

TEST_CASE("a repeated DNS question waits for its turn, or is not sent where there is none before the end") {
  DnsPace pace(2);
  using Packets = std::vector<std::pair<std::chrono::milliseconds, bool>>;
  CHECK(packets(pace, 1500ms) == Packets{{0ms, true}, {150ms, true}, {1000ms, true}, {1150ms, false}});
  DnsPace full(1);
  CHECK(packets(full, 900ms) == Packets{{0ms, true}});
}

TEST_CASE("a server that refuses EDNS is asked again at once") {
  DnsPace pace;
  DnsSchedule schedule(pace, pace.take(kStart), kStart + 3s);
  CHECK(schedule.is_turn(kStart));
  CHECK(schedule.take());
  CHECK_FALSE(schedule.is_turn(kStart + 10ms));
  schedule.hurry(kStart + 10ms);
  CHECK(schedule.is_turn(kStart + 10ms));
  CHECK(schedule.sent() == 1);
}

#include "probes/syn_schedule.h"

#include <array>

#include "catch.h"

using namespace vpcprobe;
using namespace std::chrono_literals;

namespace {

constexpr std::array kAgain{200ms, 450ms, 750ms};
const SynSchedule kThreeMore{kAgain, 1150ms, 1500ms};

}  // namespace

TEST_CASE("silence is believed after ten times the slowest answer of the others") {
  const SynSchedule schedule{{}, 330ms};
  CHECK(believed_after(schedule, 1500ms, 1ms) == 330ms);
  CHECK(believed_after(schedule, 1500ms, 50ms) == 500ms);
  CHECK(believed_after(schedule, 1500ms, 200ms) == 1500ms);  // never longer than the time-out
  CHECK(believed_after(schedule, 100ms, 1ms) == 100ms);
}

TEST_CASE("silence is waited for to the end where nothing else answers") {
  CHECK(believed_after(kThreeMore, 3s, std::nullopt) == 3s);
}

TEST_CASE("the slowest answer counts") {
  SynAnswers answers;
  CHECK_FALSE(answers.slowest());
  answers.add(2ms);
  answers.add(30ms);
  answers.add(1ms);
  CHECK(answers.slowest() == std::optional<std::chrono::microseconds>(30ms));
}

TEST_CASE("the last SYN waits where silence is waited for longer") {
  for (const auto believed : {1150ms, 3000ms}) {
    CHECK(turn_of(kThreeMore, 0, believed) == 0ms);
    CHECK(turn_of(kThreeMore, 1, believed) == 200ms);
    CHECK(turn_of(kThreeMore, 2, believed) == 450ms);
    CHECK_FALSE(turn_of(kThreeMore, 4, believed));
  }
  CHECK(turn_of(kThreeMore, 3, 1150ms) == 750ms);
  CHECK(turn_of(kThreeMore, 3, 3000ms) == 1500ms);
}

TEST_CASE("an endpoint gets at most three SYNs more, a control one, a resolver the kernel's alone") {
  CHECK(turn_of(kEndpointSyns, 3, 3s));
  CHECK_FALSE(turn_of(kEndpointSyns, 4, 3s));
  CHECK(turn_of(kControlSyns, 1, 3s) == 100ms);
  CHECK_FALSE(turn_of(kControlSyns, 2, 3s));
  CHECK_FALSE(turn_of(kKernelSyns, 1, 3s));
}

TEST_CASE("all SYNs are out, and may be answered, before a silence is believed") {
  for (const SynSchedule* schedule : {&kEndpointSyns, &kControlSyns}) {
    const auto believed = believed_after(*schedule, 3s, 0us);
    CHECK(*turn_of(*schedule, static_cast<std::uint32_t>(schedule->again.size()), believed) + 240ms <=
          believed);
  }
}

TEST_CASE("an answer to the first SYN after the second went out shows no loss") {
  CHECK(lost_syns(0, 2, 0) == 0);
  CHECK(lost_syns(1, 2, 0) == 1);
  CHECK(lost_syns(0, 3, 1) == 3);  // three sockets, and the kernel sent the first SYN again
  CHECK(lost_syns(3, 4, 1) == 4);
  CHECK(lost_syns(0, 1, 1) == 1);
}

#include "probes/syn_schedule.h"

#include <array>

namespace vpcprobe {
namespace {

using std::chrono::milliseconds;

constexpr std::array kEndpointAgain{milliseconds{200}, milliseconds{450}, milliseconds{750}};
constexpr std::array kControlAgain{milliseconds{100}};

// The kernel's second SYN goes out after 1 s, up to 30 ms late, and has 115 ms for an answer: a tenth of
// this.
constexpr milliseconds kEndpointLeast{1150};

// The first SYN has 340 ms for an answer, the second 240 ms.
constexpr milliseconds kControlLeast{340};

constexpr milliseconds kLastOfLong{1500};

// What answers at all answers in a tenth of the time that the others are given.
constexpr int kTimesSlowest = 10;

}  // namespace

const SynSchedule kEndpointSyns{kEndpointAgain, kEndpointLeast, kLastOfLong};
const SynSchedule kControlSyns{kControlAgain, kControlLeast, kControlAgain.back()};
const SynSchedule kKernelSyns{};

milliseconds believed_after(const SynSchedule& schedule, milliseconds timeout,
                            std::optional<std::chrono::microseconds> slowest_answer) {
  if (!slowest_answer) return timeout;
  const auto others = std::chrono::ceil<milliseconds>(*slowest_answer * kTimesSlowest);
  return std::min(timeout, std::max(schedule.least, others));
}

std::optional<milliseconds> turn_of(const SynSchedule& schedule, std::uint32_t number,
                                    milliseconds believed) {
  if (number == 0) return milliseconds{0};
  if (number > schedule.again.size()) return std::nullopt;
  const bool is_last = number == schedule.again.size();
  return is_last && believed > schedule.last_of_long ? schedule.last_of_long : schedule.again[number - 1];
}

std::uint32_t lost_syns(std::uint32_t winner, std::uint32_t opened, std::uint32_t repeated) {
  if (winner > 0) return winner + repeated;
  return repeated > 0 ? opened - 1 + repeated : 0;
}

}  // namespace vpcprobe

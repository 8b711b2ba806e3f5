#pragma once
// When the next round begins: pure functions of clock readings and of numbers that somebody drew.
#include <chrono>
#include <cstdint>
#include <optional>

namespace vpcprobe {

/// Numbers for jitter, the same for the same seed on every machine (xorshift64*: no secret depends on them).
class Jitter {
 public:
  explicit Jitter(std::uint64_t seed) : state_(seed == 0 ? 1 : seed) {}
  double next();  ///< in [0, 1)

 private:
  std::uint64_t state_;
};

/// A seed that differs from task to task.
std::uint64_t random_seed();

/// `wait`: how long to pause after round `round` (0, 1, …) failed, with `left` until time is up: 1 s, doubled
/// each time up to 30 s, of which `drawn` in [0, 1) takes away up to a half. Shortened so that one more round
/// of length `reserve` still fits; nothing where none does.
std::optional<std::chrono::milliseconds> pause_before_retry(unsigned round, std::chrono::milliseconds left,
                                                            std::chrono::milliseconds reserve, double drawn);

/// `watch`: where in the cycle this process has its rounds, by `drawn` in [0, 1): the first round begins at
/// once, the second between half an `every` and one and a half after it. So a fleet that was started at once
/// does not beat together.
std::chrono::milliseconds phase_of_watch(std::chrono::milliseconds every, double drawn);

/// When the next round begins, counted from the start of the first, if the last one was over at `now`. Rounds
/// stand `every` apart and never overlap: the beats that a long round ran over are left out.
std::chrono::milliseconds next_beat(std::chrono::milliseconds now, std::chrono::milliseconds every,
                                    std::chrono::milliseconds phase);

}  // namespace vpcprobe

#pragma once
// When the next round begins: pure functions of clock readings and random numbers.
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

/// `wait`: the pause after round `round` (0, 1, …) failed, with `left` until time is up: 1 s, doubled each
/// time up to 30 s, minus up to a half by `drawn` in [0, 1). Shortened so that one more round of length
/// `reserve` still fits; nothing if none fits.
std::optional<std::chrono::milliseconds> pause_before_retry(unsigned round, std::chrono::milliseconds left,
                                                            std::chrono::milliseconds reserve, double drawn);

/// `watch`: the phase of this process's rounds, by `drawn` in [0, 1). The first round begins at once, the
/// second 0.5 to 1.5 `every` after it, so that processes which start together do not probe together.
std::chrono::milliseconds phase_of_watch(std::chrono::milliseconds every, double drawn);

/// When the next round begins, counted from the start of the first, if the last one ended at `now`. Rounds
/// are `every` apart and never overlap: start times that fall into a long round are skipped.
std::chrono::milliseconds next_beat(std::chrono::milliseconds now, std::chrono::milliseconds every,
                                    std::chrono::milliseconds phase);

}  // namespace vpcprobe

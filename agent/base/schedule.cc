#include "agent/base/schedule.h"

#include <algorithm>
#include <random>

namespace vpcprobe {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{1000};
constexpr milliseconds kLongestPause{30'000};
constexpr unsigned kMostDoublings = 5;  // 32 s: beyond the longest pause

milliseconds part_of(milliseconds whole, double share) {
  return milliseconds(static_cast<std::int64_t>(static_cast<double>(whole.count()) * share));
}

}  // namespace

// Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled" (2016).
double Jitter::next() {
  state_ ^= state_ >> 12U;
  state_ ^= state_ << 25U;
  state_ ^= state_ >> 27U;
  constexpr std::uint64_t multiplier = 0x2545F4914F6CDD1DULL;
  constexpr double scale = 1.0 / 9007199254740992.0;  // 2^53: as many bits as a double keeps
  return static_cast<double>((state_ * multiplier) >> 11U) * scale;
}

std::uint64_t random_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

std::optional<milliseconds> pause_before_retry(unsigned round, milliseconds left, milliseconds reserve,
                                               double drawn) {
  if (left <= reserve) return std::nullopt;
  const milliseconds whole = std::min(kFirstPause * (1U << std::min(round, kMostDoublings)), kLongestPause);
  return std::min(whole - part_of(whole, drawn / 2), left - reserve);
}

milliseconds phase_of_watch(milliseconds every, double drawn) { return part_of(every, 0.5 + drawn); }

milliseconds next_beat(milliseconds now, milliseconds every, milliseconds phase) {
  if (now <= phase) return phase;
  const auto beats = (now - phase + every - milliseconds(1)) / every;
  return phase + beats * every;
}

}  // namespace vpcprobe

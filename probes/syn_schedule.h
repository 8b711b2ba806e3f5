#pragma once
// When SYNs go out to one address, and how long its silence is waited for. Pure arithmetic, no clock: all
// times are since the first SYN.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>

namespace vpcprobe {

/// The kernel sends the SYN of a socket again after 1 s and 3 s (RFC 6298, Linux). An application waits for
/// that; a probe asks sooner, each time with one SYN from one more socket.
struct SynSchedule {
  std::span<const std::chrono::milliseconds> again;  ///< when further SYNs go out; ascending
  std::chrono::milliseconds least{0};                ///< a shorter silence is never believed
  /// When the last of `again` goes out where silence is waited for longer than that: it then outlives a loss
  /// of all packets for a second.
  std::chrono::milliseconds last_of_long{0};
};

/// Of an endpoint's address: three SYNs more.
extern const SynSchedule kEndpointSyns;
/// Of a control, which is S3 of another region, some 150 to 250 ms away: one SYN more.
extern const SynSchedule kControlSyns;
/// The kernel's SYNs alone.
extern const SynSchedule kKernelSyns;

/// A socket of a further SYN is closed before the kernel sends its SYN again.
inline constexpr std::chrono::milliseconds kOneSyn{950};

/// What the other addresses of a run said so far: how long the slowest answer to a SYN took, from the first
/// SYN on. Losses count by that: an answer that came to a later SYN is a slow one.
class SynAnswers {
 public:
  void add(std::chrono::microseconds took) { slowest_ = std::max(slowest_.value_or(took), took); }
  std::optional<std::chrono::microseconds> slowest() const { return slowest_; }

 private:
  std::optional<std::chrono::microseconds> slowest_;
};

/// How long silence must last to be believed: ten times as long as the slowest answer of the others took, and
/// `least` at least; where none answers, the whole `timeout`, which is never exceeded.
std::chrono::milliseconds believed_after(const SynSchedule& schedule, std::chrono::milliseconds timeout,
                                         std::optional<std::chrono::microseconds> slowest_answer);

/// When the SYN with this number goes out (0: the first), where silence is believed after `believed`; nothing
/// where there is no such SYN.
std::optional<std::chrono::milliseconds> turn_of(const SynSchedule& schedule, std::uint32_t number,
                                                 std::chrono::milliseconds believed);

/// How many SYNs found no answer before one did. `winner` is the number of the SYN whose socket is connected,
/// `opened` how many sockets were opened till then, `repeated` how often the kernel sent the first SYN again.
/// Where the first SYN is answered after the next went out, nothing was lost.
std::uint32_t lost_syns(std::uint32_t winner, std::uint32_t opened, std::uint32_t repeated);

}  // namespace vpcprobe

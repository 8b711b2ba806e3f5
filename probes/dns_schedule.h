#pragma once
// When the packets of one DNS question go out, and in which form.
#include <cstddef>
#include <optional>

#include "probes/dns_pace.h"

namespace vpcprobe {

/// A question is sent again after 150 ms, as its packet or the answer may be lost; later without EDNS, as the
/// server or a firewall before it may drop what has EDNS (RFC 6891 section 6.2.5). Many questions at once go
/// out later, as the pace says. Pure: the caller says what time it is.
class DnsSchedule {
 public:
  using TimePoint = DnsPace::TimePoint;

  /// The first packet has its turn at `begun`; nothing goes out from `end` on.
  DnsSchedule(DnsPace& pace, TimePoint begun, TimePoint end)
      : pace_(pace), begun_(begun), end_(end), due_(begun), turn_(begun) {}

  std::size_t sent() const { return sent_; }
  /// When to ask `is_turn` again; `end` where nothing is left to be sent.
  TimePoint next() const;
  /// The server refuses EDNS: the next packet is due now.
  void hurry(TimePoint now);
  /// True where a packet goes out now. The caller then calls `take`.
  bool is_turn(TimePoint now);
  /// Counts that packet; true where its form is the one with EDNS.
  bool take();

 private:
  DnsPace& pace_;
  TimePoint begun_;
  TimePoint end_;
  TimePoint due_;                  // of the next packet, where nothing else waits
  std::optional<TimePoint> turn_;  // its place in the pace
  std::size_t sent_ = 0;
};

}  // namespace vpcprobe

#pragma once
// How many DNS packets a run sends in a second.
#include <chrono>
#include <cstddef>
#include <vector>

namespace vpcprobe {

/// Keeps the questions to all resolvers below Amazon's limit of 1024 packets a second from one network
/// interface (AWS: "DNS attributes for your VPC"), and leaves the task's own questions some of it. Pure: the
/// caller says what time it is.
class DnsPace {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  static constexpr std::size_t kMostInSecond = 800;

  explicit DnsPace(std::size_t most_in_second = kMostInSecond) : sent_(most_in_second, TimePoint::min()) {}

  /// When the next packet may go out: `now` or later.
  TimePoint next(TimePoint now) const;
  /// Takes that moment for one packet. Calls are answered in their order.
  TimePoint take(TimePoint now);

 private:
  std::vector<TimePoint> sent_;  // the last ones, as a ring
  std::size_t oldest_ = 0;
};

}  // namespace vpcprobe

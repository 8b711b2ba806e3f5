#include "probes/dns_pace.h"

#include <algorithm>

namespace vpcprobe {

DnsPace::TimePoint DnsPace::next(TimePoint now) const {
  return std::max(now, sent_[oldest_] + std::chrono::seconds(1));
}

DnsPace::TimePoint DnsPace::take(TimePoint now) {
  const TimePoint when = next(now);
  sent_[oldest_] = when;
  oldest_ = (oldest_ + 1) % sent_.size();
  return when;
}

}  // namespace vpcprobe

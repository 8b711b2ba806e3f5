#include "probes/dns_schedule.h"

#include <algorithm>
#include <array>

namespace vpcprobe {
namespace {

using std::chrono::milliseconds;

struct Try {
  milliseconds after;
  bool with_edns;
};
constexpr std::array kTries{Try{milliseconds{0}, true}, Try{milliseconds{150}, true},
                            Try{milliseconds{500}, true}, Try{milliseconds{1000}, false},
                            Try{milliseconds{2000}, false}};

}  // namespace

DnsSchedule::TimePoint DnsSchedule::next() const { return std::min(end_, turn_.value_or(due_)); }

void DnsSchedule::hurry(TimePoint now) { due_ = std::min(due_, now); }

bool DnsSchedule::is_turn(TimePoint now) {
  if (!turn_ && due_ <= now) {
    if (pace_.next(now) < end_)
      turn_ = pace_.take(now);
    else
      due_ = end_;  // too many wait before it
  }
  return turn_ && *turn_ <= now;
}

bool DnsSchedule::take() {
  const bool with_edns = sent_ < kTries.size() && kTries[sent_].with_edns;
  ++sent_;
  turn_.reset();
  due_ = sent_ < kTries.size() ? begun_ + kTries[sent_].after : end_;
  return with_edns;
}

}  // namespace vpcprobe

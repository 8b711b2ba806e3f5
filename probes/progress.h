#pragma once
// How far a run of probes is, for a thread that shows it.
#include <atomic>
#include <chrono>
#include <vector>

#include "probes/endpoint.h"

namespace vpcprobe {

/// Written by the run, read by another thread. Each number is right at any time; two of them may be of
/// different moments. Controls do not count.
class ProbeProgress {
 public:
  using Clock = std::chrono::steady_clock;

  void reset() {
    for (std::atomic<unsigned>* number : {&names, &names_known, &addresses, &answering, &connecting})
      *number = 0;
  }
  void begin_connect() {
    ++connecting;
    last_connect_ = Clock::now().time_since_epoch().count();
  }
  void end_connect(bool answers) {
    --connecting;
    if (answers) ++answering;
  }
  /// For how long nothing more was tried: what is silent has been silent at least as long.
  std::chrono::milliseconds since_last_connect() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now().time_since_epoch() -
                                                                 Clock::duration(last_connect_.load()));
  }

  std::atomic<unsigned> names{0};        ///< asked for
  std::atomic<unsigned> names_known{0};  ///< of them: a resolver has answered, or will not
  std::atomic<unsigned> addresses{0};
  std::atomic<unsigned> answering{0};   ///< of them: a SYN was answered, by an acceptance or a refusal
  std::atomic<unsigned> connecting{0};  ///< of them: a SYN is without an answer

 private:
  std::atomic<Clock::rep> last_connect_{0};
};

/// Like run_probes; keeps `progress` up to date.
Observation run_probes(const std::vector<Target>& targets, const std::vector<Target>& controls,
                       const ProbeSettings& settings, const std::atomic<bool>& stop, ProbeProgress& progress);

}  // namespace vpcprobe

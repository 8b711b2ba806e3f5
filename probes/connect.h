#pragma once
#include <memory>
#include <vector>

#include "probes/descriptors.h"
#include "probes/loop.h"
#include "probes/observation.h"
#include "probes/syn_schedule.h"

namespace vpcprobe {

/// A non-blocking TCP socket that the loop watches; closed with its owner.
class Socket final : public EventSource {
 public:
  /// `counted`, if any, has this one in `open` until it is closed.
  explicit Socket(Loop& loop, Descriptors* counted = nullptr);
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  int fd() const { return fd_; }
  Loop& loop() { return loop_; }
  /// Awaitable: until the socket may be read from or written to. `parkable` may be null.
  Wait until(std::uint32_t wanted, Loop::TimePoint deadline, Parkable* parkable) {
    return Wait(loop_, readiness_, wanted, deadline, parkable);
  }
  void on_events(int fd, std::uint32_t readiness_bits) override;

 private:
  friend class SynRace;
  Loop& loop_;
  Descriptors* counted_;
  Readiness readiness_;
  Readiness* race_ = nullptr;  // gets `race_bit_` when this one is connected or refused
  std::uint32_t race_bit_ = 0;
  bool has_answer_ = false;
  int fd_ = -1;
};

/// How one address is connected to.
struct SynPlan {
  SynSchedule schedule;
  std::chrono::milliseconds timeout{};
  const SynAnswers* answers = nullptr;  ///< of the others; null: silence is waited for `timeout`
  Descriptors* descriptors = nullptr;   ///< where the sockets of further SYNs count; null: nowhere
};

/// An attempt that is over.
struct Connection {
  TcpObservation seen;
  std::unique_ptr<Socket> socket;  ///< connected; null unless `seen` is ok
  /// Of the SYNs that were not the first to be answered. They stay open while the connection is used, so that
  /// a late answer does not meet a closed port, which would send a RST.
  std::vector<std::unique_ptr<Socket>> others;
};

/// Connects to `peer`, with as many SYNs as `plan` says; the first socket that is answered is kept. The
/// kernel's own numbers (TCP_INFO) and an ICMP error that came for this connection (IP_RECVERR) are in the
/// observation; its `syn_retransmits` counts the SYNs that found no answer, those of further sockets and
/// those that the kernel sent again. A cancelled one says how long it was silent. Throws where no socket can
/// be had.
Task<Connection> connect_tcp(Loop& loop, SocketAddress peer, SynPlan plan, Parkable* parkable);

}  // namespace vpcprobe

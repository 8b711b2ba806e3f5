#pragma once
#include "probes/loop.h"
#include "probes/observation.h"

namespace vpcprobe {

/// A non-blocking TCP socket that the loop watches; closed with its owner.
class Socket final : public EventSource {
 public:
  explicit Socket(Loop& loop) : loop_(loop) {}
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  int fd() const { return fd_; }
  Loop& loop() { return loop_; }
  /// Awaitable: until the socket may be read from or written to. `parkable` may be null.
  Wait until(std::uint32_t wanted, Loop::TimePoint deadline, Parkable* parkable) {
    return Wait(loop_, readiness_, wanted, deadline, parkable);
  }
  void on_events(int, std::uint32_t readiness_bits) override { readiness_.set(readiness_bits); }

 private:
  friend Task<TcpObservation> connect_tcp(Socket& socket, SocketAddress peer, Loop::TimePoint deadline,
                                          Parkable* parkable);
  Loop& loop_;
  Readiness readiness_;
  int fd_ = -1;
};

/// Connects `socket` to `peer`. The kernel's own numbers (TCP_INFO) and an ICMP error that came for this
/// connection (IP_RECVERR) are in the observation. Throws where no socket can be had.
Task<TcpObservation> connect_tcp(Socket& socket, SocketAddress peer, Loop::TimePoint deadline,
                                 Parkable* parkable);

}  // namespace vpcprobe

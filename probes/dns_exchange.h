#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <string>

#include "probes/dns_message.h"
#include "probes/dns_pace.h"
#include "probes/loop.h"
#include "probes/observation.h"

namespace vpcprobe {

/// How one question of one type ended.
struct DnsOutcome {
  DnsReply reply;
  Elapsed elapsed{};  ///< since the first packet went out
};

/// Questions to one DNS server: over UDP, and over TCP where the answer is truncated. All share one UDP
/// socket. Asks again as RFC 7766 (TCP connections that close) and RFC 6891 (servers without EDNS) say, each
/// question for itself: what a server does with one says nothing about the others.
class DnsExchange final : public EventSource {
 public:
  /// `timeout` bounds one question with everything that is sent for it, from the first packet on; `pace` says
  /// when packets may go out.
  DnsExchange(Loop& loop, SocketAddress server, std::chrono::milliseconds timeout, DnsPace& pace);
  ~DnsExchange();
  DnsExchange(const DnsExchange&) = delete;
  DnsExchange& operator=(const DnsExchange&) = delete;

  /// Never fails: what went wrong is the status. `timeout` only when the time is up.
  Task<DnsOutcome> ask(std::string name, Family family);
  void on_events(int fd, std::uint32_t readiness_bits) override;

  Loop& loop() { return loop_; }
  const SocketAddress& server() const { return server_; }

 private:
  struct Pending;
  class Registration;
  class TcpTurn;

  bool open_udp(DnsStatus& failure);
  void send(Pending& pending, bool with_edns);
  void deliver(std::string message);
  void deliver_error(int error);
  std::uint16_t unused_id();
  Task<void> over_udp(Pending& pending, Loop::TimePoint begun);
  Task<void> over_tcp(Pending& pending, Loop::TimePoint end);

  Loop& loop_;
  SocketAddress server_;
  std::chrono::milliseconds timeout_;
  DnsPace& pace_;
  int udp_ = -1;
  std::map<std::uint16_t, Pending*> pending_;  // by the id of the form with EDNS
  unsigned connections_ = 0;
  std::deque<Readiness*> waiting_for_connection_;
};

}  // namespace vpcprobe

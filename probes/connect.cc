#include "probes/connect.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>
// After the libc headers: it defines sock_extended_err alone, but pulls in types they also define.
#include <linux/errqueue.h>

#include <algorithm>
#include <array>
#include <utility>

#include "probes/syscall.h"

namespace vpcprobe {
namespace {

using std::chrono::milliseconds;

int open_socket(Family family) {
  const int domain = family == Family::ipv4 ? AF_INET : AF_INET6;
  const int fd = socket(domain, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
  if (fd < 0) return fd;
  const int on = 1;
  // Without it the kernel keeps retrying after an ICMP error and the reason is lost.
  if (family == Family::ipv4) setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
  if (family == Family::ipv6) setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

// Maps errno to a status; errors that lead a user to the same action share one.
TcpStatus status_of(int error) {
  switch (error) {
    case 0:
    // A RST in answer to a SYN is ECONNREFUSED. These two mean that the connection was established and then
    // reset at once (Linux, tcp_reset): the next stage reports that.
    case ECONNRESET:
    case EPIPE:
      return TcpStatus::ok;
    case ECONNREFUSED:
      return TcpStatus::refused;
    case ETIMEDOUT:
      return TcpStatus::timeout;
    case ECANCELED:
      return TcpStatus::cancelled;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EHOSTDOWN:
    case ENONET:
    case EADDRNOTAVAIL:
    case EACCES:
    case EPERM:
      return TcpStatus::unreachable;
    default:
      return TcpStatus::failed;
  }
}

tcp_info kernel_numbers(int fd) {
  tcp_info info{};
  socklen_t size = sizeof info;
  getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size);  // none: zeros
  return info;
}

std::optional<IcmpError> read_icmp_error(int fd) {
  alignas(cmsghdr) char control[512];
  msghdr message{};
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  if (recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return std::nullopt;
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr; part = CMSG_NXTHDR(&message, part)) {
    const bool v4 = part->cmsg_level == IPPROTO_IP && part->cmsg_type == IP_RECVERR;
    const bool v6 = part->cmsg_level == IPPROTO_IPV6 && part->cmsg_type == IPV6_RECVERR;
    if (!v4 && !v6) continue;
    auto* error = reinterpret_cast<sock_extended_err*>(CMSG_DATA(part));
    if (error->ee_origin != SO_EE_ORIGIN_ICMP && error->ee_origin != SO_EE_ORIGIN_ICMP6) continue;
    const auto from = IpAddress::of(SO_EE_OFFENDER(error));
    return IcmpError{error->ee_type, error->ee_code, from ? from->to_string() : std::string()};
  }
  return std::nullopt;
}

int pending_error(int fd) {
  int error = 0;
  socklen_t size = sizeof error;
  check_syscall("getsockopt", getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size));
  return error;
}

}  // namespace

Socket::Socket(Loop& loop, Descriptors* counted) : loop_(loop), counted_(counted) {
  if (counted_ != nullptr) ++counted_->open;
}

Socket::~Socket() {
  if (counted_ != nullptr) --counted_->open;
  if (fd_ < 0) return;
  loop_.forget(fd_);
  close(fd_);
}

void Socket::on_events(int, std::uint32_t readiness_bits) {
  readiness_.set(readiness_bits);
  if ((readiness_bits & Readiness::kWritable) == 0) return;
  has_answer_ = true;
  if (race_ != nullptr) race_->set(race_bit_);
}

/// SYNs to one address, each from a socket of its own, until one is answered or the silence is believed. The
/// first socket stays to the end: its SYN is the one that the kernel sends again.
class SynRace {
 public:
  SynRace(Loop& loop, SocketAddress peer, SynPlan plan)
      : loop_(loop), peer_(peer), plan_(plan), begun_(std::chrono::steady_clock::now()) {
    open_first();
  }
  SynRace(const SynRace&) = delete;
  SynRace& operator=(const SynRace&) = delete;

  bool is_over() const { return is_over_; }
  Wait next(Parkable* parkable) {
    step_ = next_step();
    return Wait(loop_, events_, kAnySocket, step_, parkable);
  }
  void go_on(Wake wake);
  Connection end();

 private:
  static constexpr std::uint32_t kMostSockets = 4;
  static constexpr std::uint32_t kAnySocket = (1U << kMostSockets) - 1;
  static constexpr milliseconds kPunctual{20};

  milliseconds since(Loop::TimePoint when) const {
    return std::chrono::duration_cast<milliseconds>(when - begun_) - late_;
  }
  // How long the silence must last. Where not every SYN could be sent, it says less.
  milliseconds patience() const {
    const bool all_sent = !short_of_sockets_ && plan_.answers != nullptr;
    return believed_after(plan_.schedule, std::max(plan_.timeout - late_, milliseconds{0}),
                          all_sent ? plan_.answers->slowest() : std::nullopt);
  }
  std::optional<milliseconds> next_turn() const {
    if (short_of_sockets_ || opened_ == kMostSockets) return std::nullopt;
    return turn_of(plan_.schedule, opened_, patience());
  }

  Loop::TimePoint next_step() const;
  void take_step(milliseconds now);
  void take_answer();
  void open_first();
  void open_further();
  int start(std::unique_ptr<Socket> socket);
  void end_with(std::uint32_t index, int error);

  Loop& loop_;
  SocketAddress peer_;
  SynPlan plan_;
  Loop::TimePoint begun_;
  Loop::TimePoint ended_ = begun_;
  Loop::TimePoint step_ = begun_;  // what was waited for last
  milliseconds late_{0};           // in which this process did not run: no SYN went out then
  Readiness events_;
  std::array<std::unique_ptr<Socket>, kMostSockets> sockets_;  // null: closed after its one SYN
  std::array<milliseconds, kMostSockets> sent_{};
  std::uint32_t opened_ = 0;
  std::uint32_t last_ = 0;  // the socket that ended it
  int error_ = 0;           // and how; 0: it is connected
  bool is_over_ = false;
  bool short_of_sockets_ = false;
};

void SynRace::go_on(Wake wake) {
  if (wake == Wake::ready) return take_answer();
  const auto now = std::chrono::steady_clock::now();
  const auto late = std::chrono::duration_cast<milliseconds>(now - step_);
  if (wake == Wake::timeout && late > kPunctual) late_ += late;
  if (wake == Wake::timeout && since(now) < patience()) return take_step(since(now));
  ended_ = now;
  end_with(0, wake == Wake::cancelled ? ECANCELED : ETIMEDOUT);
}

// The end, the next SYN, the end of a socket that had its one, or the least silence, when it may be believed.
Loop::TimePoint SynRace::next_step() const {
  const milliseconds now = since(std::chrono::steady_clock::now());
  milliseconds next = std::max(patience(), now);
  if (now < plan_.schedule.least) next = std::min(next, plan_.schedule.least);
  if (const auto turn = next_turn()) next = std::min(next, *turn);
  for (std::uint32_t i = 1; i < opened_; ++i)
    if (sockets_[i]) next = std::min(next, sent_[i] + kOneSyn);
  return begun_ + late_ + next;
}

void SynRace::take_step(milliseconds now) {
  for (std::uint32_t i = 1; i < opened_; ++i)
    if (now >= sent_[i] + kOneSyn) sockets_[i].reset();
  const auto turn = next_turn();
  if (turn && now >= *turn) open_further();
}

void SynRace::open_first() {
  auto socket = std::make_unique<Socket>(loop_);
  socket->fd_ = check_syscall("socket", open_socket(peer_.address.family));
  const int error = start(std::move(socket));
  if (error != EINPROGRESS) end_with(0, error);
}

// That this machine has no descriptor or port left says nothing about the peer.
void SynRace::open_further() {
  short_of_sockets_ = plan_.descriptors != nullptr && !plan_.descriptors->is_spare();
  if (short_of_sockets_) return;
  auto socket = std::make_unique<Socket>(loop_, plan_.descriptors);
  socket->fd_ = open_socket(peer_.address.family);
  short_of_sockets_ = socket->fd_ < 0;
  if (short_of_sockets_) return;
  const std::uint32_t index = opened_;
  const int error = start(std::move(socket));
  if (error == 0) return end_with(index, error);
  if (error == EINPROGRESS) return;
  short_of_sockets_ = true;
  sockets_[index].reset();
  opened_ = index;
}

/// Sends the socket's SYN. Returns what connect says.
int SynRace::start(std::unique_ptr<Socket> socket) {
  socket->race_ = &events_;
  socket->race_bit_ = 1U << opened_;
  sockaddr_storage address;
  const unsigned size = peer_.fill(address);
  const int error = ::connect(socket->fd_, reinterpret_cast<sockaddr*>(&address), size) == 0 ? 0 : errno;
  ended_ = std::chrono::steady_clock::now();
  if (error == 0 || error == EINPROGRESS) loop_.watch_edges(socket->fd_, *socket);
  sent_[opened_] = since(ended_);
  sockets_[opened_++] = std::move(socket);
  return error;
}

// Of several that are answered at once the first counts: it shows the least loss.
void SynRace::take_answer() {
  ended_ = std::max(ended_, loop_.now());
  for (std::uint32_t i = 0; i < opened_ && !is_over_; ++i)
    if (sockets_[i] && sockets_[i]->has_answer_) end_with(i, pending_error(sockets_[i]->fd_));
}

void SynRace::end_with(std::uint32_t index, int error) {
  is_over_ = true;
  last_ = index;
  error_ = error;
}

Connection SynRace::end() {
  Connection connection;
  TcpObservation& seen = connection.seen;
  std::unique_ptr<Socket>& last = sockets_[last_];
  seen.status = status_of(error_);
  const bool is_silent = seen.status == TcpStatus::timeout || seen.status == TcpStatus::cancelled;
  seen.error = is_silent || seen.status == TcpStatus::ok ? 0 : error_;
  seen.elapsed = std::chrono::duration_cast<Elapsed>(ended_ - begun_);
  const std::uint32_t repeated = kernel_numbers(sockets_[0]->fd_).tcpi_total_retrans;
  seen.syn_retransmits = is_silent ? opened_ - 1 + repeated : lost_syns(last_, opened_, repeated);
  if (seen.status != TcpStatus::ok) {
    seen.icmp = read_icmp_error(last->fd_);
    return connection;
  }
  seen.rtt_us = kernel_numbers(last->fd_).tcpi_rtt;
  connection.socket = std::move(last);
  connection.socket->race_ = nullptr;
  for (std::unique_ptr<Socket>& other : sockets_) {
    if (!other) continue;
    other->race_ = nullptr;
    connection.others.push_back(std::move(other));
  }
  return connection;
}

Task<Connection> connect_tcp(Loop& loop, SocketAddress peer, SynPlan plan, Parkable* parkable) {
  SynRace race(loop, peer, plan);
  while (!race.is_over()) {
    Wait event = race.next(parkable);
    const Wake wake = co_await event;
    race.go_on(wake);
  }
  co_return race.end();
}

}  // namespace vpcprobe

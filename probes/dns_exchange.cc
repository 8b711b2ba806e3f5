#include "probes/dns_exchange.h"

#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "probes/connect.h"
#include "probes/dns_schedule.h"
#include "probes/resolve.h"
#include "probes/syscall.h"

namespace vpcprobe {
namespace {

using std::chrono::milliseconds;

constexpr std::uint32_t kArrived = 1;

// A server that closes a connection before it has answered is asked again over a new one (RFC 7766
// section 6.2.4).
constexpr int kMostConnections = 3;
// Each question has a connection of its own; dnsmasq serves 20 at once, others fewer.
constexpr unsigned kConnectionsAtOnce = 16;

enum class Io : std::uint8_t { ok, ended, timeout };

Task<Io> send_all(Socket& socket, std::string bytes, Loop::TimePoint end) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) bytes.erase(0, static_cast<std::size_t>(sent));
    if (sent > 0) continue;
    if (errno != EAGAIN) co_return Io::ended;
    Wait writable = socket.until(Readiness::kWritable, end, nullptr);
    const Wake wake = co_await writable;
    if (wake != Wake::ready) co_return Io::timeout;
  }
  co_return Io::ok;
}

// Reads one message with its length before it (RFC 1035 section 4.2.2). A message has 64 KiB at most.
Task<Io> receive_message(Socket& socket, std::string& message, Loop::TimePoint end) {
  std::string received;
  std::array<char, 4096> buffer;
  while (true) {
    const ssize_t count = ::recv(socket.fd(), buffer.data(), buffer.size(), 0);
    if (count > 0) {
      received.append(buffer.data(), static_cast<std::size_t>(count));
      if (received.size() < 2) continue;
      const auto high = static_cast<unsigned char>(received[0]);
      const auto low = static_cast<unsigned char>(received[1]);
      const std::size_t size = std::size_t{high} << 8 | low;
      if (received.size() < size + 2) continue;
      message = received.substr(2, size);
      co_return Io::ok;
    }
    if (count == 0 || errno != EAGAIN) co_return Io::ended;
    Wait readable = socket.until(Readiness::kReadable, end, nullptr);
    const Wake wake = co_await readable;
    if (wake != Wake::ready) co_return Io::timeout;
  }
}

Task<Io> ask_on(Socket& socket, const DnsQuery& query, std::string& message, Loop::TimePoint end) {
  const std::string& plain = query.plain;
  std::string framed{static_cast<char>(plain.size() >> 8), static_cast<char>(plain.size())};
  framed += plain;
  Task<Io> sent = send_all(socket, framed, end);
  Io io = co_await sent;
  if (io != Io::ok) co_return io;
  Task<Io> received = receive_message(socket, message, end);
  io = co_await received;
  co_return io;
}

}  // namespace

/// One question under way.
struct DnsExchange::Pending {
  DnsQuery query;
  Readiness arrived;
  std::string message;  ///< the newest answer; empty if none came
  int error = 0;        ///< errno of the newest ICMP or local error
  int errors = 0;
  bool plain_sent = false;
  bool is_final = false;                    ///< no answer to the other form can say more
  DnsStatus status = DnsStatus::cancelled;  ///< where no message says it
};

/// Receives what comes for a question, for as long as it lives.
class DnsExchange::Registration {
 public:
  Registration(DnsExchange& exchange, Pending& pending) : exchange_(exchange), id_(pending.query.id) {
    exchange_.pending_.emplace(id_, &pending);
  }
  ~Registration() { exchange_.pending_.erase(id_); }
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;

 private:
  DnsExchange& exchange_;
  std::uint16_t id_;
};

/// One of the connections that may be open at once; handed to the next in line at its end.
class DnsExchange::TcpTurn {
 public:
  explicit TcpTurn(DnsExchange& exchange) : exchange_(exchange) {
    if (exchange_.connections_ < kConnectionsAtOnce) {
      ++exchange_.connections_;
      mine_.set(kArrived);
    } else {
      exchange_.waiting_for_connection_.push_back(&mine_);
    }
  }
  ~TcpTurn() {
    auto& waiting = exchange_.waiting_for_connection_;
    const auto own = std::find(waiting.begin(), waiting.end(), &mine_);
    if (own != waiting.end()) {
      waiting.erase(own);  // it never came
    } else if (waiting.empty()) {
      --exchange_.connections_;
    } else {
      waiting.front()->set(kArrived);
      waiting.pop_front();
    }
  }
  TcpTurn(const TcpTurn&) = delete;
  TcpTurn& operator=(const TcpTurn&) = delete;

  Wait until(Loop::TimePoint end) { return Wait(exchange_.loop_, mine_, kArrived, end); }

 private:
  DnsExchange& exchange_;
  Readiness mine_;
};

DnsExchange::DnsExchange(Loop& loop, SocketAddress server, milliseconds timeout, DnsPace& pace)
    : loop_(loop), server_(server), timeout_(timeout), pace_(pace) {}

DnsExchange::~DnsExchange() {
  if (udp_ < 0) return;
  loop_.forget(udp_);
  close(udp_);
}

// False where this machine has no path to the server.
bool DnsExchange::open_udp(DnsStatus& failure) {
  if (udp_ >= 0) return true;
  const int domain = server_.address.family == Family::ipv4 ? AF_INET : AF_INET6;
  const int fd = check_syscall("socket", socket(domain, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  sockaddr_storage address;
  const unsigned size = server_.fill(address);
  // Connected: only the server's datagrams come in, and ICMP errors come as errno.
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), size) != 0) {
    close(fd);
    failure = DnsStatus::unreachable;
    return false;
  }
  udp_ = fd;
  loop_.watch_levels(udp_, Readiness::kReadable, *this);
  return true;
}

std::uint16_t DnsExchange::unused_id() {
  while (true) {
    std::uint16_t id = 0;
    check_syscall("getrandom", static_cast<int>(getrandom(&id, sizeof id, 0)));
    id &= 0xFFFEU;
    if (id != 0 && !pending_.contains(id)) return id;
  }
}

void DnsExchange::send(Pending& pending, bool with_edns) {
  const std::string& message = with_edns ? pending.query.with_edns : pending.query.plain;
  pending.plain_sent |= !with_edns;
  // An ICMP error for an earlier datagram comes out of the next call, which then sends nothing.
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (::send(udp_, message.data(), message.size(), MSG_NOSIGNAL) >= 0 || errno == EAGAIN) return;
    deliver_error(errno);
  }
}

void DnsExchange::on_events(int fd, std::uint32_t) {
  std::array<char, 65536> buffer;
  while (true) {
    const ssize_t count = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count < 0) {
      deliver_error(errno);
    } else {
      deliver(std::string(buffer.data(), static_cast<std::size_t>(count)));
    }
  }
}

// What answers no question is no answer: another's, a forgery, or rubbish.
void DnsExchange::deliver(std::string message) {
  const auto at = pending_.find(dns_id(message) & 0xFFFEU);
  if (at == pending_.end() || !answers_query(message, at->second->query)) return;
  Pending& pending = *at->second;
  if (pending.is_final) return;
  const bool plain = dns_id(message) != pending.query.id;
  pending.is_final = plain || !may_refuse_edns(message);
  pending.message = std::move(message);
  pending.arrived.set(kArrived);
}

// An ICMP error does not say which question it is about.
void DnsExchange::deliver_error(int error) {
  for (const auto& [id, pending] : pending_) {
    if (pending->is_final) continue;
    pending->error = error;
    pending->arrived.set(kArrived);
  }
}

// Ends with an answer, at an error of the second try, or when the time is up.
Task<void> DnsExchange::over_udp(Pending& pending, Loop::TimePoint begun) {
  const auto end = begun + timeout_;
  DnsSchedule schedule(pace_, begun, end);
  while (!pending.is_final) {
    if (schedule.is_turn(std::chrono::steady_clock::now()))
      send(pending, schedule.take() && !pending.plain_sent && pending.message.empty());
    Wait arrival(loop_, pending.arrived, kArrived, schedule.next());
    const Wake wake = co_await arrival;
    if (wake == Wake::cancelled) co_return;
    const auto now = std::chrono::steady_clock::now();
    if (wake == Wake::timeout && now >= end) break;
    if (std::exchange(pending.error, 0) != 0) ++pending.errors;
    if (pending.errors > 1 && schedule.sent() > 1) break;
    if (!pending.message.empty() && !pending.plain_sent) schedule.hurry(now);
  }
  pending.status = pending.errors > 0 ? DnsStatus::unreachable : DnsStatus::timeout;
}

Task<void> DnsExchange::over_tcp(Pending& pending, Loop::TimePoint end) {
  pending.status = DnsStatus::truncated;
  pending.message.clear();
  TcpTurn turn(*this);
  Wait mine = turn.until(end);
  Wake wake = co_await mine;
  for (int i = 0; i < kMostConnections && wake == Wake::ready; ++i) {
    const auto left = std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now());
    const SynPlan plan{kKernelSyns, left};
    Task<Connection> connected = connect_tcp(loop_, server_, plan, nullptr);
    const Connection connection = co_await connected;
    if (connection.seen.status != TcpStatus::ok) break;
    std::string message;
    Task<Io> asked = ask_on(*connection.socket, pending.query, message, end);
    const Io io = co_await asked;
    if (io == Io::ok && answers_query(message, pending.query)) pending.message = std::move(message);
    if (io == Io::timeout || !pending.message.empty()) break;
  }
  if (loop_.cancelled() && pending.message.empty()) pending.status = DnsStatus::cancelled;
}

Task<DnsOutcome> DnsExchange::ask(std::string name, Family family) {
  DnsOutcome outcome;
  const auto query = make_dns_query(name, family, unused_id());
  if (!query || !open_udp(outcome.reply.status)) co_return outcome;
  Pending pending;
  pending.query = *query;
  const Registration registration(*this, pending);
  const auto now = std::chrono::steady_clock::now();
  const auto begun = pace_.take(now);
  if (begun > now) {
    Wait turn(loop_, pending.arrived, kArrived, begun);
    const Wake wake = co_await turn;
    if (wake == Wake::cancelled) co_return outcome;
  }
  Task<void> datagrams = over_udp(pending, begun);
  co_await datagrams;
  if (is_truncated(pending.message)) {
    Task<void> connection = over_tcp(pending, begun + timeout_);
    co_await connection;
  }
  outcome.reply.status = pending.status;
  if (!pending.message.empty()) outcome.reply = read_dns_reply(pending.message, family);
  outcome.elapsed = std::chrono::duration_cast<Elapsed>(std::chrono::steady_clock::now() - begun);
  co_return outcome;
}

}  // namespace vpcprobe

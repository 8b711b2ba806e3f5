#include "probes/connect.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>
// After the libc headers: it defines sock_extended_err alone, but pulls in types they also define.
#include <linux/errqueue.h>

#include <algorithm>

#include "probes/syscall.h"

namespace vpcprobe {
namespace {

int open_socket(Family family) {
  const int domain = family == Family::ipv4 ? AF_INET : AF_INET6;
  const int fd =
      check_syscall("socket", socket(domain, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
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

void read_kernel_numbers(int fd, TcpObservation& seen) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return;
  seen.syn_retransmits = info.tcpi_total_retrans;
  if (seen.status == TcpStatus::ok) seen.rtt_us = info.tcpi_rtt;
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

Socket::~Socket() {
  if (fd_ < 0) return;
  loop_.forget(fd_);
  close(fd_);
}

Task<TcpObservation> connect_tcp(Socket& socket, SocketAddress peer, Loop::TimePoint deadline,
                                 Parkable* parkable) {
  TcpObservation seen;
  socket.fd_ = open_socket(peer.address.family);
  sockaddr_storage address;
  const unsigned size = peer.fill(address);
  const auto begun = std::chrono::steady_clock::now();
  int error = ::connect(socket.fd_, reinterpret_cast<sockaddr*>(&address), size) == 0 ? 0 : errno;
  auto ended = std::chrono::steady_clock::now();
  if (error == 0 || error == EINPROGRESS) socket.loop_.watch_edges(socket.fd_, socket);
  if (error == EINPROGRESS) {
    Wait connected = socket.until(Readiness::kWritable, deadline, parkable);
    const Wake wake = co_await connected;
    if (wake == Wake::cancelled) co_return seen;
    ended = std::max(ended, socket.loop_.now());
    error = wake == Wake::timeout ? ETIMEDOUT : pending_error(socket.fd_);
  }
  seen.status = status_of(error);
  seen.error = seen.status == TcpStatus::ok || error == ETIMEDOUT ? 0 : error;
  seen.elapsed = std::chrono::duration_cast<Elapsed>(ended - begun);
  read_kernel_numbers(socket.fd_, seen);
  if (seen.status != TcpStatus::ok) seen.icmp = read_icmp_error(socket.fd_);
  co_return seen;
}

}  // namespace vpcprobe

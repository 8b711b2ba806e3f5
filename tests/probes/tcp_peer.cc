#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peers.h"
#include "probes/syscall.h"

namespace vpcprobe::test {
namespace {

sockaddr_in loopback() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

std::uint16_t port_of(int fd) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  check_syscall("getsockname", getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size));
  return ntohs(address.sin_port);
}

int bound_socket() {
  const int fd = check_syscall("socket", socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback();
  check_syscall("bind", bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address));
  return fd;
}

}  // namespace

TcpPeer::TcpPeer(Script script)
    : script_(std::move(script)), listener_(bound_socket()), port_(port_of(listener_)) {
  check_syscall("listen", listen(listener_, 4096));
  acceptor_ = std::thread([this] {
    for (int fd; (fd = accept(listener_, nullptr, nullptr)) >= 0;) {
      ++connections_;
      players_.emplace_back([this, fd] {
        script_(fd);
        close(fd);
      });
    }
  });
}

TcpPeer::~TcpPeer() {
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  for (std::thread& player : players_) player.join();
  close(listener_);
}

std::uint16_t closed_port() {
  const int fd = bound_socket();
  const std::uint16_t port = port_of(fd);
  close(fd);
  return port;
}

void send_text(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string receive_some(int fd) {
  char buffer[4096];
  const ssize_t count = recv(fd, buffer, sizeof buffer, 0);
  return count <= 0 ? "" : std::string(buffer, static_cast<std::size_t>(count));
}

void wait_for_close(int fd) {
  while (!receive_some(fd).empty()) {
  }
}

void reset_on_close(int fd) {
  const linger now{1, 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

}  // namespace vpcprobe::test

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peers.h"
#include "probes/syscall.h"

namespace vpcprobe::test {
namespace {

void put16(std::string& out, unsigned value) {
  out += static_cast<char>(value >> 8);
  out += static_cast<char>(value);
}

std::string encode_name(const std::string& name) {
  std::string out;
  for (std::size_t at = 0; at < name.size();) {
    const auto dot = std::min(name.find('.', at), name.size());
    out += static_cast<char>(dot - at);
    out += name.substr(at, dot - at);
    at = dot + 1;
  }
  return out + '\0';
}

void put_record(std::string& out, const std::string& owner, unsigned type, const std::string& data) {
  out += encode_name(owner);
  put16(out, type);
  put16(out, 1);
  put16(out, 0);
  put16(out, 60);  // TTL
  put16(out, static_cast<unsigned>(data.size()));
  out += data;
}

constexpr unsigned kA = 1;
constexpr unsigned kCname = 5;
constexpr unsigned kAaaa = 28;

DnsPeer::Query read_query(const std::string& message, bool tcp) {
  DnsPeer::Query query{"", false, tcp, message.at(11) != 0};
  std::size_t at = 12;
  while (at < message.size() && message[at] != 0) {
    const auto length = static_cast<std::size_t>(message[at]);
    if (!query.name.empty()) query.name += '.';
    query.name += message.substr(at + 1, length);
    at += length + 1;
  }
  query.aaaa = static_cast<unsigned char>(message.at(at + 2)) == kAaaa;
  return query;
}

std::string encode_reply(const std::string& asked, const DnsPeer::Query& query, const DnsPeer::Reply& reply) {
  std::string out = asked.substr(0, 2);
  put16(out, 0x8180U | (reply.truncated ? 0x0200U : 0U) | static_cast<unsigned>(reply.rcode));
  put16(out, 1);
  put16(out, static_cast<unsigned>(reply.cnames.size() + reply.addresses.size()));
  put16(out, 0);
  put16(out, 0);
  out += encode_name(query.name);
  put16(out, query.aaaa ? kAaaa : kA);
  put16(out, 1);
  std::string owner = query.name;
  for (const std::string& next : reply.cnames) {
    put_record(out, owner, kCname, encode_name(next));
    owner = next;
  }
  for (const std::string& address : reply.addresses) {
    std::string data(query.aaaa ? 16 : 4, '\0');
    inet_pton(query.aaaa ? AF_INET6 : AF_INET, address.c_str(), data.data());
    put_record(out, owner, query.aaaa ? kAaaa : kA, data);
  }
  return out;
}

std::string answer(const std::string& message, const DnsPeer::Query& query, const DnsPeer::Reply& reply) {
  if (reply.silent) return "";
  return reply.raw.empty() ? encode_reply(message, query, reply) : message.substr(0, 2) + reply.raw;
}

}  // namespace

// Several questions may come on one connection, in any pieces.
void DnsPeer::serve_tcp(int fd) {
  std::string received;
  for (std::string more; !(more = receive_some(fd)).empty();) {
    received += more;
    while (received.size() >= 2) {
      const auto size = static_cast<std::size_t>(static_cast<unsigned char>(received[0]) << 8 |
                                                 static_cast<unsigned char>(received[1]));
      if (received.size() < size + 2) break;
      const std::string message = received.substr(2, size);
      received.erase(0, size + 2);
      const Query query = read_query(message, true);
      const Reply reply = script_(query);
      const std::string bytes = answer(message, query, reply);
      std::string framed;
      put16(framed, static_cast<unsigned>(bytes.size()));
      if (!bytes.empty()) send_text(fd, framed + bytes);
      if (reply.closes) return;
    }
  }
}

DnsPeer::DnsPeer(Script script, Tcp tcp) : script_(std::move(script)) {
  // The same port for both: TCP is taken first, UDP follows it.
  tcp_ = std::make_unique<TcpPeer>([this](int fd) { serve_tcp(fd); });
  port_ = tcp_->port();
  if (tcp == Tcp::refused) tcp_.reset();
  udp_ = check_syscall("socket", socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port_);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  check_syscall("bind", bind(udp_, reinterpret_cast<const sockaddr*>(&address), sizeof address));
  server_ = std::thread([this] { serve_udp(); });
}

void DnsPeer::serve_udp() {
  while (!stop_) {
    pollfd readable{udp_, POLLIN, 0};
    if (poll(&readable, 1, 20) <= 0) continue;
    char buffer[4096];
    sockaddr_in from{};
    socklen_t size = sizeof from;
    const ssize_t count = recvfrom(udp_, buffer, sizeof buffer, 0, reinterpret_cast<sockaddr*>(&from), &size);
    if (count < 12) continue;
    const std::string message(buffer, static_cast<std::size_t>(count));
    const Query query = read_query(message, false);
    const std::string reply = answer(message, query, script_(query));
    if (!reply.empty()) sendto(udp_, reply.data(), reply.size(), 0, reinterpret_cast<sockaddr*>(&from), size);
  }
}

DnsPeer::~DnsPeer() {
  stop_ = true;
  server_.join();
  close(udp_);
  tcp_.reset();
}

}  // namespace vpcprobe::test

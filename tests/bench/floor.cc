// The floor under vpc-probe's cost per address: the same handshakes and GETs, and nothing else. Non-blocking
// sockets, one shared SSL_CTX, one poll, N in flight; no names, no rules, no report.
//   floor PORT COUNT CA_FILE NAME [IN_FLIGHT]     COUNT addresses from 127.1.0.1 on
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

struct Connection {
  int fd = -1;
  SSL* ssl = nullptr;
  enum { connecting, shaking, asking, reading } state = connecting;
};

sockaddr_in address_of(unsigned index, unsigned short port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(0x7F010001U + index);
  return address;
}

Connection start(SSL_CTX* context, const char* name, unsigned index, unsigned short port) {
  Connection connection;
  connection.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const sockaddr_in address = address_of(index, port);
  connect(connection.fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  connection.ssl = SSL_new(context);
  SSL_set_fd(connection.ssl, connection.fd);
  SSL_set_tlsext_host_name(connection.ssl, name);
  SSL_set1_host(connection.ssl, name);
  return connection;
}

// One step; true when the connection is over. `ok` counts verified connections that were answered.
bool advance(Connection& c, const std::string& question, unsigned& ok) {
  if (c.state == Connection::connecting) c.state = Connection::shaking;
  if (c.state == Connection::shaking) {
    const int result = SSL_connect(c.ssl);
    if (result != 1) return SSL_get_error(c.ssl, result) != SSL_ERROR_WANT_READ;
    c.state = Connection::asking;
  }
  if (c.state == Connection::asking) {
    if (SSL_write(c.ssl, question.data(), static_cast<int>(question.size())) <= 0) return true;
    c.state = Connection::reading;
  }
  char buffer[4096];
  const int count = SSL_read(c.ssl, buffer, sizeof buffer);
  if (count <= 0) return SSL_get_error(c.ssl, count) != SSL_ERROR_WANT_READ;
  if (SSL_get_verify_result(c.ssl) == X509_V_OK) ++ok;
  return true;
}

double cpu_milliseconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto of = [](timeval time) {
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  std::signal(SIGPIPE, SIG_IGN);
  const auto port = static_cast<unsigned short>(std::atoi(argv[1]));
  const auto count = static_cast<unsigned>(std::atoi(argv[2]));
  const unsigned most = argc > 5 ? static_cast<unsigned>(std::atoi(argv[5])) : 64;
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_load_verify_locations(context, argv[3], nullptr);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_read_ahead(context, 1);
  const std::string question =
      "GET / HTTP/1.1\r\nHost: " + std::string(argv[4]) + "\r\nConnection: close\r\n\r\n";

  std::vector<Connection> open;
  std::vector<pollfd> fds;
  unsigned started = 0;
  unsigned ok = 0;
  while (started < count || !open.empty()) {
    while (started < count && open.size() < most) open.push_back(start(context, argv[4], started++, port));
    fds.clear();
    for (const Connection& c : open)
      fds.push_back({c.fd, static_cast<short>(c.state == Connection::connecting ? POLLOUT : POLLIN), 0});
    poll(fds.data(), fds.size(), 1000);
    for (std::size_t i = open.size(); i-- > 0;) {
      if (fds[i].revents == 0 || !advance(open[i], question, ok)) continue;
      SSL_free(open[i].ssl);
      close(open[i].fd);
      open[i] = open.back();
      open.pop_back();
    }
  }
  SSL_CTX_free(context);
  std::printf("%u of %u answered, %.3f ms CPU each\n", ok, count, cpu_milliseconds() / count);
  return ok == count ? 0 : 1;
}

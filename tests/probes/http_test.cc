// How a request to an API ends, and in which words: those of no library.
#include "probes/http.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "catch.h"

using namespace vpcprobe;
using std::chrono::milliseconds;

namespace {

/// A port on loopback: nobody listens until `listen_on`.
class Port {
 public:
  Port() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    REQUIRE(bind(fd_, reinterpret_cast<sockaddr*>(&address), length) == 0);
    REQUIRE(getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &length) == 0);
    number_ = ntohs(address.sin_port);
  }
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;
  ~Port() { close(fd_); }
  void start_listening() const { REQUIRE(listen(fd_, 1) == 0); }
  /// Takes one connection, reads what comes first, answers and closes it.
  void answer_once(std::string_view answer) const {
    const int peer = accept(fd_, nullptr, nullptr);
    char request[1024];
    [[maybe_unused]] const ssize_t got = read(peer, request, sizeof request);
    [[maybe_unused]] const ssize_t sent = write(peer, answer.data(), answer.size());
    close(peer);
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(number_) + "/"; }

 private:
  int fd_;
  int number_ = 0;
};

HttpReply get(const std::string& url, std::optional<milliseconds> timeout) {
  HttpRequest request{.url = url};
  request.timeout = timeout;
  const std::atomic<bool> stop{false};
  return fetch({request}, stop).front();
}

HttpReply answered(std::string_view answer) {
  Port port;
  port.start_listening();
  std::thread server([&] { port.answer_once(answer); });
  HttpReply reply = get(port.url(), std::nullopt);
  server.join();
  return reply;
}

}  // namespace

TEST_CASE("no time left is a timeout at once, not a wait without end") {
  Port port;
  port.start_listening();
  const HttpReply reply = get(port.url(), milliseconds(0));
  CHECK(reply.failure == HttpFailure::timeout);
  CHECK(reply.error == "no whole answer in time");
  CHECK(get(port.url(), milliseconds(-5)).failure == HttpFailure::timeout);
  CHECK(get(port.url(), milliseconds(20)).failure == HttpFailure::timeout);
}

TEST_CASE("how a connection fails is said") {
  const Port port;
  const HttpReply refused = get(port.url(), milliseconds(2000));
  CHECK(refused.failure == HttpFailure::connect);
  CHECK(refused.error == "no connection: Connection refused");
  CHECK(answered("").error == "the connection ends without an answer");
  CHECK(answered("SSH-2.0-OpenSSH_9.2\r\n").error == "the answer is not HTTP");
  CHECK(answered("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf").error == "the answer ends too early");
  const HttpReply whole = answered("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole");
  CHECK(whole.error.empty());
  CHECK(whole.body == "whole");
}

#include "probes/notice.h"

#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "catch.h"
#include "probes/peers.h"

using namespace vpcprobe;
using namespace std::chrono_literals;

namespace {

std::string own_name(const char* what) {
  return std::string("vpc-probe test ") + what + std::to_string(getpid());
}

/// A TCP connection to the board.
class Client {
 public:
  explicit Client(std::uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    REQUIRE(connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  }
  ~Client() { close(fd_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void say(std::string_view text) { REQUIRE(send(fd_, text.data(), text.size(), MSG_NOSIGNAL) > 0); }
  /// Everything until the board closes; stops after five seconds.
  std::string hear() {
    std::string text;
    char bytes[1024];
    pollfd wanted{fd_, POLLIN, 0};
    while (poll(&wanted, 1, 5000) > 0) {
      const ssize_t count = read(fd_, bytes, sizeof bytes);
      if (count <= 0) return text;
      text.append(bytes, static_cast<std::size_t>(count));
    }
    return text + "<still open>";
  }

 private:
  int fd_;
};

std::string offer(NoticeBoard& board, std::uint16_t port, const Notice& notice) {
  return board.offer_over_http(*SocketAddress::parse("127.0.0.1", port), notice, "text/x");
}

}  // namespace

TEST_CASE("a notice is told to whoever asks, in its newest form, until its board is gone") {
  const std::string name = own_name("local");
  CHECK_FALSE(ask_locally(name, 1s));
  Notice notice;
  notice.set("one");
  {
    NoticeBoard board;
    REQUIRE(board.offer_locally(name, notice).empty());
    CHECK(ask_locally(name, 1s) == "one");
    notice.set("two");
    CHECK(ask_locally(name, 1s) == "two");
    NoticeBoard second;
    CHECK_FALSE(second.offer_locally(name, notice).empty());
  }
  CHECK_FALSE(ask_locally(name, 1s));
}

TEST_CASE("an asker who never reads or never speaks holds up no one") {
  Notice notice;
  notice.set(std::string(8 * 1024 * 1024, 'x'));
  NoticeBoard board;
  const std::uint16_t port = test::closed_port();
  REQUIRE(offer(board, port, notice).empty());
  Client mute(port);
  Client deaf(port);
  deaf.say("GET /metrics HTTP/1.1\r\n\r\n");
  const std::string name = own_name("busy");
  Notice small;
  small.set("here");
  REQUIRE(board.offer_locally(name, small).empty());
  CHECK(ask_locally(name, 1s) == "here");
  CHECK(mute.hear().empty());  // let go after two seconds
}

TEST_CASE("many askers are all answered, sixteen at a time") {
  Notice notice;
  notice.set("page\n");
  NoticeBoard board;
  const std::uint16_t port = test::closed_port();
  REQUIRE(offer(board, port, notice).empty());
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 30; ++i) clients.push_back(std::make_unique<Client>(port));
  for (auto& client : clients) client->say("GET /metrics HTTP/1.0\r\n\r\n");
  for (auto& client : clients) CHECK(client->hear().ends_with("\r\n\r\npage\n"));
}

TEST_CASE("an address in use is said") {
  Notice notice;
  NoticeBoard board;
  const std::uint16_t port = test::closed_port();
  REQUIRE(offer(board, port, notice).empty());
  CHECK(offer(board, port, notice) == "Address already in use");
}

TEST_CASE("where no thread can be made, that is said, and signals are still heard") {
  pthread_attr_t usual{};
  REQUIRE(pthread_getattr_default_np(&usual) == 0);
  pthread_attr_t huge{};
  pthread_attr_init(&huge);
  pthread_attr_setstacksize(&huge, std::size_t{1} << 50);  // more than there are addresses for
  REQUIRE(pthread_setattr_default_np(&huge) == 0);
  Notice notice;
  NoticeBoard board;
  CHECK(offer(board, test::closed_port(), notice) == "Resource temporarily unavailable");
  CHECK(board.offer_locally(own_name("threadless"), notice) == "Resource temporarily unavailable");
  sigset_t blocked{};
  pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
  CHECK(sigismember(&blocked, SIGTERM) == 0);
  REQUIRE(pthread_setattr_default_np(&usual) == 0);
  CHECK(offer(board, test::closed_port(), notice).empty());
}

TEST_CASE("an HTTP request is answered by its first line") {
  const auto status = [](std::string_view request) {
    return answer_http(request, "page", "text/x").value_or("none").substr(0, 12);
  };
  CHECK(status("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n") == "HTTP/1.1 200");
  CHECK(status("GET /metrics?x=1 HTTP/1.0\n\n") == "HTTP/1.1 200");
  CHECK(status("HEAD /metrics HTTP/1.1\r\n\r\n") == "HTTP/1.1 200");
  CHECK(status("POST /metrics HTTP/1.1\r\n\r\n") == "HTTP/1.1 405");
  CHECK(status("GET / HTTP/1.1\r\n\r\n") == "HTTP/1.1 404");
  CHECK(status("GET /metrics\r\n\r\n") == "HTTP/1.1 400");
  CHECK(status("\x16\x03\x01\r\n\r\n") == "HTTP/1.1 400");
  CHECK(status("GET /metrics HTTP/1.1\r\n") == "none");
  CHECK(status(std::string(8 * 1024, 'x')) == "HTTP/1.1 431");
  CHECK(*answer_http("GET /metrics HTTP/1.1\r\n\r\n", "page", "text/x") ==
        "HTTP/1.1 200 OK\r\nContent-Type: text/x\r\nContent-Length: 4\r\nConnection: close\r\n\r\npage");
  CHECK(answer_http("HEAD /metrics HTTP/1.1\r\n\r\n", "page", "text/x")->ends_with("close\r\n\r\n"));
}

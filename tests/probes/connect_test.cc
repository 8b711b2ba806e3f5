#include "probes/connect.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "catch.h"
#include "peers.h"

using namespace vpcprobe;
using namespace vpcprobe::test;
using namespace std::chrono_literals;

namespace {

/// A listener whose queue is full: the kernel drops SYNs to it until `accept_one`.
class FullListener {
 public:
  FullListener() {
    CHECK(listen(listener_, 0) == 0);
    sockaddr_in own{};
    socklen_t size = sizeof own;
    CHECK(getsockname(listener_, reinterpret_cast<sockaddr*>(&own), &size) == 0);
    port_ = ntohs(own.sin_port);
    own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(::connect(filler_, reinterpret_cast<sockaddr*>(&own), size) == 0);
  }
  ~FullListener() {
    close(filler_);
    close(listener_);
  }
  FullListener(const FullListener&) = delete;
  FullListener& operator=(const FullListener&) = delete;

  void accept_one() { close(::accept(listener_, nullptr, nullptr)); }
  SocketAddress peer() const { return *SocketAddress::parse("127.0.0.1:" + std::to_string(port_), 0); }

 private:
  int listener_ = socket(AF_INET, SOCK_STREAM, 0);
  int filler_ = socket(AF_INET, SOCK_STREAM, 0);
  std::uint16_t port_ = 0;
};

constexpr std::array kAgain{40ms, 80ms};
const SynSchedule kQuick{kAgain, 120ms, 200ms};

struct Race {
  std::atomic<bool> stop{false};
  Loop loop{std::chrono::steady_clock::now() + 20s, stop};
  SynAnswers answers;
  Descriptors descriptors{100};
  SynPlan plan{kQuick, 400ms, &answers, &descriptors};
  Connection connection;

  const TcpObservation& run(SocketAddress peer) {
    loop.spawn(connect(peer));
    loop.run();
    return connection.seen;
  }
  Task<void> connect(SocketAddress peer) {
    Task<Connection> connected = connect_tcp(loop, peer, plan, nullptr);
    connection = co_await connected;
  }
};

Task<void> accept_after(Loop& loop, std::chrono::milliseconds pause, FullListener& listener) {
  Readiness never;
  Wait over(loop, never, 1, std::chrono::steady_clock::now() + pause);
  co_await over;
  listener.accept_one();
}

/// As a process that gets no processor for so long.
Task<void> stop_running(Loop& loop, std::chrono::milliseconds length) {
  Readiness never;
  Wait begin(loop, never, 1, std::chrono::steady_clock::now() + 1ms);
  co_await begin;
  poll(nullptr, 0, static_cast<int>(length.count()));
}

}  // namespace

TEST_CASE("a peer that answers gets one SYN") {
  const TcpPeer peer([](int fd) { wait_for_close(fd); });
  Race race;
  const TcpObservation& seen = race.run(*SocketAddress::parse("127.0.0.1:" + std::to_string(peer.port()), 0));
  CHECK(to_string(seen.status) == "ok");
  CHECK(seen.syn_retransmits == 0);
  CHECK(seen.rtt_us > 0);
  CHECK(race.connection.others.empty());
  CHECK(race.descriptors.open == 0);
}

TEST_CASE(
    "a silent peer gets every SYN, and its silence is believed before the time-out where others answer") {
  FullListener listener;
  Race race;
  race.answers.add(1ms);
  const TcpObservation& seen = race.run(listener.peer());
  CHECK(to_string(seen.status) == "timeout");
  CHECK(seen.error == 0);
  CHECK(seen.syn_retransmits == 2);
  CHECK(seen.elapsed >= 120ms);
  CHECK_FALSE(race.connection.socket);
  CHECK(race.descriptors.open == 0);
}

TEST_CASE("a process that did not run for a while still sends every SYN before it believes a silence") {
  FullListener listener;
  Race race;
  race.answers.add(1ms);
  race.loop.spawn(stop_running(race.loop, 300ms));
  const TcpObservation& seen = race.run(listener.peer());
  CHECK(to_string(seen.status) == "timeout");
  CHECK(seen.syn_retransmits == 2);
}

TEST_CASE("silence lasts for the whole time-out") {
  FullListener listener;
  Race race;
  SECTION("where nothing answers") {}
  SECTION("where another answers too slowly") { race.answers.add(40ms); }
  SECTION("where there is no descriptor for the further SYNs") {
    race.answers.add(1ms);
    race.descriptors.open = 60;
  }
  const TcpObservation& seen = race.run(listener.peer());
  CHECK(to_string(seen.status) == "timeout");
  CHECK(seen.elapsed >= 400ms);
  CHECK(seen.syn_retransmits == (race.descriptors.open == 60 ? 0 : 2));
}

TEST_CASE("an answer to a further SYN connects, and says how many were lost") {
  FullListener listener;
  Race race;
  race.loop.spawn(accept_after(race.loop, 20ms, listener));
  const TcpObservation& seen = race.run(listener.peer());
  CHECK(to_string(seen.status) == "ok");
  CHECK(seen.syn_retransmits == 1);
  CHECK(seen.elapsed >= 40ms);
  REQUIRE(race.connection.socket);
  CHECK(race.connection.others.size() == 1);
  CHECK(race.descriptors.open == 1);
  race.connection = {};
  CHECK(race.descriptors.open == 0);
}

TEST_CASE("a cancelled connect says how long it was silent") {
  FullListener listener;
  Race race;
  race.loop.end();
  const TcpObservation& seen = race.run(listener.peer());
  CHECK(to_string(seen.status) == "cancelled");
}

// How a request to an API ends, and in which words: those of no library.
#include "probes/http.h"

#include "catch.h"
#include "probes/peers.h"

using namespace vpcprobe;
using std::chrono::milliseconds;

namespace {

std::string url_of(std::uint16_t port) { return "http://127.0.0.1:" + std::to_string(port) + "/"; }

HttpReply get(const std::string& url, std::optional<milliseconds> timeout) {
  HttpRequest request{.url = url};
  request.timeout = timeout;
  const std::atomic<bool> stop{false};
  return fetch({request}, stop).front();
}

HttpReply answered(std::string_view answer) {
  const test::TcpPeer peer([&](int fd) {
    test::receive_some(fd);
    test::send_text(fd, answer);
  });
  return get(url_of(peer.port()), std::nullopt);
}

}  // namespace

TEST_CASE("no time left is a timeout at once, not a wait without end") {
  const test::TcpPeer peer([](int fd) { test::wait_for_close(fd); });
  const std::string url = url_of(peer.port());
  const HttpReply reply = get(url, milliseconds(0));
  CHECK(reply.failure == HttpFailure::timeout);
  CHECK(reply.error == "no whole answer in time");
  CHECK(get(url, milliseconds(-5)).failure == HttpFailure::timeout);
  CHECK(get(url, milliseconds(20)).failure == HttpFailure::timeout);
}

TEST_CASE("how a connection fails is said") {
  const HttpReply refused = get(url_of(test::closed_port()), milliseconds(2000));
  CHECK(refused.failure == HttpFailure::connect);
  CHECK(refused.error == "no connection: Connection refused");
  CHECK(answered("").error == "the connection ends without an answer");
  CHECK(answered("SSH-2.0-OpenSSH_9.2\r\n").error == "the answer is not HTTP");
  CHECK(answered("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf").error == "the answer ends too early");
  const HttpReply whole = answered("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole");
  CHECK(whole.error.empty());
  CHECK(whole.body == "whole");
}

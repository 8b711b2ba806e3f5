#include "probes/endpoint.h"

#include <openssl/ssl.h>
#include <sys/socket.h>

#include "catch.h"
#include "golden.h"
#include "peers.h"

using namespace vpcprobe;
using namespace vpcprobe::test;
using namespace std::chrono_literals;

namespace {

const std::string kName = "api.ecr.eu-west-1.amazonaws.com";
constexpr const char* kAwsAnswer =
    "HTTP/1.1 403 Forbidden\r\nServer: Server\r\nx-amzn-RequestId: 1234-abcd\r\n"
    "Date: Mon, 23 Nov 2026 22:31:00 GMT\r\nContent-Length: 0\r\n\r\n";

DnsPeer::Script answers(std::vector<std::string> addresses) {
  return [addresses](const DnsPeer::Query& query) {
    DnsPeer::Reply reply;
    if (!query.aaaa) reply.addresses = addresses;
    return reply;
  };
}

const std::atomic<bool>& never_stop() {
  static const std::atomic<bool> stop{false};
  return stop;
}

// One name at 127.0.0.1 behind a real resolver; what one run sees of it.
struct Scene {
  Authority authority;
  DnsPeer dns{answers({"127.0.0.1"})};
  ProbeSettings settings;
  Scene() {
    settings.resolvers = {*SocketAddress::parse(dns.resolver(), 53)};
    settings.more_roots = read_file(authority.file());
    settings.stage_timeout = 400ms;
  }
  AddressObservation see(const TcpPeer& peer) { return see(peer.port()); }
  AddressObservation see(std::uint16_t port) {
    const Observation seen = run_probes({Target{.host = kName, .port = port}}, {}, settings, never_stop());
    REQUIRE(seen.endpoints.size() == 1);
    REQUIRE(seen.endpoints[0].addresses.size() == 1);
    return seen.endpoints[0].addresses[0];
  }
  TlsServerScript server(const std::string& answer = kAwsAnswer) {
    TlsServerScript script;
    script.identity = authority.issue(kName);
    script.answer = answer;
    return script;
  }
  AddressObservation see(const TlsServerScript& script) {
    const TcpPeer peer([&script](int fd) { script.serve(fd); });
    return see(peer);
  }
};

TlsStatus tls_of(const AddressObservation& seen) {
  REQUIRE(seen.tcp);
  REQUIRE(to_string(seen.tcp->status) == "ok");
  REQUIRE(seen.tls);
  return seen.tls->status;
}

}  // namespace

TEST_CASE("a healthy address is seen through all stages") {
  Scene scene;
  const AddressObservation seen = scene.see(scene.server());
  CHECK(seen.address.to_string() == "127.0.0.1");
  REQUIRE(tls_of(seen) == TlsStatus::ok);
  CHECK(seen.tcp->rtt_us > 0);
  CHECK(seen.tls->version == "TLSv1.3");
  CHECK(seen.tls->bytes_in > 500);
  REQUIRE(seen.tls->chain);
  CHECK(seen.tls->chain->at(0).subject == "CN=" + kName);
  CHECK(seen.tls->chain->at(0).issuer == "CN=Test CA");
  CHECK(seen.tls->chain->at(0).dns_names == std::vector<std::string>{kName});
  REQUIRE(seen.http);
  CHECK(seen.http->status == HttpStatus::aws);
  CHECK(seen.http->code == 403);
  CHECK(seen.http->request_id == "1234-abcd");
  CHECK(seen.http->clock_offset);
}

TEST_CASE("ClientHello is one small packet, whichever OpenSSL is linked") {
  Scene scene;
  std::string hello;
  scene.see(TcpPeer([&hello](int fd) { hello = receive_some(fd); }));
  CHECK(hello.size() > 200);
  CHECK(hello.size() < 600);
  // RFC 8446 section 4.2.7: supported_groups (10), 8 bytes, a list of 6: x25519, secp256r1, secp384r1.
  constexpr std::string_view groups("\x00\x0a\x00\x08\x00\x06\x00\x1d\x00\x17\x00\x18", 12);
  CHECK(hello.find(groups) != std::string::npos);
}

TEST_CASE("a port where nothing listens refuses") {
  Scene scene;
  const AddressObservation seen = scene.see(closed_port());
  REQUIRE(seen.tcp);
  CHECK(seen.tcp->status == TcpStatus::refused);
  CHECK(seen.tcp->error == ECONNREFUSED);
  CHECK_FALSE(seen.tls);
}

TEST_CASE("a certificate that does not verify is evidence, not the end") {
  Scene scene;
  TlsServerScript script = scene.server();
  SECTION("issued by an unknown CA") {
    const Authority interceptor;
    script.identity = interceptor.issue(kName);
    const AddressObservation seen = scene.see(script);
    CHECK(tls_of(seen) == TlsStatus::untrusted);
    CHECK(seen.tls->chain->at(0).issuer == "CN=Test CA");
  }
  SECTION("for another name") {
    script.identity = scene.authority.issue("proxy.example.com");
    CHECK(tls_of(scene.see(script)) == TlsStatus::name_mismatch);
  }
  SECTION("over") {
    script.identity = scene.authority.issue(kName, -7200, -3600);
    CHECK(tls_of(scene.see(script)) == TlsStatus::expired);
  }
  SECTION("not begun") {
    script.identity = scene.authority.issue(kName, 3600, 7200);
    CHECK(tls_of(scene.see(script)) == TlsStatus::not_yet_valid);
  }
  SECTION("until the year 9999, later than WallTime can say") {
    constexpr long seven_thousand_years = 7000L * 365 * 86400;
    script.identity = Authority().issue(kName, -7200, seven_thousand_years);
    const AddressObservation seen = scene.see(script);
    CHECK(tls_of(seen) == TlsStatus::untrusted);
    const auto year = [](WallTime time) {
      return int(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(time)).year());
    };
    CHECK(year(seen.tls->chain->at(0).not_after) == 2262);
  }
}

TEST_CASE("each place where a handshake stops has its own status") {
  Scene scene;
  SECTION("silence after ClientHello") {
    const AddressObservation seen = scene.see(TcpPeer([](int fd) { wait_for_close(fd); }));
    CHECK(tls_of(seen) == TlsStatus::timeout);
    CHECK(seen.tls->bytes_in == 0);
    CHECK(seen.tls->elapsed >= 400ms);
  }
  SECTION("silence in the middle of the server's flight") {
    const AddressObservation seen = scene.see(TcpPeer([](int fd) {
      receive_some(fd);
      send_text(fd, std::string_view("\x16\x03\x03\x00\x7a\x02", 6));
      wait_for_close(fd);
    }));
    CHECK(tls_of(seen) == TlsStatus::timeout);
    CHECK(seen.tls->bytes_in == 6);
  }
  SECTION("RST after ClientHello") {
    CHECK(tls_of(scene.see(TcpPeer([](int fd) {
            receive_some(fd);
            reset_on_close(fd);
          }))) == TlsStatus::reset);
  }
  SECTION("FIN after ClientHello") {
    CHECK(tls_of(scene.see(TcpPeer([](int fd) { receive_some(fd); }))) == TlsStatus::closed);
  }
  SECTION("something that is not TLS") {
    CHECK(tls_of(scene.see(TcpPeer([](int fd) {
            send_text(fd, "SSH-2.0-OpenSSH_9.2\r\n");
            wait_for_close(fd);
          }))) == TlsStatus::not_tls);
    CHECK(tls_of(scene.see(TcpPeer([](int fd) {
            receive_some(fd);
            send_text(fd, "HTTP/1.1 400 Bad Request\r\n\r\n");
            wait_for_close(fd);
          }))) == TlsStatus::not_tls);
  }
  SECTION("only old versions") {
    TlsServerScript script = scene.server();
    script.max_version = TLS1_1_VERSION;
    CHECK(tls_of(scene.see(script)) == TlsStatus::version_refused);
  }
  SECTION("a fatal alert") {
    const AddressObservation seen = scene.see(TcpPeer([](int fd) {
      receive_some(fd);
      send_text(fd, std::string_view("\x15\x03\x03\x00\x02\x02\x28", 7));  // handshake_failure
      wait_for_close(fd);
    }));
    CHECK(tls_of(seen) == TlsStatus::alert);
    CHECK(seen.tls->alert == 40);
  }
}

TEST_CASE("whatever comes instead of an HTTP answer is bounded and named") {
  Scene scene;
  const auto http_of = [&](TlsServerScript script) {
    const AddressObservation seen = scene.see(script);
    REQUIRE(seen.http);
    return seen.http->status;
  };
  SECTION("no AWS header") {
    CHECK(http_of(scene.server("HTTP/1.1 403 Forbidden\r\nServer: squid\r\n\r\n")) == HttpStatus::not_aws);
  }
  SECTION("silence") { CHECK(http_of(scene.server("")) == HttpStatus::timeout); }
  SECTION("not HTTP") { CHECK(http_of(scene.server("220 smtp ready\r\n")) == HttpStatus::not_http); }
  SECTION("headers without end") {
    TlsServerScript script = scene.server();
    script.then = [](int, const auto& send) {
      send("HTTP/1.1 200 OK\r\n");
      const std::string header = "X-Filler: " + std::string(1000, 'x') + "\r\n";
      for (int i = 0; i < 100; ++i) send(header);
    };
    CHECK(http_of(script) == HttpStatus::too_large);
  }
  SECTION("FIN before the end of the head") {
    TlsServerScript script = scene.server();
    script.then = [](int, const auto& send) { send("HTTP/1.1 200 OK\r\nServer"); };
    CHECK(http_of(script) == HttpStatus::closed);
  }
  SECTION("RST before the end of the head") {
    TlsServerScript script = scene.server();
    script.then = [](int fd, const auto& send) {
      send("HTTP/1.1 200 OK\r\nServer");
      reset_on_close(fd);
    };
    CHECK(http_of(script) == HttpStatus::reset);
  }
}

TEST_CASE("the deadline ends a run whatever the peers do") {
  Scene scene;
  scene.settings.stage_timeout = 60s;
  scene.settings.deadline = 1s;
  const TcpPeer peer([](int fd) { wait_for_close(fd); });
  const Target target{.host = kName, .port = peer.port()};
  const Observation seen = run_probes({target}, {}, scene.settings, never_stop());
  CHECK_FALSE(seen.complete);
  CHECK(seen.duration >= 1s);
  CHECK(seen.duration < scene.settings.stage_timeout);
  REQUIRE(seen.endpoints[0].addresses.at(0).tls);
  CHECK(seen.endpoints[0].addresses[0].tls->status == TlsStatus::cancelled);
}

TEST_CASE("a signal ends a run with what was seen") {
  Scene scene;
  scene.settings.stage_timeout = 60s;
  std::atomic<bool> stop{false};
  const TcpPeer peer([&stop](int fd) {
    receive_some(fd);
    stop = true;
    wait_for_close(fd);
  });
  const Target target{.host = kName, .port = peer.port()};
  const Observation seen = run_probes({target}, {}, scene.settings, stop);
  CHECK_FALSE(seen.complete);
  CHECK(seen.duration < scene.settings.stage_timeout);
  CHECK(seen.endpoints[0].addresses.at(0).tcp->status == TcpStatus::ok);
}

TEST_CASE("every one of a thousand addresses is probed") {
  Scene scene;
  std::vector<std::string> many;
  for (int i = 0; i < 1000; ++i)
    many.push_back("127.1." + std::to_string(i / 250) + "." + std::to_string(i % 250 + 1));
  const DnsPeer dns(answers(many));
  scene.settings.resolvers = {*SocketAddress::parse(dns.resolver(), 53)};
  const Target target{.host = kName, .port = closed_port()};
  const Observation seen = run_probes({target}, {}, scene.settings, never_stop());
  REQUIRE(seen.endpoints[0].addresses.size() == 1000);
  for (const AddressObservation& address : seen.endpoints[0].addresses)
    REQUIRE(address.tcp->status == TcpStatus::refused);
}

TEST_CASE("a control is probed only where a name has a public answer") {
  Scene scene;
  const TcpPeer peer([](int fd) { wait_for_close(fd); });
  scene.settings.stage_timeout = 100ms;
  const Target target{.host = kName, .port = peer.port()};
  const Target control{.host = "s3.us-east-1.amazonaws.com", .port = peer.port(), .until = Until::tcp};
  SECTION("all inside") {
    const Observation seen = run_probes({target}, {control}, scene.settings, never_stop());
    CHECK_FALSE(seen.controls.at(0).dns);
  }
  SECTION("a public answer") {
    // 127.0.0.1 is loopback scope; a range that calls it ours leaves the target's other address public.
    const DnsPeer dns([](const DnsPeer::Query& query) {
      DnsPeer::Reply reply;
      if (!query.aaaa) reply.addresses = {query.name == kName ? "240.0.0.1" : "127.0.0.1"};
      return reply;
    });
    scene.settings.resolvers = {*SocketAddress::parse(dns.resolver(), 53)};
    const Observation seen = run_probes({target}, {control}, scene.settings, never_stop());
    CHECK(seen.controls.at(0).dns);
    CHECK(seen.complete);  // even where the control is cut: 240.0.0.1 may be unreachable at once
  }
}

TEST_CASE("an address literal is probed without a name") {
  Scene scene;
  const TlsServerScript script = scene.server();
  const TcpPeer peer([&script](int fd) { script.serve(fd); });
  const Target target{.host = "127.0.0.1", .port = peer.port()};
  const Observation seen = run_probes({target}, {}, scene.settings, never_stop());
  CHECK_FALSE(seen.endpoints.at(0).dns);
  REQUIRE(seen.endpoints[0].addresses.size() == 1);
  CHECK(tls_of(seen.endpoints[0].addresses[0]) == TlsStatus::name_mismatch);  // it is for the name
}

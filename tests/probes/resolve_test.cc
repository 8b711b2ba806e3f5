#include "probes/resolve.h"

#include "catch.h"
#include "peers.h"
#include "probes/dns_pace.h"
#include "probes/endpoint.h"

using namespace vpcprobe;
using namespace vpcprobe::test;
using namespace std::chrono_literals;

namespace {

const std::string kName = "logs.eu-west-1.amazonaws.com";

DnsObservation resolve(std::vector<std::string> resolvers, std::chrono::milliseconds timeout = 300ms) {
  ProbeSettings settings;
  for (const std::string& resolver : resolvers)
    settings.resolvers.push_back(*SocketAddress::parse(resolver, 53));
  settings.stage_timeout = timeout;
  const std::atomic<bool> stop{false};
  const Observation seen = run_probes({Target{.host = kName, .port = closed_port()}}, {}, settings, stop);
  REQUIRE(seen.endpoints.at(0).dns);
  return *seen.endpoints[0].dns;
}

std::vector<std::string> texts(const std::vector<IpAddress>& addresses) {
  std::vector<std::string> out;
  for (const IpAddress& address : addresses) out.push_back(address.to_string());
  return out;
}

using Reply = DnsPeer::Reply;
using Query = DnsPeer::Query;
using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("A and AAAA, the chain of CNAMEs and the TTL") {
  const DnsPeer dns([](const Query& query) {
    Reply reply;
    reply.cnames = {"one.example.com", "two.example.com"};
    reply.addresses = query.aaaa ? Texts{"::1"} : Texts{"127.0.0.1", "127.0.0.2"};
    return reply;
  });
  const DnsObservation seen = resolve({dns.resolver()});
  CHECK(to_string(seen.status) == "ok");
  CHECK(texts(seen.addresses) == Texts{"127.0.0.1", "127.0.0.2", "::1"});
  CHECK(seen.cnames == Texts{"one.example.com", "two.example.com"});
  CHECK(seen.resolvers.at(0).ttl == 60U);
}

TEST_CASE("every way a name can fail has its own status") {
  struct Row {
    int rcode;
    const char* status;
  };
  for (const Row& row :
       {Row{0, "no_data"}, Row{2, "server_failure"}, Row{3, "not_found"}, Row{5, "refused"}}) {
    const DnsPeer dns([&row](const Query&) {
      Reply reply;
      reply.rcode = row.rcode;
      return reply;
    });
    CHECK(to_string(resolve({dns.resolver()}).status) == row.status);
  }
}

TEST_CASE(
    "a silent resolver is asked twice within 300 ms, then it is a timeout; a closed port is unreachable") {
  std::atomic<int> asked[2]{};
  const DnsPeer dns([&asked](const Query& query) {
    ++asked[query.aaaa ? 1 : 0];
    Reply reply;
    reply.silent = true;
    return reply;
  });
  const DnsObservation silent = resolve({dns.resolver()}, 300ms);
  CHECK(to_string(silent.status) == "timeout");
  CHECK(silent.elapsed >= 300ms);
  CHECK(asked[0] == 2);
  CHECK(asked[1] == 2);
  CHECK(to_string(resolve({"127.0.0.1:" + std::to_string(closed_port())}).status) == "unreachable");
}

namespace {

Task<void> keep_answer(Resolver& resolver, ResolverAnswer& kept) {
  Task<ResolverAnswer> asked = resolver.ask(kName, true, true, nullptr);
  kept = co_await asked;
}

}  // namespace

TEST_CASE("questions beyond the pace wait for their turn, which is no silence") {
  const DnsPeer dns([](const Query& query) {
    Reply reply;
    if (!query.aaaa) reply.addresses = {"127.0.0.1"};
    return reply;
  });
  const std::atomic<bool> stop{false};
  const auto begun = std::chrono::steady_clock::now();
  Loop loop(begun + 20s, stop);
  DnsPace pace(4);
  Resolver resolver(loop, *SocketAddress::parse(dns.resolver(), 53), 900ms, pace);
  std::vector<ResolverAnswer> answers(3);  // six questions
  for (ResolverAnswer& answer : answers) loop.spawn(keep_answer(resolver, answer));
  loop.run();
  CHECK(std::chrono::steady_clock::now() - begun >= 1s);
  for (const ResolverAnswer& answer : answers) CHECK(to_string(answer.status) == "ok");
}

TEST_CASE("a truncated answer is asked again over TCP") {
  std::atomic<int> over_tcp{0};
  const DnsPeer dns([&over_tcp](const Query& query) {
    Reply reply;
    reply.truncated = !query.tcp;
    if (query.tcp) ++over_tcp;
    if (query.tcp && !query.aaaa)
      for (int i = 1; i <= 60; ++i) reply.addresses.push_back("127.0.1." + std::to_string(i));
    return reply;
  });
  const DnsObservation seen = resolve({dns.resolver()});
  CHECK(to_string(seen.status) == "ok");
  CHECK(seen.addresses.size() == 60);
  CHECK(over_tcp == 2);
}

TEST_CASE("garbage and loops end") {
  SECTION("bytes that are no DNS") {
    const DnsPeer dns([](const Query&) {
      Reply reply;
      reply.raw = std::string(40, '\xff');
      return reply;
    });
    CHECK(to_string(resolve({dns.resolver()}).status) != "ok");
  }
  SECTION("a CNAME that points at itself") {
    const DnsPeer dns([](const Query&) {
      Reply reply;
      reply.cnames = {kName, kName};
      return reply;
    });
    CHECK(resolve({dns.resolver()}).addresses.empty());
  }
}

TEST_CASE("each resolver is asked for itself") {
  const DnsPeer inside([](const Query& query) {
    Reply reply;
    if (!query.aaaa) reply.addresses = {"127.0.0.1"};
    return reply;
  });
  const DnsPeer outside([](const Query& query) {
    Reply reply;
    if (!query.aaaa) reply.addresses = {"127.0.0.9", "127.0.0.1"};
    return reply;
  });
  const DnsPeer silent([](const Query&) {
    Reply reply;
    reply.silent = true;
    return reply;
  });
  const DnsObservation seen = resolve({silent.resolver(), inside.resolver(), outside.resolver()});
  REQUIRE(seen.resolvers.size() == 3);
  CHECK(to_string(seen.resolvers[0].status) == "timeout");
  CHECK(to_string(seen.status) == "ok");
  CHECK(texts(seen.resolvers[1].addresses) == Texts{"127.0.0.1"});
  CHECK(texts(seen.resolvers[2].addresses) == Texts{"127.0.0.9", "127.0.0.1"});
  CHECK(texts(seen.addresses) == Texts{"127.0.0.1", "127.0.0.9"});
}

namespace {

/// A resolver whose UDP answers are truncated at every question, and what it says over TCP.
DnsPeer::Script truncating(std::function<void(Reply&)> over_tcp) {
  return [over_tcp](const Query& query) {
    Reply reply;
    reply.truncated = !query.tcp;
    if (!query.tcp) return reply;
    if (!query.aaaa) reply.addresses = {"127.0.0.1"};
    over_tcp(reply);
    return reply;
  };
}

/// A resolver that answers questions without EDNS only; what it does with the others.
DnsPeer::Script plain_only(std::function<void(Reply&)> with_edns) {
  return [with_edns](const Query& query) {
    Reply reply;
    if (query.edns) {
      with_edns(reply);
    } else if (!query.aaaa) {
      reply.addresses = {"127.0.0.1"};
    }
    return reply;
  };
}

void check_address(const DnsPeer& dns) {
  const DnsObservation seen = resolve({dns.resolver()}, 20s);
  CHECK(to_string(seen.status) == "ok");
  CHECK(texts(seen.addresses) == Texts{"127.0.0.1"});
  CHECK(seen.elapsed < 20s);
}

constexpr int kFormErr = 1;
constexpr int kServFail = 2;
constexpr int kNotImp = 4;

/// A header alone, as servers older than EDNS send it: no question, nothing else.
std::string header_only(int rcode) {
  return std::string("\x80", 1) + static_cast<char>(0x80 | rcode) + std::string(8, '\0');
}

}  // namespace

TEST_CASE("a resolver that closes TCP connections is asked again over a new one") {
  SECTION("it takes one question per connection") {
    const DnsPeer dns(truncating([](Reply& reply) { reply.closes = true; }));
    check_address(dns);
  }
  SECTION("it closes the first connections without an answer") {
    // Two of each question: a connection is tried three times.
    std::atomic<int> closed_for[2]{};
    const DnsPeer dns([&closed_for](const Query& query) {
      Reply reply;
      reply.truncated = !query.tcp;
      if (!query.tcp) return reply;
      reply.silent = reply.closes = closed_for[query.aaaa ? 1 : 0]++ < 2;
      if (!query.aaaa) reply.addresses = {"127.0.0.1"};
      return reply;
    });
    check_address(dns);
  }
  SECTION("it answers the first with bytes that are no answer") {
    std::atomic<int> wrong{0};
    const DnsPeer dns(truncating([&wrong](Reply& reply) {
      if (wrong++ < 2) reply.raw = "\x81";
    }));
    check_address(dns);
  }
}

TEST_CASE("a resolver that does not know EDNS is asked again without it, for each question") {
  SECTION("FORMERR") {
    check_address(DnsPeer(plain_only([](Reply& reply) { reply.rcode = kFormErr; })));
  }
  SECTION("FORMERR as a header alone") {
    check_address(DnsPeer(plain_only([](Reply& reply) { reply.raw = header_only(kFormErr); })));
  }
  SECTION("NOTIMP") {
    check_address(DnsPeer(plain_only([](Reply& reply) { reply.rcode = kNotImp; })));
  }
  SECTION("SERVFAIL") {
    check_address(DnsPeer(plain_only([](Reply& reply) { reply.rcode = kServFail; })));
  }
  SECTION("silence") {
    const DnsPeer dns(plain_only([](Reply& reply) { reply.silent = true; }));
    CHECK(texts(resolve({dns.resolver()}, 3000ms).addresses) == Texts{"127.0.0.1"});
  }
  SECTION("for one type only") {
    const DnsPeer dns([](const Query& query) {
      Reply reply;
      if (query.aaaa && query.edns) reply.rcode = kFormErr;
      if (!query.aaaa && !query.edns) reply.rcode = kServFail;
      if (reply.rcode == 0) reply.addresses = query.aaaa ? Texts{"::1"} : Texts{"127.0.0.1"};
      return reply;
    });
    CHECK(texts(resolve({dns.resolver()}).addresses) == Texts{"127.0.0.1", "::1"});
  }
  SECTION("many names at once") {
    const DnsPeer dns(plain_only([](Reply& reply) { reply.rcode = kFormErr; }));
    ProbeSettings settings;
    settings.resolvers = {*SocketAddress::parse(dns.resolver(), 53)};
    std::vector<Target> targets;
    for (int i = 0; i < 20; ++i)
      targets.push_back(Target{.host = "name" + std::to_string(i) + ".example.com", .port = closed_port()});
    const std::atomic<bool> stop{false};
    const Observation seen = run_probes(targets, {}, settings, stop);
    for (const EndpointObservation& endpoint : seen.endpoints)
      CHECK(to_string(endpoint.dns.value().status) == "ok");
  }
}

TEST_CASE("an error stays an error when it is asked again without EDNS") {
  const DnsPeer dns([](const Query&) {
    Reply reply;
    reply.rcode = kFormErr;
    return reply;
  });
  CHECK(to_string(resolve({dns.resolver()}).status) == "malformed");
}

TEST_CASE("truncated answers without an answer over TCP are told from silence") {
  SECTION("TCP is refused") {
    const DnsPeer dns(truncating([](Reply&) {}), DnsPeer::Tcp::refused);
    const DnsObservation seen = resolve({dns.resolver()}, 20s);
    CHECK(to_string(seen.status) == "truncated");
    CHECK(seen.elapsed < 20s);
  }
  SECTION("TCP connects and is closed each time") {
    const DnsPeer dns(truncating([](Reply& reply) { reply.silent = reply.closes = true; }));
    const DnsObservation seen = resolve({dns.resolver()}, 20s);
    CHECK(to_string(seen.status) == "truncated");
    CHECK(seen.elapsed < 20s);
    CHECK(dns.connections() == 6);
  }
  SECTION("TCP connects and stays silent") {
    const DnsPeer dns(truncating([](Reply& reply) { reply.silent = true; }));
    const DnsObservation seen = resolve({dns.resolver()}, 300ms);
    CHECK(to_string(seen.status) == "truncated");
    CHECK(seen.elapsed >= 290ms);
  }
  SECTION("addresses of one type make up for the other's truncated answer") {
    const DnsPeer dns(
        [](const Query& query) {
          Reply reply;
          reply.truncated = query.aaaa;
          if (!query.aaaa) reply.addresses = {"127.0.0.1"};
          return reply;
        },
        DnsPeer::Tcp::refused);
    CHECK(to_string(resolve({dns.resolver()}).status) == "ok");
  }
}

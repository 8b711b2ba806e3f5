#include "probes/resolve.h"

#include "catch.h"
#include "peers.h"
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

TEST_CASE("a silent resolver is a timeout, a closed port is unreachable") {
  const DnsPeer dns([](const Query&) {
    Reply reply;
    reply.silent = true;
    return reply;
  });
  const DnsObservation silent = resolve({dns.resolver()});
  CHECK(to_string(silent.status) == "timeout");
  CHECK(silent.elapsed >= 190ms);
  CHECK(silent.elapsed < 450ms);
  CHECK(to_string(resolve({"127.0.0.1:" + std::to_string(closed_port())}).status) == "unreachable");
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

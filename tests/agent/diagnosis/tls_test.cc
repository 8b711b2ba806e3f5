// What is said to be behind handshakes that fail.
#include "catch.h"
#include "scenarios/world.h"
#include "text.h"

using namespace vpcprobe;
using scenarios::World;

namespace {

Finding finding_of(std::uint16_t port, TlsStatus status, std::uint64_t bytes_in) {
  World world;
  world.add_target("db.example", port, {"10.0.1.50"});
  world.tls("db.example", status);
  world.at("db.example", "10.0.1.50").tls->bytes_in = bytes_in;
  return world.report().findings.at(0);
}

}  // namespace

TEST_CASE("a port of one's own may speak something else than TLS, and can be asked by TCP alone") {
  constexpr std::uint16_t postgresql = 5432;
  for (const TlsStatus status : {TlsStatus::closed, TlsStatus::reset, TlsStatus::timeout}) {
    const Finding finding = finding_of(postgresql, status, 0);
    INFO(finding.code);
    CHECK(has(finding.causes.at(0).text, "does not begin with TLS"));
    CHECK(commands_have(finding, "--target tcp://db.example:5432"));
  }
  CHECK(has(finding_of(postgresql, TlsStatus::not_tls, 80).causes.at(0).text, "does not begin with TLS"));
}

TEST_CASE("what answered in TLS, or listens on 443, is not taken for a database") {
  constexpr std::uint16_t https = 443;
  CHECK_FALSE(has(finding_of(5432, TlsStatus::timeout, 3000).causes.at(0).text, "does not begin with TLS"));
  CHECK_FALSE(has(finding_of(https, TlsStatus::reset, 0).causes.at(0).text, "does not begin with TLS"));
}

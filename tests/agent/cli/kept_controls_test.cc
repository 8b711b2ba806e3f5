#include "agent/cli/kept_controls.h"

#include "catch.h"

using namespace vpcprobe;
using namespace std::chrono_literals;

namespace {

using Controls = std::vector<EndpointObservation>;

Controls controls(TcpStatus status, Elapsed elapsed = 360ms) {
  EndpointObservation control;
  control.dns.emplace().status = DnsStatus::ok;
  control.addresses.emplace_back().tcp.emplace().status = status;
  control.addresses.back().tcp->elapsed = elapsed;
  return {control};
}

const KeptControls::TimePoint kStart{1000h};

}  // namespace

TEST_CASE("controls that were cut get what they said in an earlier round") {
  KeptControls kept;
  CHECK(kept.are_due(kStart));
  Controls first = controls(TcpStatus::timeout);
  kept.update(first, kStart);
  CHECK_FALSE(kept.are_due(kStart + 9min));
  for (Controls cut : {controls(TcpStatus::cancelled, 5ms), [] {
                         Controls unresolved(1);
                         unresolved[0].dns.emplace().status = DnsStatus::cancelled;
                         return unresolved;
                       }()}) {
    kept.update(cut, kStart + 9min);
    REQUIRE(cut.at(0).addresses.size() == 1);
    CHECK(cut[0].addresses[0].tcp->status == TcpStatus::timeout);
    CHECK(cut[0].addresses[0].tcp->elapsed == 360ms);
  }
}

TEST_CASE("what controls said is kept for ten minutes") {
  KeptControls kept;
  Controls first = controls(TcpStatus::timeout);
  kept.update(first, kStart);
  CHECK(kept.are_due(kStart + 10min));
  Controls cut = controls(TcpStatus::cancelled);
  kept.update(cut, kStart + 10min);
  CHECK(cut[0].addresses[0].tcp->status == TcpStatus::cancelled);
}

TEST_CASE("a newer word of a control replaces the older") {
  KeptControls kept;
  Controls first = controls(TcpStatus::timeout);
  kept.update(first, kStart);
  Controls second = controls(TcpStatus::ok);
  kept.update(second, kStart + 9min);
  CHECK_FALSE(kept.are_due(kStart + 18min));
  Controls cut = controls(TcpStatus::cancelled);
  kept.update(cut, kStart + 18min);
  CHECK(cut[0].addresses[0].tcp->status == TcpStatus::ok);
}

TEST_CASE("a round without a public answer needs no controls, and gets none") {
  KeptControls kept;
  Controls first = controls(TcpStatus::timeout);
  kept.update(first, kStart);
  Controls none(1);
  kept.update(none, kStart + 1min);
  CHECK(none[0].addresses.empty());
  CHECK_FALSE(none[0].dns);
}

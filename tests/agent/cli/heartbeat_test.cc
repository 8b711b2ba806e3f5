#include "agent/cli/heartbeat.h"

#include "catch.h"

using namespace vpcprobe;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds kNow{1'000'000};

Heartbeat beating() { return {Verdict::pass, 0, "pass", "2026-11-02T09:30:00.250Z", kNow + 10s}; }

}  // namespace

TEST_CASE("a heartbeat comes back as it was written") {
  const auto read = parse_heartbeat(to_text(beating()));
  REQUIRE(read);
  CHECK(read->verdict == Verdict::pass);
  CHECK(read->exit_code == 0);
  CHECK(read->state == "pass");
  CHECK(read->since == "2026-11-02T09:30:00.250Z");
  CHECK(read->due_by == kNow + 10s);
  CHECK_FALSE(parse_heartbeat(to_text(Heartbeat{}))->verdict);
}

TEST_CASE("a text that is no heartbeat is none") {
  const std::string whole = to_text(beating());
  for (std::size_t length = 0; length + 26 < whole.size(); ++length) {
    INFO(length);
    CHECK_FALSE(parse_heartbeat(whole.substr(0, length)));
  }
  for (const char* text : {"", "\n", "vpc-probe watch 2\n1\nnone\n", "vpc-probe watch 1\nsoon\nnone\n",
                           "vpc-probe watch 1\n1x\nnone\n", "vpc-probe watch 1\n1\nfine\n0\npass\nnow\n",
                           "vpc-probe watch 1\n1\npass\n\npass\nnow\n"})
    CHECK_FALSE(parse_heartbeat(text));
}

TEST_CASE("health is a watch that is alive, on time and passing") {
  CHECK(judge(to_text(beating()), kNow).healthy);
  CHECK(judge(to_text(beating()), kNow).why == "pass since 2026-11-02T09:30:00.250Z");
  CHECK(judge(to_text(beating()), kNow + 10s).healthy);

  const Health late = judge(to_text(beating()), kNow + 22s);
  CHECK_FALSE(late.healthy);
  CHECK(late.why == "the watch hangs: its round is overdue by 12 s");

  Heartbeat failing = beating();
  failing.verdict = Verdict::fail;
  failing.exit_code = 23;
  failing.state = "gateway-route-missing";
  const Health broken = judge(to_text(failing), kNow);
  CHECK_FALSE(broken.healthy);
  CHECK(broken.why == "gateway-route-missing since 2026-11-02T09:30:00.250Z");

  Heartbeat fresh;
  fresh.due_by = kNow + 1s;
  CHECK(judge(to_text(fresh), kNow).why == "no verdict yet");
  CHECK_FALSE(judge(to_text(fresh), kNow).healthy);
  CHECK_FALSE(judge(std::nullopt, kNow).healthy);
  CHECK_FALSE(judge("hello", kNow).healthy);
}

TEST_CASE("two containers of a task have watches of their own") {
  const auto name = [](const char* uri) {
    return heartbeat_name([uri](const char* key) {
      return std::string_view(key) == "ECS_CONTAINER_METADATA_URI_V4" ? uri : nullptr;
    });
  };
  const std::string one = name("http://169.254.170.2/v4/0123456789abcdef0123456789abcdef-0527074092");
  const std::string two = name("http://169.254.170.2/v4/0123456789abcdef0123456789abcdef-2531612879");
  CHECK(one != two);
  CHECK(one.size() <= 100);
  CHECK(name(nullptr) != one);
  CHECK(name(std::string(500, 'x').c_str()).size() <= 100);
}

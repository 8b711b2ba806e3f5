#include "agent/diagnosis/history.h"

#include "agent/diagnosis/report_samples.h"
#include "agent/render/render.h"
#include "catch.h"
#include "golden.h"

using namespace vpcprobe;
using namespace std::chrono_literals;

namespace {

/// Adds a report that began `after` the first one.
Report& at(Timeline& timeline, Report& report, std::chrono::seconds after) {
  report.started_at += after;
  timeline.add(report);
  return report;
}

Stability after(const std::vector<bool>& failed) {
  Timeline timeline;
  Report report;
  for (const bool fails : failed) {
    report = fails ? samples::failing() : samples::passing();
    timeline.add(report);
  }
  return report.history->stability;
}

}  // namespace

TEST_CASE("the first round has no state before it") {
  Timeline timeline;
  Report first = samples::failing();
  timeline.add(first);
  const History& history = *first.history;
  CHECK(history.round == 1);
  CHECK(history.state == "gateway-route-missing");
  CHECK(history.since == first.started_at);
  CHECK_FALSE(history.changed);
  CHECK_FALSE(history.previous);
  CHECK(change_words(history).empty());
}

TEST_CASE("a change names both states and how long the first one lasted") {
  Timeline timeline;
  Report broken = samples::failing();
  Report again = samples::failing();
  Report fixed = samples::passing();
  at(timeline, broken, 0s);
  at(timeline, again, 30s);
  CHECK_FALSE(again.history->changed);
  CHECK(again.history->since == broken.started_at);
  at(timeline, fixed, 74s);
  CHECK(fixed.history->changed);
  CHECK(fixed.history->round == 3);
  CHECK(change_words(*fixed.history) == "gateway-route-missing → pass after 74 s");
  REQUIRE(fixed.history->previous);
  CHECK(fixed.history->previous->verdict == Verdict::fail);
  CHECK(fixed.history->previous->exit_code == 23);
  CHECK(fixed.history->previous->since == broken.started_at);
  Report later = samples::passing();
  at(timeline, later, 60min);
  CHECK_FALSE(later.history->changed);
  CHECK(later.history->previous->exit_code == 23);
  CHECK(later.history->since == fixed.started_at);
  check_golden("json.repeated.json", render_json(fixed, Style{}));
  check_golden("text.repeated.txt", render_text(fixed, Style{}));
  CHECK(render_text(fixed, Style{false, false}).find("gateway-route-missing -> pass after 74 s\n") !=
        std::string::npos);
}

TEST_CASE("the same code at another endpoint is a change, a notice or a consequence is none") {
  Timeline timeline;
  Report one = samples::failing();
  Report noted = samples::failing();
  noted.findings.push_back(samples::passing().findings.front());
  noted.findings.pop_back();
  Report moved = samples::failing();
  moved.findings.front().endpoint = "dynamodb";
  at(timeline, one, 0s);
  CHECK_FALSE(at(timeline, noted, 10s).history->changed);
  CHECK(at(timeline, moved, 7200s).history->changed);
  CHECK(change_words(*moved.history) == "gateway-route-missing → gateway-route-missing elsewhere after 2 h");
}

TEST_CASE("a warning is a state of its own") {
  Timeline timeline;
  Report fine = samples::passing();
  Report fragile = samples::warnings();
  at(timeline, fine, 0s);
  at(timeline, fragile, 600s);
  CHECK(change_words(*fragile.history) == "pass → warn (packet-loss and single-zone-endpoint) after 10 min");
}

TEST_CASE("an outage lasts, flapping comes and goes") {
  CHECK(after({false, false}) == Stability::steady);
  CHECK(after({true}) == Stability::outage);
  CHECK(after({false, true, true, true}) == Stability::outage);
  CHECK(after({true, true, false}) == Stability::steady);
  CHECK(after({false, true, false}) == Stability::steady);
  CHECK(after({false, true, false, true}) == Stability::flapping);
  CHECK(after({true, false, true, false}) == Stability::flapping);
  CHECK(after({false, true, false, true, true, true, true, true, true, true}) == Stability::flapping);
  CHECK(after({false, true, false, true, true, true, true, true, true, true, true}) == Stability::outage);
  std::vector<bool> long_ago(1000, false);
  long_ago[3] = long_ago[7] = true;
  CHECK(after(long_ago) == Stability::steady);
}

TEST_CASE("a round without a verdict is neither working nor failing") {
  Timeline timeline;
  for (int i = 0; i < 6; ++i) {
    Report cut = samples::incomplete();
    Report fine = samples::passing();
    timeline.add(cut);
    timeline.add(fine);
    CHECK(cut.history->state == "incomplete");
    CHECK(fine.history->stability == Stability::steady);
  }
}

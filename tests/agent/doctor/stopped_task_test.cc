#include "agent/doctor/stopped_task.h"

#include "catch.h"

using namespace vpcprobe;

namespace {

Explanation silent_logs() {
  Explanation explanation;
  explanation.exit_code = 24;
  explanation.summary = "CloudWatch Logs does not answer";
  return explanation;
}

Diagnosis prediction(Verdict verdict, int exit_code) {
  Diagnosis diagnosis;
  diagnosis.verdict = verdict;
  diagnosis.exit_code = exit_code;
  diagnosis.summary = "the configuration allows every path";
  return diagnosis;
}

}  // namespace

TEST_CASE("a task that stopped fails, also where the configuration now allows everything", "[doctor]") {
  Diagnosis diagnosis = prediction(Verdict::pass, 0);
  add_explanation(diagnosis, silent_logs());
  CHECK(diagnosis.verdict == Verdict::fail);
  CHECK(diagnosis.exit_code == 24);
  CHECK(diagnosis.summary == "CloudWatch Logs does not answer; the configuration, as it is now, allows it");
  REQUIRE(diagnosis.explanation);
  CHECK(diagnosis.explanation->exit_code == 24);
}

TEST_CASE("configuration that was not seen is not called open", "[doctor]") {
  Diagnosis diagnosis = prediction(Verdict::incomplete, 3);
  add_explanation(diagnosis, silent_logs());
  CHECK(diagnosis.exit_code == 24);
  CHECK(diagnosis.summary ==
        "CloudWatch Logs does not answer; the configuration that was seen does not show the cause");
}

TEST_CASE("a culprit, a measurement or an unknown message leaves the verdict as it is", "[doctor]") {
  SECTION("culprit") {
    Diagnosis diagnosis = prediction(Verdict::fail, 21);
    diagnosis.culprits.emplace_back();
    add_explanation(diagnosis, silent_logs());
    CHECK(diagnosis.exit_code == 21);
  }
  SECTION("measurement") {
    Diagnosis diagnosis = prediction(Verdict::pass, 0);
    diagnosis.measured = true;
    add_explanation(diagnosis, silent_logs());
    CHECK(diagnosis.exit_code == 0);
  }
  SECTION("unknown message") {
    Diagnosis diagnosis = prediction(Verdict::pass, 0);
    Explanation unknown;
    add_explanation(diagnosis, unknown);
    CHECK(diagnosis.exit_code == 0);
    CHECK(diagnosis.explanation);
  }
}

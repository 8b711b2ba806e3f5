#include "agent/doctor/stopped_task.h"

#include "agent/doctor/read_configuration.h"
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

Configuration tasks_of(const std::string& list) {
  Configuration configuration;
  REQUIRE(read_configuration("{\"tasks\":[" + list + "]}", configuration));
  return configuration;
}

std::string stopped(const char* id, const char* code, const char* time, const char* reason) {
  return std::string(R"({"taskArn":")") + id + R"(","lastStatus":"STOPPED","stopCode":")" + code +
         R"(","stoppedAt":)" + time + R"(,"stoppedReason":")" + reason + "\"}";
}

constexpr const char* kUnreachable =
    "CannotPullContainerError: dial tcp 10.0.1.10:443: i/o timeout on api.ecr.eu-west-1.amazonaws.com";

}  // namespace

TEST_CASE("the task that tells most failed, and stopped last", "[doctor]") {
  const std::string scaled = stopped("c", "ServiceSchedulerInitiated", "1.8E9", "Scaling activity");
  const std::string before = stopped("a", "TaskFailedToStart", "1.699999999123E9", "x");
  const std::string last = stopped("b", "TaskFailedToStart", "1700000000", kUnreachable);
  const Configuration tasks = tasks_of(scaled + "," + last + "," + before);
  REQUIRE(last_task(tasks) != nullptr);
  CHECK(last_task(tasks)->arn == "b");
  CHECK(last_task(tasks)->document == last);
  Diagnosis diagnosis;
  add_last_task(diagnosis, tasks, "eu-west-1");
  REQUIRE(diagnosis.explanation);
  CHECK(diagnosis.explanation->messages.front().said.text == kUnreachable);
  CHECK(diagnosis.stopped_at == 1.7e9);
  CHECK(last_task({}) == nullptr);
}

TEST_CASE("times as the AWS CLI prints them are in order", "[doctor]") {
  const std::string early = stopped("b", "TaskFailedToStart", R"("2026-11-24T23:59:59.5+01:00")", "x");
  const std::string late = stopped("a", "TaskFailedToStart", R"("2026-11-25T00:00:01.5+01:00")", "y");
  CHECK(last_task(tasks_of(late + "," + early))->arn == "a");
}

TEST_CASE("a task that runs has nothing to explain", "[doctor]") {
  for (const Configuration& none : {Configuration(), tasks_of(R"({"taskArn":"a","lastStatus":"RUNNING"})")}) {
    Diagnosis diagnosis;
    add_last_task(diagnosis, none, "");
    CHECK_FALSE(diagnosis.explanation);
    CHECK(diagnosis.stopped_at == 0);
  }
}

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

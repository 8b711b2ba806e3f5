#include "agent/doctor/ecs_event.h"

#include "catch.h"

using namespace vpcprobe;

namespace {

std::string event_of(const char* type, const std::string& detail, const std::string& resource = "") {
  return std::string(R"({"version":"0","id":"1","source":"aws.ecs","detail-type":")") + type +
         R"(","account":"111122223333","time":"2026-11-27T08:40:00Z","region":"eu-west-1","resources":[)" +
         (resource.empty() ? "" : "\"" + resource + "\"") + R"(],"detail":)" + detail + "}";
}

std::string task_event(const std::string& members) {
  return event_of("ECS Task State Change",
                  R"({"clusterArn":"arn:aws:ecs:eu-west-1:111122223333:cluster/c1",
                      "taskArn":"arn:aws:ecs:eu-west-1:111122223333:task/c1/0123abcd",)" +
                      members + "}");
}

/// "failure c1/web cluster=c1 service=web region=eu-west-1", why nothing is to do, or what is wrong.
std::string read(const std::string& json) {
  const auto event = read_ecs_event(json);
  if (!event) return event.error().message;
  if (!event.value()) return "options";
  const DoctorEvent& asked = *event.value();
  if (!asked.nothing.empty()) return "nothing: " + asked.nothing;
  constexpr std::array kTones{"failure", "recovery", "question"};
  std::string text = std::string(kTones.at(static_cast<std::size_t>(asked.tone))) + " " + asked.subject;
  for (const SaidOption& option : asked.options) text += " " + option.name + "=" + option.values.front();
  return text;
}

constexpr const char* kService = "arn:aws:ecs:eu-west-1:111122223333:service/c1/web";
constexpr const char* kWeb = "failure c1/web cluster=c1 service=web region=eu-west-1";

}  // namespace

TEST_CASE("a task that failed to start asks about its service", "[event]") {
  CHECK(read(task_event(R"("group":"service:web","lastStatus":"STOPPED","stopCode":"TaskFailedToStart")")) ==
        kWeb);
  CHECK(read(task_event(R"("group":"service:web","lastStatus":"STOPPED",
                           "stoppedReason":"ResourceInitializationError: unable to pull secrets")")) == kWeb);
  CHECK(read(task_event(R"("group":"service:web","lastStatus":"STOPPED","stopCode":"EssentialContainerExited",
                           "containers":[{},{"reason":"CannotPullContainerError: x"}])")) == kWeb);
}

TEST_CASE("a task of no service asks about itself, and its family shares the fault", "[event]") {
  CHECK(
      read(task_event(R"("group":"family:migrate","lastStatus":"STOPPED","stopCode":"TaskFailedToStart")")) ==
      "failure c1/family:migrate cluster=c1 task=0123abcd region=eu-west-1");
  CHECK(read(task_event(R"("lastStatus":"STOPPED","stopCode":"TaskFailedToStart")")) ==
        "failure c1/task:0123abcd cluster=c1 task=0123abcd region=eu-west-1");
  CHECK(read(task_event(R"("group":"family:migrate","lastStatus":"RUNNING","desiredStatus":"RUNNING")")) ==
        "recovery c1/family:migrate cluster=c1 task=0123abcd region=eu-west-1");
}

TEST_CASE("what is no failure to start asks for nothing", "[event]") {
  CHECK(read(task_event(R"("group":"service:web","lastStatus":"STOPPED","stopCode":"UserInitiated",
                           "stoppedReason":"Scaling activity")")) ==
        "nothing: the task stopped, and not because it failed to start");
  CHECK(read(task_event(R"("group":"service:web","lastStatus":"PENDING")")) ==
        "nothing: the task has not stopped");
  CHECK(read(task_event(R"("group":"service:web","lastStatus":"RUNNING","desiredStatus":"RUNNING")")) ==
        "nothing: the task has not stopped");
  CHECK(read(event_of("ECS Deployment State Change", R"({"eventName":"SERVICE_DEPLOYMENT_IN_PROGRESS"})",
                      kService)) == "nothing: the event says nothing of a failure to start");
}

TEST_CASE("an event of a service names it in its resources", "[event]") {
  CHECK(read(event_of("ECS Deployment State Change", R"({"eventName":"SERVICE_DEPLOYMENT_FAILED"})",
                      kService)) == kWeb);
  CHECK(read(event_of("ECS Service Action", R"({"eventName":"SERVICE_TASK_START_IMPAIRED",
                      "clusterArn":"arn:aws:ecs:eu-west-1:111122223333:cluster/c1"})",
                      "arn:aws:ecs:eu-west-1:111122223333:service/web")) == kWeb);
  for (const char* name : {"SERVICE_DEPLOYMENT_COMPLETED", "SERVICE_STEADY_STATE"})
    CHECK(read(event_of("ECS Service Action", std::string(R"({"eventName":")") + name + "\"}", kService)) ==
          "recovery c1/web cluster=c1 service=web region=eu-west-1");
}

TEST_CASE("a schedule leaves the question to the options, and so does what is no event", "[event]") {
  CHECK(read(event_of("Scheduled Event", "{}")) == "question ");
  CHECK(read(R"({"cluster":"c1","service":"web"})") == "options");
  CHECK(read(event_of("deploy", R"({"service":"web"})")) == "options");
  CHECK(read("") == "options");
  CHECK(read("[]") == "options");
}

TEST_CASE("when and where it happened is read", "[event]") {
  const auto event = read_ecs_event(event_of("Scheduled Event", "{}"));
  REQUIRE(event);
  CHECK(event.value()->account == "111122223333");
  CHECK(event.value()->time == 1795768800);
  const auto untimed = read_ecs_event(R"({"detail-type":"Scheduled Event","time":"soon","account":7})");
  REQUIRE(untimed);
  CHECK_FALSE(untimed.value()->time);
  CHECK(untimed.value()->account.empty());
}

TEST_CASE("what is wrong in an event is named", "[event]") {
  CHECK(read("{").starts_with("the event is no JSON"));
  CHECK(read(R"({"detail-type":"ECS Task State Change"})") ==
        R"("ECS Task State Change": the event's detail is missing or wrong)");
  CHECK(read(event_of("ECS Task State Change",
                      R"({"group":"service:web","lastStatus":"STOPPED","stopCode":"TaskFailedToStart"})")) ==
        R"("ECS Task State Change": the event's cluster is missing or wrong)");
  CHECK(read(event_of("ECS Deployment State Change", R"({"eventName":"SERVICE_DEPLOYMENT_FAILED"})")) ==
        R"("ECS Deployment State Change": the event's cluster is missing or wrong)");
  CHECK(
      read(task_event(R"("group":"service:a b;c","lastStatus":"STOPPED","stopCode":"TaskFailedToStart")")) ==
      R"("ECS Task State Change": the event's service is missing or wrong)");
  CHECK(read(event_of("ECS Task State Change", R"({"lastStatus":7,"containers":{},"group":[]})")) ==
        "nothing: the task has not stopped");
}

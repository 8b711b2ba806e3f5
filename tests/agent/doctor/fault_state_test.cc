#include "agent/doctor/fault_state.h"

#include <nlohmann/json.hpp>

#include "catch.h"

using namespace vpcprobe;

namespace {

constexpr UnixSeconds kNow = 1'795'768'800;
constexpr UnixSeconds kHour = 3600;

Diagnosis well() {
  Diagnosis diagnosis;
  diagnosis.verdict = Verdict::pass;
  diagnosis.exit_code = 0;
  return diagnosis;
}

Diagnosis broken_by(std::vector<std::string> groups) {
  Diagnosis diagnosis;
  diagnosis.verdict = Verdict::fail;
  diagnosis.exit_code = 24;
  for (const std::string& id : groups) {
    Culprit culprit;
    culprit.finding = "endpoint-filtered";
    culprit.resource = {"security-group", id, ""};
    diagnosis.culprits.push_back(culprit);
  }
  return diagnosis;
}

/// The configuration allows all, and a stopped task's message says that an image is missing.
Diagnosis message_only() {
  Diagnosis diagnosis;
  diagnosis.verdict = Verdict::fail;
  diagnosis.exit_code = 62;
  diagnosis.is_message_only = true;
  diagnosis.explanation.emplace();
  diagnosis.explanation->findings.emplace_back();
  diagnosis.explanation->findings.back().code = "image-not-found";
  return diagnosis;
}

/// A service whose events come one after the other.
struct WatchedService {
  ServiceState state;
  UnixSeconds now = kNow;

  Saying sees(const Diagnosis& diagnosis, EventTone tone = EventTone::failure, UnixSeconds after = 60) {
    now += after;
    Decision decision = decide(diagnosis, tone, state, now);
    state = decision.next;
    return decision.saying;
  }
};

}  // namespace

TEST_CASE("a fault is said once, and its end once", "[state]") {
  WatchedService service;
  CHECK(service.sees(broken_by({"sg-1"})) == Saying::fault);
  CHECK(service.sees(broken_by({"sg-1"})) == Saying::nothing);
  CHECK(service.sees(broken_by({"sg-1"}), EventTone::question) == Saying::nothing);
  CHECK(service.sees(well(), EventTone::recovery) == Saying::over);
  CHECK(service.sees(well(), EventTone::recovery) == Saying::nothing);
  CHECK(service.sees(well(), EventTone::question) == Saying::nothing);
}

TEST_CASE("a fault that lasts is said again after an hour", "[state]") {
  WatchedService service;
  CHECK(service.sees(broken_by({"sg-1"})) == Saying::fault);
  CHECK(service.sees(broken_by({"sg-1"}), EventTone::failure, kHour - 1) == Saying::nothing);
  CHECK(service.sees(broken_by({"sg-1"}), EventTone::failure, 1) == Saying::fault);
  CHECK(service.sees(broken_by({"sg-1"})) == Saying::nothing);
}

TEST_CASE("a fault that comes back after its end is a new one", "[state]") {
  WatchedService service;
  CHECK(service.sees(broken_by({"sg-1"})) == Saying::fault);
  CHECK(service.sees(well(), EventTone::question) == Saying::over);
  CHECK(service.sees(broken_by({"sg-1"})) == Saying::fault);
}

TEST_CASE("another resource at fault is another fault, and less of the same is none", "[state]") {
  WatchedService service;
  CHECK(service.sees(broken_by({"sg-1"})) == Saying::fault);
  CHECK(service.sees(broken_by({"sg-1", "sg-2"})) == Saying::fault);
  CHECK(service.sees(broken_by({"sg-2"})) == Saying::nothing);
  CHECK(service.sees(broken_by({"sg-1"})) == Saying::nothing);
}

TEST_CASE("a failure without a known cause is said too", "[state]") {
  WatchedService service;
  CHECK(service.sees(well()) == Saying::fault);
  CHECK(service.sees(well()) == Saying::nothing);
  CHECK(service.sees(well(), EventTone::recovery) == Saying::over);
  CHECK(service.sees(Diagnosis{}) == Saying::fault);
}

TEST_CASE("too little that was seen is neither a fault nor its end", "[state]") {
  WatchedService service;
  CHECK(service.sees(Diagnosis{}, EventTone::question) == Saying::nothing);
  CHECK(service.sees(broken_by({"sg-1"})) == Saying::fault);
  CHECK(service.sees(Diagnosis{}, EventTone::recovery) == Saying::nothing);
  CHECK(service.state.is_open);
}

TEST_CASE("the message of a task that stopped before does not outlive a stable service", "[state]") {
  WatchedService service;
  CHECK(service.sees(message_only()) == Saying::fault);
  CHECK(service.sees(message_only(), EventTone::recovery) == Saying::over);
}

TEST_CASE("an open configuration ends no fault that a message showed", "[state]") {
  WatchedService service;
  CHECK(service.sees(message_only()) == Saying::fault);
  CHECK(service.sees(well(), EventTone::question) == Saying::nothing);
  CHECK(service.state.is_open);
  CHECK(read_fault_state(fault_state_json({{"a", service.state}}, service.now, 4096)).at("a").is_by_message);
  CHECK(service.sees(well(), EventTone::recovery) == Saying::over);
  CHECK_FALSE(service.state.is_by_message);
}

TEST_CASE("a question after the end does not take an old message for a fault", "[state]") {
  WatchedService service;
  CHECK(service.sees(broken_by({"sg-1"})) == Saying::fault);
  Diagnosis diagnosis = message_only();
  diagnosis.stopped_at = static_cast<double>(service.now - 5);
  CHECK(service.sees(diagnosis, EventTone::recovery) == Saying::over);
  CHECK(service.sees(diagnosis, EventTone::question) == Saying::nothing);
  diagnosis.stopped_at = static_cast<double>(service.now + 5);
  CHECK(service.sees(diagnosis, EventTone::question) == Saying::fault);
}

TEST_CASE("with a fault open, an old message is no other fault to a question", "[state]") {
  WatchedService service;
  CHECK(service.sees(broken_by({"sg-1"})) == Saying::fault);
  CHECK(service.sees(message_only(), EventTone::question) == Saying::nothing);
  CHECK(service.state.is_open);
  CHECK(service.sees(message_only()) == Saying::fault);
  WatchedService asked;
  CHECK(asked.sees(message_only(), EventTone::question) == Saying::fault);
}

TEST_CASE("who did not get the last message gets it with the next event", "[state]") {
  WatchedService service;
  CHECK(service.sees(broken_by({"sg-1"})) == Saying::fault);
  service.state.unsent = {"0a1b2c3d"};
  Decision again = decide(broken_by({"sg-1"}), EventTone::failure, service.state, kNow + 120);
  CHECK(again.saying == Saying::fault);
  CHECK(again.only_unsent);
  const UnixSeconds said = service.state.faults.begin()->second;
  CHECK(again.next.faults.begin()->second == said);
  Decision other = decide(broken_by({"sg-2"}), EventTone::failure, service.state, kNow + 120);
  CHECK_FALSE(other.only_unsent);
  service.state.is_open = false;
  Decision end = decide(well(), EventTone::recovery, service.state, kNow + 180);
  CHECK(end.saying == Saying::over);
  CHECK(end.only_unsent);
}

TEST_CASE("events that tell nothing new need no diagnosis", "[state]") {
  ServiceState state;
  state.looked_at = kNow;
  state.is_open = true;
  DoctorEvent event;
  event.tone = EventTone::failure;
  CHECK(passed_over(event, state).empty());
  event.time = kNow - 1;
  CHECK(passed_over(event, state) == "a diagnosis that began after the event covers it");
  state.unsent = {"0a1b2c3d"};
  CHECK(passed_over(event, state).empty());
  event.time = kNow;
  state.unsent.clear();
  CHECK(passed_over(event, state).empty());
  event.tone = EventTone::recovery;
  CHECK(passed_over(event, state).empty());
  state.is_open = false;
  CHECK(passed_over(event, state) == "no fault of it was said");
  event.tone = EventTone::question;
  event.time = kNow - 1;
  CHECK(passed_over(event, state).empty());
  event.nothing = "the task has not stopped";
  CHECK(passed_over(event, state) == "the task has not stopped");
}

TEST_CASE("a state is read as it was written", "[state]") {
  FaultState state;
  state["c1/web"] = {kNow, true, false, {{"0123456789abcdef", kNow - 5}}, {"0a1b2c3d"}};
  state["c1/done"] = {kNow - 10, false, false, {}, {}};
  const std::string text = fault_state_json(state, kNow, 4096);
  CHECK(text == R"({"c1/done":[1795768790,0,{},[]],"c1/web":[1795768800,1,{"0123456789abcdef":1795768795},)"
                R"(["0a1b2c3d"]]})");
  const FaultState read = read_fault_state(text);
  REQUIRE(read.size() == 2);
  CHECK(read.at("c1/web").looked_at == kNow);
  CHECK(read.at("c1/web").is_open);
  CHECK(read.at("c1/web").faults == state["c1/web"].faults);
  CHECK(read.at("c1/web").unsent == state["c1/web"].unsent);
}

TEST_CASE("what is over for an hour is forgotten, and what is open is not", "[state]") {
  FaultState state;
  state["over"] = {kNow - kHour, false, false, {}, {}};
  state["open"] = {kNow - 9 * kHour, true, false, {{"0123456789abcdef", kNow - 9 * kHour}}, {}};
  CHECK(fault_state_json(state, kNow, 4096) == R"({"open":[1795736400,1,{},[]]})");
}

TEST_CASE("a state that is too long forgets what was looked at first", "[state]") {
  FaultState state;
  for (int i = 0; i < 500; ++i)
    state["cluster/service-" + std::to_string(i)] = {kNow + i, true, false, {{"0123456789abcdef", kNow}}, {}};
  const std::string text = fault_state_json(state, kNow, 4096);
  CHECK(text.size() <= 4096);
  const FaultState read = read_fault_state(text);
  CHECK(read.size() > 40);
  CHECK(read.contains("cluster/service-499"));
  CHECK_FALSE(read.contains("cluster/service-0"));
}

TEST_CASE("a state of any form is read", "[state]") {
  for (const char* wrong : {"", "[]", "{", "7", R"({"a":7})", R"({"a":[]})", R"({"a":["x",true,[],{}]})",
                            R"({"a":[1,1,{"k":"x"},[7]]})"}) {
    INFO(wrong);
    const FaultState state = read_fault_state(wrong);
    CHECK(state.size() <= 1);
    for (const auto& [subject, service] : state) CHECK(service.unsent.empty());
  }
}

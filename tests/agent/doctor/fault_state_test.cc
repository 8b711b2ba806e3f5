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

DoctorEvent event_of(EventTone tone, std::optional<UnixSeconds> time = {}) {
  DoctorEvent event;
  event.tone = tone;
  event.time = time;
  return event;
}

/// A service whose events come one after the other.
struct WatchedService {
  ServiceState state;
  UnixSeconds now = kNow;

  Saying sees(const Diagnosis& diagnosis, EventTone tone = EventTone::failure, UnixSeconds after = 60) {
    now += after;
    Decision decision = decide(diagnosis, event_of(tone), state, now);
    state = decision.next;
    return decision.saying;
  }
};

/// As the parameter gives it to the next invocation.
FaultState read_back(const FaultState& state, UnixSeconds now) {
  const auto read = read_fault_state(write_fault_state(state, now, 4096).json, now);
  REQUIRE(read);
  return read.value();
}

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
  CHECK(read_back({{"a", service.state}}, service.now).at("a").is_by_message);
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
  Decision again = decide(broken_by({"sg-1"}), event_of(EventTone::failure), service.state, kNow + 120);
  CHECK(again.saying == Saying::fault);
  CHECK(again.only_unsent);
  const UnixSeconds said = service.state.faults.begin()->second;
  CHECK(again.next.faults.begin()->second == said);
  Decision other = decide(broken_by({"sg-2"}), event_of(EventTone::failure), service.state, kNow + 120);
  CHECK_FALSE(other.only_unsent);
  service.state.is_open = false;
  Decision end = decide(well(), event_of(EventTone::recovery), service.state, kNow + 180);
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

TEST_CASE("an event that comes late tells nothing", "[state]") {
  ServiceState state;
  DoctorEvent failure = event_of(EventTone::failure, kNow - 30);
  state = decide(message_only(), failure, state, kNow).next;
  CHECK(state.failed_at == kNow - 30);
  CHECK(passed_over(event_of(EventTone::recovery, kNow - 31), state) == "a task failed after the event");
  CHECK(passed_over(event_of(EventTone::recovery, kNow - 30), state).empty());
  // The end comes by an event that is older than the diagnosis, and another failure before it after that.
  const DoctorEvent recovery = event_of(EventTone::recovery, kNow - 10);
  REQUIRE(passed_over(recovery, state).empty());
  const Decision end = decide(well(), recovery, state, kNow + 5);
  CHECK(end.saying == Saying::over);
  CHECK(passed_over(event_of(EventTone::failure, kNow - 20), end.next) ==
        "a diagnosis that began after the event covers it");
}

TEST_CASE("a failure that an event says to come was now", "[state]") {
  const Decision decision = decide(well(), event_of(EventTone::failure, kNow + kHour), ServiceState{}, kNow);
  CHECK(decision.next.failed_at == kNow);
}

TEST_CASE("a state is read as it was written", "[state]") {
  FaultState state;
  state["c1/web"] = {kNow, kNow - 6, true, false, {{"0123456789abcdef", kNow - 5}}, {"0a1b2c3d"}};
  state["c1/done"] = {kNow - 10, 0, false, false, {}, {}};
  const WrittenState written = write_fault_state(state, kNow, 4096);
  CHECK(written.left_out.empty());
  CHECK(written.json ==
        R"({"c1/done":[1795768790,0,{},[],0],"c1/web":[1795768800,1,{"0123456789abcdef":1795768795},)"
        R"(["0a1b2c3d"],1795768794]})");
  const FaultState read = read_back(state, kNow);
  REQUIRE(read.size() == 2);
  CHECK(read.at("c1/web").looked_at == kNow);
  CHECK(read.at("c1/web").failed_at == kNow - 6);
  CHECK(read.at("c1/web").is_open);
  CHECK(read.at("c1/web").faults == state["c1/web"].faults);
  CHECK(read.at("c1/web").unsent == state["c1/web"].unsent);
}

TEST_CASE("a time that is still to come silences no service", "[state]") {
  const auto read =
      read_fault_state(R"({"c1/web":[9000000000000000000,1,{"k":1795769000},[],1795768861]})", kNow);
  REQUIRE(read);
  const ServiceState& service = read.value().at("c1/web");
  CHECK(service.looked_at == 0);
  CHECK(service.failed_at == 0);
  CHECK(service.faults.at("k") == 0);
  CHECK(service.is_open);
}

TEST_CASE("what is over for an hour is forgotten, and what is open is not", "[state]") {
  FaultState state;
  state["over"] = {kNow - kHour, 0, false, false, {}, {}};
  state["open"] = {kNow - 9 * kHour, 0, true, false, {{"0123456789abcdef", kNow - 9 * kHour}}, {}};
  CHECK(write_fault_state(state, kNow, 4096).json == R"({"open":[1795736400,1,{},[],0]})");
}

TEST_CASE("a state that is too long forgets what is over, then what was looked at first", "[state]") {
  FaultState state;
  for (int i = 0; i < 500; ++i)
    state["cluster/service-" + std::to_string(i)] = {kNow - i, 0, true, false, {{"0123456789abcdef", kNow}},
                                                     {}};
  state["cluster/over"] = {kNow, 0, false, false, {}, {}};
  const WrittenState written = write_fault_state(state, kNow, 4096);
  CHECK(written.json.size() <= 4096);
  const auto read = read_fault_state(written.json, kNow);
  REQUIRE(read);
  CHECK(read.value().size() > 40);
  CHECK(read.value().contains("cluster/service-0"));
  CHECK_FALSE(read.value().contains("cluster/over"));
  CHECK(written.left_out.size() == 500 - read.value().size());
  CHECK(written.left_out.front() == "cluster/service-499");
}

TEST_CASE("a state of any form is read", "[state]") {
  for (const char* wrong :
       {R"({"a":7})", R"({"a":[]})", R"({"a":["x",true,[],{},"y"]})", R"({"a":[1,1,{"k":"x"},[7],{}]})",
        R"({"a":[18446744073709551615,1,{},[],1.5]})"}) {
    INFO(wrong);
    const auto state = read_fault_state(wrong, kNow);
    REQUIRE(state);
    CHECK(state.value().size() == 1);
    for (const auto& [subject, service] : state.value()) CHECK(service.unsent.empty());
  }
}

TEST_CASE("what is no state is named", "[state]") {
  const auto wrong_in = [](const char* json) { return read_fault_state(json, kNow).error().message; };
  CHECK(wrong_in("") == "no JSON: wrong at byte 1");
  CHECK(wrong_in(R"({"c1/web":[1795768800,1)") == "no JSON: wrong at byte 24");
  CHECK(wrong_in("[]") == "no JSON object");
  CHECK(read_fault_state(std::string(65 << 10, ' '), kNow).error().message == "longer than 64 KiB");
}

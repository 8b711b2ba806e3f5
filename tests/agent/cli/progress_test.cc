#include "agent/cli/progress.h"

#include "catch.h"

using namespace vpcprobe;
using namespace std::chrono_literals;

TEST_CASE("the line says which addresses answer, and for how long the others are silent") {
  ProbingMoment moment{.names = 5, .names_known = 5, .addresses = 14, .answering = 3, .silent = 8};
  moment.silent_for = 1200ms;
  CHECK(probing_words(moment) == "3 of 14 addresses answer, 8 silent for 1.2 s");
  moment.silent = 0;
  CHECK(probing_words(moment) == "3 of 14 addresses answer");
}

TEST_CASE("an address is not called silent before an answer can have come") {
  const ProbingMoment moment{
      .names = 1, .names_known = 1, .addresses = 1, .answering = 0, .silent = 1, .silent_for = 199ms};
  CHECK(probing_words(moment) == "0 of 1 address answers");
}

TEST_CASE("the line says which names are not resolved yet") {
  ProbingMoment moment{.names = 5, .names_known = 2};
  CHECK(probing_words(moment) == "2 of 5 names resolved");
  moment.addresses = 4;
  moment.answering = 4;
  CHECK(probing_words(moment) == "4 of 4 addresses answer, 3 of 5 names not resolved yet");
}

TEST_CASE("between two rounds the line says what the last one found and when the next one is") {
  CHECK(pause_words({.round = 3, .state = "gateway-route-missing", .lasts = 74s, .next_in = 12s}) ==
        "round 3: gateway-route-missing for 74 s; next round in 12 s");
}

TEST_CASE("what ended is no longer silent") {
  ProbeProgress progress;
  progress.begin_connect();
  progress.begin_connect();
  progress.end_connect(true);
  progress.end_connect(false);
  CHECK(progress.connecting == 0);
  CHECK(progress.answering == 1);
  CHECK(progress.since_last_connect() < 10s);
  progress.reset();
  CHECK(progress.answering == 0);
}

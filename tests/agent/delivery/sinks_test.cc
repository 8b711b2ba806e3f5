#include "agent/delivery/sinks.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agent/base/log.h"
#include "agent/diagnosis/report_samples.h"
#include "agent/render/json_within.h"
#include "agent/render/openmetrics.h"
#include "agent/render/render.h"
#include "agent/render/stage_view.h"
#include "catch.h"
#include "golden.h"

using namespace vpcprobe;

namespace {

constexpr Style kPlain{false, true};

/// What is wrong with a value of --sink, or nothing.
std::string wrong(std::string_view value) {
  Options options;
  return read_sink(options, value);
}

SinkChoice read(std::string_view value) {
  Options options;
  REQUIRE(read_sink(options, value).empty());
  REQUIRE(options.sinks.size() == 1);
  return options.sinks.front();
}

Report undelivered() {
  Report report = samples::failing();
  report.sinks = {{"cloudwatch-logs:/ecs/app", 2, 0, "Timeout was reached"},
                  {"file:/reports/last.json", 0, 1, "/reports/last.json.part: No such file or directory"}};
  return report;
}

}  // namespace

TEST_CASE("every kind of sink is read") {
  CHECK(read("stdout").format == Format::automatic);
  CHECK(read("stdout:emf").format == Format::emf);
  CHECK(read("file:/a:b").path == "/a:b");
  CHECK(read("openmetrics:9464").address.to_string() == "127.0.0.1:9464");
  CHECK(read("openmetrics:0.0.0.0:9464").address.to_string() == "0.0.0.0:9464");
  CHECK(read("openmetrics:[::]:9464").address.to_string() == "[::]:9464");
  const SinkChoice logs = read("cloudwatch-logs:/ecs/app:canary");
  CHECK(logs.kind == "cloudwatch-logs");
  CHECK(logs.log_place.group == "/ecs/app");
  CHECK(logs.log_place.stream == "canary");
}

TEST_CASE("a wrong sink is named with what is right") {
  CHECK(wrong("stdot").ends_with("; did you mean \"stdout\"?"));
  CHECK(wrong("stdout:jsn") == "stdout:FORMAT takes text, json, emf; did you mean \"json\"?");
  CHECK(wrong("stdout:html") == "stdout:FORMAT takes text, json, emf");
  CHECK(wrong("file:") == "no file; write file:PATH");
  for (const char* address : {"openmetrics", "openmetrics:", "openmetrics:0", "openmetrics:70000",
                              "openmetrics:host:1", "openmetrics:127.0.0.1"}) {
    INFO(address);
    CHECK(wrong(address).starts_with("no address; write openmetrics:9464"));
  }
  CHECK(wrong("cloudwatch-logs").starts_with("no log group"));
}

TEST_CASE("what CloudWatch Logs does not take waits, bounded, and is told of and given back") {
  Options options;
  REQUIRE(read_sink(options, "cloudwatch-logs:/ecs/app").empty());
  const Environment nothing = [](const char*) { return nullptr; };  // no credentials: nothing is sent
  const std::atomic<bool> stop{false};
  start_log("off");
  std::string more_roots;
  const Surroundings around{options, nothing, stop, more_roots};
  const auto sink = open_cloudwatch_logs(options.sinks.front(), around);
  const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  sink->take(samples::passing(), Occasion::untold, until);
  CHECK_FALSE(sink->note());
  for (int i = 0; i < 103; ++i) sink->take(samples::passing(), Occasion::told, until);
  REQUIRE(sink->note());
  CHECK(sink->note()->sink == "cloudwatch-logs:/ecs/app");
  CHECK(sink->note()->waiting == 100);
  CHECK(sink->note()->lost == 3);
  CHECK(sink->note()->problem == "no credentials: neither AWS_ACCESS_KEY_ID nor a container endpoint is set");
  const std::string lines = sink->take_back();
  CHECK(std::count(lines.begin(), lines.end(), '\n') == 100);
  CHECK(lines.starts_with(render_json(samples::passing(), kPlain)));
  CHECK(sink->note()->waiting == 0);
  start_log("warn");
}

TEST_CASE("sending gets a part of the deadline, and only where something is sent") {
  Options options;
  const Environment nothing = [](const char*) { return nullptr; };
  const std::atomic<bool> stop{false};
  using std::chrono::milliseconds;
  std::string more_roots;
  const Surroundings around{options, nothing, stop, more_roots};
  CHECK(Sinks(around).for_probing(milliseconds(20'000)) == milliseconds(20'000));
  REQUIRE(read_sink(options, "cloudwatch-logs:/ecs/app").empty());
  CHECK(Sinks(around).for_probing(milliseconds(20'000)) == milliseconds(18'000));
  CHECK(Sinks(around).for_probing(milliseconds(1000)) == milliseconds(800));
}

TEST_CASE("metrics have their approved output") {
  check_golden("emf.failing.json", render_emf(samples::failing(), kPlain));
  check_golden("emf.passing.json", render_emf(samples::passing(), kPlain));
  check_golden("emf.hostile.json", render_emf(samples::foreign(samples::hostile_text()), kPlain));
  check_golden("emf.thousand.json", render_emf(samples::many(1000), kPlain));
  check_golden("openmetrics.failing.txt", render_openmetrics(undelivered()));
  check_golden("openmetrics.passing.txt", render_openmetrics(samples::passing()));
  check_golden("openmetrics.hostile.txt", render_openmetrics(samples::foreign(samples::hostile_text())));
}

TEST_CASE("a report says what became of those before it") {
  check_golden("json.undelivered.json", render_json(undelivered(), kPlain));
  check_golden("text.undelivered.txt", render_text(undelivered(), kPlain));
}

TEST_CASE("a report that is too long keeps fewer addresses, those that fail first, and says so") {
  const Report report = samples::many(1000);
  const std::string whole = render_json(report, kPlain);
  CHECK(render_shortened(report, whole.size(), "s") == whole);
  const std::string shorter = render_shortened(report, whole.size() - 1, "s");
  const auto kept = nlohmann::json::parse(shorter);
  CHECK(kept.at("endpoints").at(0).at("addresses").size() == 64);
  CHECK(kept.at("endpoints").at(0).at("addresses").at(0).at("tcp").at("status") == "timeout");
  CHECK(kept.at("sinks").at(0).at("problem").get<std::string>().find(
            "of each endpoint 64 addresses are kept") != std::string::npos);
  CHECK(render_shortened(report, shorter.size() - 1, "s").size() < shorter.size());
  CHECK(render_shortened(report, 100, "s").empty());
}

TEST_CASE("a stage is up where all its addresses are, and an endpoint where no error is about it") {
  const Report report = samples::failing();
  for (const EndpointReport& endpoint : report.endpoints) {
    INFO(endpoint.id);
    const bool broken = endpoint.id == "s3";
    CHECK(is_up(report, endpoint) != broken);
    const std::vector<StageView> stages = stages_of(endpoint);
    REQUIRE(stages.size() == (broken ? 2 : 4));
    CHECK(stages[0].up);
    CHECK(stages[1].name == "connect");
    CHECK(stages[1].up != broken);
    CHECK(stages[1].times.size() == (broken ? 0 : 2));
    CHECK(certificate_end(endpoint).has_value() != broken);
  }
}

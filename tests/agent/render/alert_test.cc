// A diagnosis as a message.
#include "agent/render/alert.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agent/render/diagnosis.h"
#include "agent/render/diagnosis_within.h"
#include "catch.h"
#include "failing_diagnosis.h"
#include "golden.h"

using namespace vpcprobe;

namespace {

Diagnosis failing() {
  Diagnosis diagnosis = diagnosis_of_a_closed_group();
  diagnosis.culprits[0].endpoints = {"logs", "ecr.api"};
  diagnosis.explanation = explanation_of_silent_logs();
  return diagnosis;
}

Alert alert_of(const Diagnosis& diagnosis, bool is_over = false) {
  return {.service = "c1/web", .service_arn = "", .is_over = is_over, .page = "", .diagnosis = diagnosis};
}

bool is_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c == '\n' || (c >= ' ' && c < 0x7f); });
}

}  // namespace

TEST_CASE("a fault as a phone shows it", "[alert]") {
  const Diagnosis diagnosis = failing();
  Alert alert = alert_of(diagnosis);
  alert.page = "s3://reports/vpc-probe/c1/web/20261127T084000Z.html";
  const std::string text = alert_text(alert);
  check_golden("alert.fault.txt", text);
  CHECK(text.size() <= kLongestAlert);
  CHECK(text.find("0123") == std::string::npos);
  CHECK(alert_subject(alert) == "vpc-probe FAIL c1/web endpoint-filtered");
}

TEST_CASE("the end of a fault", "[alert]") {
  Diagnosis diagnosis;
  diagnosis.verdict = Verdict::pass;
  diagnosis.exit_code = 0;
  diagnosis.summary = "all paths are open";
  diagnosis.who.region = "eu-west-1";
  CHECK(alert_text(alert_of(diagnosis, true)) == "OVER c1/web: all paths are open\neu-west-1\n");
  CHECK(alert_subject(alert_of(diagnosis, true)) == "vpc-probe OVER c1/web");
  diagnosis.verdict = Verdict::fail;
  diagnosis.is_message_only = true;
  CHECK(alert_text(alert_of(diagnosis, true)) ==
        "OVER c1/web: the service is stable, and the configuration allows every path that the task "
        "needs\neu-west-1\n");
}

TEST_CASE("tasks that fail while all is open are said to fail", "[alert]") {
  Diagnosis diagnosis;
  diagnosis.verdict = Verdict::pass;
  diagnosis.exit_code = 0;
  diagnosis.summary = "all paths are open";
  CHECK(alert_text(alert_of(diagnosis)) ==
        "FAIL c1/web: tasks fail to start, and no path is at fault: all paths are open\n");
  CHECK(alert_subject(alert_of(diagnosis)) == "vpc-probe FAIL c1/web exit 0");
}

TEST_CASE("a message fits a phone and is ASCII, whatever the diagnosis holds", "[alert]") {
  Diagnosis diagnosis = failing();
  diagnosis.summary = std::string(5000, 'x') + "\xff\x1b[31m\n…";
  diagnosis.culprits.resize(40, diagnosis.culprits.front());
  for (Culprit& culprit : diagnosis.culprits) culprit.rule = std::string(900, 'r') + "\u202e";
  diagnosis.unexplained.resize(30, {"tls-reset", "ecr.api", std::string(500, 'u')});
  diagnosis.culprits.front().fixes.front().command = std::string(1500, 'c');
  Alert alert = alert_of(diagnosis);
  alert.service = std::string(300, 's');
  alert.page = "s3://" + std::string(2000, 'p');
  const std::string text = alert_text(alert);
  CHECK(text.size() <= kLongestAlert);
  CHECK(is_ascii(text));
  CHECK(text.find("ccc") == std::string::npos);
  CHECK(text.find("The command is too long for this message.") != std::string::npos);
  const std::string subject = alert_subject(alert);
  CHECK(subject.size() < 100);
  CHECK(is_ascii(subject));
  CHECK(subject.find('\n') == std::string::npos);
}

TEST_CASE("a diagnosis that is too long loses what is of least use first", "[alert]") {
  Diagnosis diagnosis = failing();
  const std::string whole = diagnosis_json(diagnosis);
  CHECK(diagnosis_json_within(diagnosis, whole.size()) + "\n" == whole);
  JudgedPath path;
  path.endpoint = "logs";
  path.reach = Reachability::reachable;
  diagnosis.paths.assign(2000, path);
  path.reach = Reachability::unreachable;
  diagnosis.paths.push_back(path);
  const std::string without_open = diagnosis_json_within(diagnosis, 8192);
  REQUIRE(without_open.size() <= 8192);
  auto document = nlohmann::json::parse(without_open);
  CHECK(document["paths"].size() == 1);
  CHECK(document["culprits"].size() == 1);
  CHECK(document["not_seen"].back()["what"] == "open paths");
  CHECK(document["not_seen"].back()["why"].get<std::string>().starts_with(
      "left out: the whole diagnosis has "));
  diagnosis.culprits.resize(500, diagnosis.culprits.front());
  document = nlohmann::json::parse(diagnosis_json_within(diagnosis, 8192));
  CHECK(document["culprits"].size() == 5);
  CHECK(document["summary"] == diagnosis.summary);
  CHECK(diagnosis_json_within(diagnosis, 100).empty());
}

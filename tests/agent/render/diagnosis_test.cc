// The diagnosis in its three forms.
#include "agent/render/diagnosis.h"

#include <algorithm>

#include "agent/base/printable.h"
#include "agent/doctor/read_configuration.h"
#include "catch.h"
#include "failing_diagnosis.h"
#include "golden.h"

using namespace vpcprobe;

namespace {

PathHop hop(HopKind kind, const char* id, HopVerdict verdict, const char* by) {
  return {kind, id, verdict, by};
}

JudgedPath path_to(const char* address, const char* measured, bool is_open) {
  JudgedPath path;
  path.endpoint = "logs";
  path.subnet = "subnet-000000000000000a1";
  path.address = address;
  path.measured = measured;
  path.reach = is_open ? Reachability::reachable : Reachability::unreachable;
  path.hops = {
      hop(HopKind::group_egress, "sg-0aaa1111bbb2222cc", HopVerdict::allows,
          "sg-0aaa1111bbb2222cc allows all traffic to 0.0.0.0/0"),
      hop(HopKind::network_acl, "", HopVerdict::unknown, "NetworkAcls: not seen (UnauthorizedOperation)"),
      hop(HopKind::group_ingress, "sg-0eee1111fff2222dd", is_open ? HopVerdict::allows : HopVerdict::denies,
          "no ingress rule of sg-0eee1111fff2222dd for tcp 443 from 10.0.1.23")};
  return path;
}

Diagnosis failing() {
  Diagnosis diagnosis = diagnosis_of_a_closed_group();
  diagnosis.who.groups = std::vector<std::string>{"sg-0aaa1111bbb2222cc"};
  diagnosis.who.sources = {"security groups of the network interface eni-0a00000000000beef"};
  Culprit& culprit = diagnosis.culprits[0];
  culprit.endpoint = "logs";
  culprit.why =
      "sg-0eee1111fff2222dd allows 443 only from sg-0bbb (on vpce-03333333333333333); the task has "
      "sg-0aaa1111bbb2222cc and 10.0.1.23";
  culprit.fixes.push_back(
      {"or allow 443 from the task's subnet", "aws ec2 authorize-security-group-ingress --region eu-west-1"});
  diagnosis.paths = {path_to("10.0.1.12", "silent", false), path_to("10.0.2.12", "connects", true)};
  diagnosis.disagreements = {{"configuration-denies", "", "s3", {"52.218.30.10"}, "the packets pass"}};
  diagnosis.unexplained = {
      {"tls-reset", "ecr.api", "groups, network ACLs, routes and DNS settings do not cause it"}};
  diagnosis.not_seen = {{"NetworkAcls", "UnauthorizedOperation"}};
  return diagnosis;
}

/// A prediction for a task that stopped.
Diagnosis explained() {
  Diagnosis diagnosis = failing();
  diagnosis.measured = false;
  diagnosis.disagreements.clear();
  diagnosis.unexplained.clear();
  diagnosis.explanation = explanation_of_silent_logs();
  return diagnosis;
}

/// Foreign text in every place that comes from a document.
Diagnosis hostile() {
  Diagnosis diagnosis = failing();
  diagnosis.culprits[0].resource.name = "<script>alert(1)</script>\x1b[31m";
  diagnosis.culprits[0].rule = "\"'&<b>\xff\xfe";
  diagnosis.paths[0].hops[0].by = "</code><img src=x>";
  diagnosis.not_seen[0].why = "a\nb";
  return diagnosis;
}

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("a diagnosis as JSON", "[doctor]") {
  check_golden("diagnosis.failing.json", diagnosis_json(failing()));
  check_golden("diagnosis.hostile.json", diagnosis_json(hostile()));
  check_golden("diagnosis.nothing.json", diagnosis_json({}));
}

TEST_CASE("a diagnosis as text fits one screen", "[doctor]") {
  const std::string text = diagnosis_text(failing(), {}, false);
  check_golden("diagnosis.failing.txt", text);
  CHECK(lines_of(text) <= 24);
  check_golden("diagnosis.details.txt", diagnosis_text(failing(), {}, true));
  const std::string ascii = diagnosis_text(hostile(), {false, false}, true);
  CHECK(std::all_of(ascii.begin(), ascii.end(), [](char c) { return c == '\n' || (c >= ' ' && c < 0x7f); }));
}

TEST_CASE("a diagnosis says what ECS says of the task that stopped", "[doctor]") {
  const std::string text = diagnosis_text(explained(), {}, false);
  check_golden("diagnosis.explained.txt", text);
  CHECK(lines_of(text) <= 24);
  const std::string page = diagnosis_html(explained());
  CHECK(page.find("<h2>What ECS says</h2><p>ResourceInitializationError: ") != std::string::npos);
  for (const std::string& form : {text, page, diagnosis_text(explained(), {}, true)})
    CHECK(form.find("Signature=0123") == std::string::npos);
}

TEST_CASE("a diagnosis as a page escapes what is foreign", "[doctor]") {
  check_golden("diagnosis.failing.html", diagnosis_html(failing()));
  const std::string page = diagnosis_html(hostile());
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("<img") == std::string::npos);
  CHECK(page.find('\x1b') == std::string::npos);
}

// The reasoner on a healthy VPC, and on the same VPC with one thing wrong.
#include <algorithm>
#include <set>

#include "catch.h"
#include "golden.h"
#include "vpc_cases.h"

using namespace vpcprobe;
using Json = nlohmann::json;

namespace {

bool has_placeholder(const Diagnosis& diagnosis) {
  for (const Culprit& culprit : diagnosis.culprits)
    for (const Change& change : culprit.fixes)
      if (change.command.find('<') != std::string::npos) return true;
  return false;
}

/// That the configuration allows what vanishes.
bool says_allowed(const Diagnosis& diagnosis) {
  return std::any_of(diagnosis.disagreements.begin(), diagnosis.disagreements.end(),
                     [](const Contradiction& one) { return one.code == "configuration-allows"; });
}

std::set<std::string> ids_of(const Diagnosis& diagnosis) {
  std::set<std::string> ids;
  for (const Culprit& culprit : diagnosis.culprits) ids.insert(culprit.resource.id);
  return ids;
}

}  // namespace

TEST_CASE("a healthy VPC has no culprit and no hop that denies", "[doctor]") {
  const Diagnosis diagnosis = diagnose_from(healthy_documents(), report_with("", "", {}));
  CHECK(diagnosis.culprits.empty());
  CHECK(diagnosis.disagreements.empty());
  CHECK(diagnosis.unexplained.empty());
  CHECK(diagnosis.exit_code == 0);
  REQUIRE(diagnosis.paths.size() == 14);
  for (const JudgedPath& path : diagnosis.paths) {
    INFO(path.endpoint << " " << path.address);
    CHECK(path.reach == Reachability::reachable);
    CHECK(path.measured == "connects");
  }
}

TEST_CASE("each fault has its resource, its rule and its fix", "[doctor]") {
  for (const Wrong& wrong : wrongs()) {
    INFO(wrong.name);
    Documents documents = healthy_documents();
    wrong.change(documents);
    const Diagnosis diagnosis = diagnose_from(documents, wrong.report());
    INFO(diagnosis.summary);
    REQUIRE_FALSE(diagnosis.culprits.empty());
    const Culprit& first = diagnosis.culprits.front();
    CHECK(first.resource.type == wrong.type);
    CHECK(first.resource.id == wrong.id);
    CHECK(first.rule.find(wrong.rule) != std::string::npos);
    REQUIRE_FALSE(first.fixes.empty());
    INFO(first.rule << "\n" << first.fixes.front().command);
    for (const std::string& part : wrong.parts)
      CHECK(first.fixes.front().command.find(part) != std::string::npos);
    CHECK_FALSE(has_placeholder(diagnosis));
    CHECK_FALSE(says_allowed(diagnosis));
    CHECK(diagnosis.exit_code == wrong.report().exit_code);
  }
}

/// tests/agent/diagnosis/commands_test.py checks them against botocore's models.
TEST_CASE("the commands that doctor suggests", "[doctor]") {
  std::set<std::string> commands;
  for (const Wrong& wrong : wrongs()) {
    Documents documents = healthy_documents();
    wrong.change(documents);
    for (const Culprit& culprit : diagnose_from(documents, wrong.report()).culprits)
      for (const Change& change : culprit.fixes)
        if (!change.command.empty()) commands.insert(change.command);
  }
  std::string text;
  for (const std::string& command : commands) text += command + "\n";
  check_golden("doctor.commands.txt", text);
  CHECK(text.find("0.0.0.0/0") == std::string::npos);
}

TEST_CASE("without any one document the culprit is the same or unknown", "[doctor]") {
  for (const Wrong& wrong : wrongs()) {
    Documents documents = healthy_documents();
    wrong.change(documents);
    const std::set<std::string> all = ids_of(diagnose_from(documents, wrong.report()));
    for (std::size_t i = 0; i < documents.size(); ++i) {
      Documents fewer = documents;
      fewer.erase(i);
      INFO(wrong.name << " without " << documents[i].begin().key() << " (" << i << ")");
      const Diagnosis diagnosis = diagnose_from(fewer, wrong.report());
      for (const std::string& id : ids_of(diagnosis)) {
        INFO(id);
        CHECK(all.contains(id));
      }
      CHECK_FALSE(says_allowed(diagnosis));
    }
  }
}

TEST_CASE("nothing read is nothing said", "[doctor]") {
  const Diagnosis diagnosis = diagnose_from(Documents::array(), all_silent());
  CHECK(diagnosis.culprits.empty());
  CHECK(diagnosis.disagreements.empty());
  CHECK(diagnosis.exit_code == 3);
  CHECK(diagnosis.not_seen.size() == 19);
}

TEST_CASE("several faults on one path are all said, in order", "[doctor]") {
  Documents documents = healthy_documents();
  regroup_logs(documents, Json::array());
  only_entries(documents, {entry(100, true, "allow", "0.0.0.0/0", 443, 443),
                           entry(110, true, "allow", "0.0.0.0/0", 1024, 65535),
                           entry(100, false, "allow", "0.0.0.0/0", 443, 443)});
  const Diagnosis diagnosis =
      diagnose_from(documents, report_with("endpoint-filtered", "logs", {{"logs", {}, "silent"}}));
  REQUIRE(diagnosis.culprits.size() == 2);
  CHECK(diagnosis.culprits[0].resource.id == "sg-0109500000000001a");
  CHECK(diagnosis.culprits[1].resource.id == kAcl);
}

TEST_CASE("packets and configuration that disagree are said to", "[doctor]") {
  const Diagnosis allowed = diagnose_from(healthy_documents(), logs_silent());
  CHECK(allowed.culprits.empty());
  REQUIRE(allowed.disagreements.size() == 1);
  CHECK(allowed.disagreements[0].code == "configuration-allows");
  CHECK(allowed.exit_code == 24);

  Documents documents = healthy_documents();
  regroup_logs(documents, Json::array());
  const Diagnosis denied = diagnose_from(documents, report_with("", "", {}));
  REQUIRE(denied.disagreements.size() == 1);
  CHECK(denied.disagreements[0].code == "configuration-denies");
  CHECK(denied.disagreements[0].addresses.size() == 3);
  CHECK(denied.exit_code == 0);
}

TEST_CASE("in a shared VPC what the owner has is not seen", "[doctor]") {
  Documents documents = healthy_documents();
  remove_endpoint(documents, kLogsEndpoint);
  documents.push_back({{"Account", "999988887777"}});
  const Diagnosis diagnosis = diagnose_from(documents, logs_public());
  CHECK(diagnosis.culprits.empty());
  REQUIRE(diagnosis.unexplained.size() == 1);
  CHECK(diagnosis.exit_code == 3);
}

TEST_CASE("a reset is not explained by rules that drop", "[doctor]") {
  Documents documents = healthy_documents();
  regroup_logs(documents, Json::array());
  Report report = logs_silent();
  report.findings.front().code = "endpoint-refused";
  const Diagnosis diagnosis = diagnose_from(documents, report);
  CHECK(diagnosis.culprits.empty());
  CHECK(diagnosis.unexplained.size() == 1);
  CHECK(diagnosis.exit_code == 24);  // not for want of configuration
}

TEST_CASE("consequences and notes have no culprit of their own", "[doctor]") {
  Documents documents = healthy_documents();
  regroup_logs(documents, Json::array());
  Report report = logs_silent();
  report.findings.front().masked_by = "all-filtered";
  CHECK(diagnose_from(documents, report).culprits.empty());
  report.findings.front().masked_by.clear();
  report.findings.front().severity = Severity::note;
  CHECK(diagnose_from(documents, report).culprits.empty());
}

TEST_CASE("a mixture of addresses is not the fault of private DNS", "[doctor]") {
  Documents documents = healthy_documents();
  element_in(documents, "VpcEndpoints", "VpcEndpointId", kLogsEndpoint)["PrivateDnsEnabled"] = false;
  list_in(documents, "HostedZoneSummaries")
      .push_back({{"HostedZoneId", "Z0A"}, {"Name", "logs.eu-west-1.amazonaws.com."}});
  Report report = logs_public();
  report.findings.front().code = "mixed-answers";
  const Diagnosis diagnosis = diagnose_from(documents, report);
  REQUIRE(diagnosis.culprits.size() == 1);
  CHECK(diagnosis.culprits[0].resource.id == "Z0A");

  std::erase_if(documents.get_ref<Json::array_t&>(),
                [](const Json& one) { return one.contains("HostedZoneSummaries"); });
  CHECK(diagnose_from(documents, report).culprits.empty());
}

TEST_CASE("the longest private zone answers", "[doctor]") {
  Documents documents = healthy_documents();
  Json& zones = list_in(documents, "HostedZoneSummaries");
  zones.push_back({{"HostedZoneId", "Z0A"}, {"Name", "eu-west-1.amazonaws.com."}});
  zones.push_back({{"HostedZoneId", "Z0B"},
                   {"Name", "logs.eu-west-1.amazonaws.com."},
                   {"Owner", {{"OwningService", "vpce.amazonaws.com"}}}});
  const Diagnosis diagnosis = diagnose_from(documents, logs_public());
  CHECK(diagnosis.culprits.empty());
  CHECK(diagnosis.disagreements.size() == 1);
}

TEST_CASE("the addresses of an image's layers have a path of their own", "[doctor]") {
  Documents documents = healthy_documents();
  only_entries(documents, {entry(50, true, "deny", "52.218.60.0/24", 443, 443),
                           entry(100, true, "allow", "0.0.0.0/0", 0, 65535),
                           entry(100, false, "allow", "0.0.0.0/0", 0, 65535)});
  Report report = report_with("layer-unreachable", "s3", {});
  Finding& finding = report.findings.front();
  finding.addresses = {"52.218.60.5"};
  finding.evidence = {{"closed", true}};
  const Diagnosis diagnosis = diagnose_from(documents, report);
  REQUIRE(diagnosis.culprits.size() == 1);
  CHECK(diagnosis.culprits[0].resource.id == kAcl);
  CHECK(diagnosis.culprits[0].rule == "entry 50 denies outbound tcp 443 to 52.218.60.5");
}

TEST_CASE("a name of the image's layers that does not resolve is a zone's", "[doctor]") {
  Documents documents = healthy_documents();
  const std::string host = "prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com";
  list_in(documents, "HostedZoneSummaries").push_back({{"HostedZoneId", "Z0A"}, {"Name", host + "."}});
  Report report = report_with("layer-unreachable", "s3", {});
  report.findings.front().evidence = {{"hop_host", host}, {"unresolved", true}};
  const Diagnosis diagnosis = diagnose_from(documents, report);
  REQUIRE(diagnosis.culprits.size() == 1);
  CHECK(diagnosis.culprits[0].resource.id == "Z0A");
}

TEST_CASE("an endpoint in one zone gets a subnet where others are", "[doctor]") {
  Documents documents = healthy_documents();
  Json& endpoint = element_in(documents, "VpcEndpoints", "VpcEndpointId", kLogsEndpoint);
  endpoint["SubnetIds"] = Json::array({kTaskSubnet});
  Report report = report_with("single-zone-endpoint", "logs", {});
  const Diagnosis diagnosis = diagnose_from(documents, report);
  REQUIRE(diagnosis.culprits.size() == 1);
  CHECK(diagnosis.culprits[0].resource.id == kLogsEndpoint);
  CHECK(diagnosis.culprits[0].fixes.front().command.ends_with("--add-subnet-ids subnet-000000000000000a2"));
}

TEST_CASE("a public-looking address in the VPC is no wrong answer", "[doctor]") {
  const Diagnosis diagnosis = diagnose_from(healthy_documents(), report_with("answer-not-aws", "logs", {}));
  CHECK(diagnosis.culprits.empty());
  CHECK(diagnosis.disagreements.empty());
  REQUIRE(diagnosis.unexplained.size() == 1);
  CHECK(diagnosis.unexplained[0].why.ends_with("--vpc-cidr 10.0.0.0/16"));
}

TEST_CASE("a full subnet gets no endpoint", "[doctor]") {
  Documents documents = healthy_documents();
  remove_endpoint(documents, kLogsEndpoint);
  element_in(documents, "Subnets", "SubnetId", kTaskSubnet)["AvailableIpAddressCount"] = 0;
  const Diagnosis diagnosis = diagnose_from(documents, logs_public());
  REQUIRE(diagnosis.culprits.size() == 1);
  CHECK(diagnosis.culprits[0].fixes.front().command.find(kTaskSubnet) == std::string::npos);
}

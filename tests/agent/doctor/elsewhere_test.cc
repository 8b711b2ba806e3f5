// Names that lead to addresses which no endpoint has.
#include "catch.h"
#include "text.h"
#include "vpc_cases.h"

using namespace vpcprobe;
using Json = nlohmann::json;

namespace {

/// logs and secretsmanager lead to addresses that no interface has.
Report two_vacant() {
  Report report = report_with("endpoint-filtered", "", {});
  const Report other =
      report_with("", "", {{"logs", {"10.0.2.99"}, "silent"}, {"secretsmanager", {"10.0.2.98"}, "silent"}});
  report.findings.front().covers = {"logs", "secretsmanager"};
  report.findings.front().addresses = {"10.0.2.99", "10.0.2.98"};
  for (std::size_t i = 0; i < report.endpoints.size(); ++i) {
    EndpointReport& endpoint = report.endpoints[i];
    if (endpoint.id != "logs" && endpoint.id != "secretsmanager") continue;
    endpoint.addresses = {other.endpoints[i].addresses.back()};
  }
  return report;
}

void add_zone(Documents& documents, const char* id, const char* name) {
  list_in(documents, "HostedZoneSummaries")
      .push_back({{"HostedZoneId", id}, {"Name", name}, {"Owner", {{"OwningAccount", "111122223333"}}}});
}

}  // namespace

TEST_CASE("each private zone is named with the address that it gives", "[doctor]") {
  Documents documents = healthy_documents();
  add_zone(documents, "Z0A", "logs.eu-west-1.amazonaws.com.");
  add_zone(documents, "Z0B", "secretsmanager.eu-west-1.amazonaws.com.");
  const Diagnosis diagnosis = diagnose_from(documents, two_vacant());
  REQUIRE(diagnosis.culprits.size() == 2);
  for (const Culprit& culprit : diagnosis.culprits) {
    INFO(culprit.rule);
    const bool is_logs = culprit.resource.id == "Z0A";
    CHECK(has(culprit.rule, is_logs ? "10.0.2.99 is no address" : "10.0.2.98 is no address"));
    CHECK(has(culprit.rule, is_logs ? ".logs" : ".secretsmanager"));
  }
}

TEST_CASE("a DNS Firewall gives no address without a CNAME", "[doctor]") {
  Documents documents = healthy_documents();
  list_in(documents, "FirewallRuleGroupAssociations")
      .push_back({{"Id", "rslvr-frgassoc-0a"},
                  {"FirewallRuleGroupId", "rslvr-frg-0a"},
                  {"VpcId", kVpc},
                  {"Status", "COMPLETE"}});
  const Diagnosis diagnosis = diagnose_from(documents, two_vacant());
  CHECK(diagnosis.culprits.empty());
}

// Whose packets are judged, and what is predicted where nothing was measured.
#include "agent/doctor/who.h"

#include <set>

#include "agent/aws/catalog.h"
#include "agent/plan/plan.h"
#include "catch.h"
#include "vpc_cases.h"

using namespace vpcprobe;
using Json = nlohmann::json;

namespace {

Json service() {
  return {{"services", Json::array({{{"serviceArn", "arn:aws:ecs:eu-west-1:1:service/prod/web"},
                                     {"serviceName", "web"},
                                     {"networkConfiguration",
                                      {{"awsvpcConfiguration",
                                        {{"subnets", Json::array({kTaskSubnet, "subnet-000000000000000a2"})},
                                         {"securityGroups", Json::array({kTaskGroup})},
                                         {"assignPublicIp", "DISABLED"}}}}}}})}};
}

Plan plan_of(const Options& options) {
  auto plan = make_plan(options, {});
  REQUIRE(plan);
  return plan.value();
}

Diagnosis predict_from(const Documents& documents, const SaidWho& said) {
  Options options;
  options.region = "eu-west-1";
  const Report report = unmeasured_report(plan_of(options), {});
  const Configuration configuration = configuration_of(documents);
  return reason(configuration, report, find_who(configuration, report.context, said), false);
}

const SaidWho kSaid{{kTaskSubnet}, {kTaskGroup}};

}  // namespace

TEST_CASE("the task is known from its address, its service, its range or what was said", "[doctor]") {
  ReportContext context;
  context.source_addresses = {"10.0.1.23"};
  context.subnet_cidrs = {"10.0.1.0/24"};
  Documents documents = healthy_documents();
  const Who by_address = find_who(configuration_of(documents), context, {});
  CHECK(by_address.vpc == kVpc);
  CHECK(by_address.subnets == std::vector<std::string>{kTaskSubnet});
  CHECK(by_address.groups == std::vector<std::string>{kTaskGroup});
  CHECK(by_address.has_public_address == false);

  list_in(documents, "NetworkInterfaces").clear();
  const Who by_range = find_who(configuration_of(documents), context, {});
  CHECK(by_range.subnets == std::vector<std::string>{kTaskSubnet});
  CHECK_FALSE(by_range.groups);

  documents.push_back(service());
  const Who by_service = find_who(configuration_of(documents), context, {});
  CHECK(by_service.subnets == std::vector<std::string>{kTaskSubnet});
  CHECK(by_service.groups == std::vector<std::string>{kTaskGroup});
  CHECK(find_who(configuration_of(documents), {}, {}).subnets.size() == 2);

  const Who said = find_who(configuration_of(documents), {}, {{"subnet-000000000000000a3"}, {"sg-0other"}});
  CHECK(said.subnets == std::vector<std::string>{"subnet-000000000000000a3"});
  CHECK(said.groups == std::vector<std::string>{"sg-0other"});
  CHECK(find_who(configuration_of(Documents::array()), {}, {}).vpc.empty());
}

TEST_CASE("without a report the configuration predicts", "[doctor]") {
  const Diagnosis open = predict_from(healthy_documents(), kSaid);
  CHECK(open.exit_code == 0);
  CHECK_FALSE(open.measured);
  CHECK(open.culprits.empty());
  CHECK(open.paths.size() == 13);

  Documents closed = healthy_documents();
  element_in(closed, "SecurityGroups", "GroupId", kEndpointGroup)["IpPermissions"] = Json::array();
  const Diagnosis filtered = predict_from(closed, kSaid);
  REQUIRE(filtered.culprits.size() == 1);
  CHECK(filtered.culprits[0].finding == "interface-endpoints-filtered");
  CHECK(filtered.culprits[0].resource.id == kEndpointGroup);
  CHECK(filtered.exit_code == 20);

  Documents nameless = healthy_documents();
  element_in(nameless, "VpcEndpoints", "VpcEndpointId", kLogsEndpoint)["PrivateDnsEnabled"] = false;
  const Diagnosis named = predict_from(nameless, kSaid);
  REQUIRE(named.culprits.size() == 1);
  CHECK(named.culprits[0].finding == "private-name-missing");
  CHECK(named.culprits[0].resource.id == kLogsEndpoint);
  CHECK(named.exit_code == 14);

  Documents routeless = healthy_documents();
  element_in(routeless, "RouteTables", "RouteTableId", kTable)["Routes"].erase(1);
  const Diagnosis gateway = predict_from(routeless, kSaid);
  REQUIRE(gateway.culprits.size() == 1);
  CHECK(gateway.culprits[0].finding == "gateway-route-missing");
  CHECK(gateway.exit_code == 23);

  const Diagnosis unknown = predict_from(healthy_documents(), {{kTaskSubnet}, {}});
  CHECK(unknown.exit_code == 3);
  CHECK(unknown.culprits.empty());
}

/// S3 by an interface endpoint, and no route to the gateway endpoint.
static Documents s3_by_interface() {
  Documents documents = healthy_documents();
  Json endpoint = element_in(documents, "VpcEndpoints", "VpcEndpointId", kLogsEndpoint);
  endpoint["VpcEndpointId"] = "vpce-0a";
  endpoint["ServiceName"] = "com.amazonaws.eu-west-1.s3";
  list_in(documents, "VpcEndpoints").push_back(endpoint);
  element_in(documents, "RouteTables", "RouteTableId", kTable)["Routes"].erase(1);
  return documents;
}

TEST_CASE("S3 may have an interface endpoint instead of a route", "[doctor]") {
  Documents documents = s3_by_interface();
  CHECK(predict_from(documents, kSaid).exit_code == 0);
  Documents unread = documents;
  std::erase_if(unread.get_ref<Json::array_t&>(),
                [](const Json& one) { return one.contains("VpcEndpoints"); });
  CHECK(predict_from(unread, kSaid).culprits.empty());
  Json& own = element_in(documents, "VpcEndpoints", "VpcEndpointId", "vpce-0a");
  own["DnsOptions"] = {{"PrivateDnsOnlyForInboundResolverEndpoint", true}};
  CHECK(predict_from(documents, kSaid).culprits.front().resource.id == kTable);
}

TEST_CASE("where a private zone answers, public addresses predict nothing", "[doctor]") {
  Documents documents = healthy_documents();
  list_in(documents, "HostedZoneSummaries").push_back({{"HostedZoneId", "Z0A"}, {"Name", "amazonaws.com."}});
  const Diagnosis diagnosis = predict_from(documents, kSaid);
  CHECK(diagnosis.culprits.empty());
  CHECK(diagnosis.exit_code == 3);
}

TEST_CASE("a prediction without any one document has no other culprit", "[doctor]") {
  for (const Wrong& wrong : wrongs()) {
    Documents documents = healthy_documents();
    wrong.change(documents);
    std::set<std::string> all;
    for (const Culprit& culprit : predict_from(documents, kSaid).culprits) all.insert(culprit.resource.id);
    for (std::size_t i = 0; i < documents.size(); ++i) {
      Documents fewer = documents;
      fewer.erase(i);
      INFO(wrong.name << " without " << documents[i].begin().key() << " (" << i << ")");
      const Diagnosis diagnosis = predict_from(fewer, kSaid);
      for (const Culprit& culprit : diagnosis.culprits) {
        INFO(culprit.resource.id);
        CHECK(all.contains(culprit.resource.id));
      }
      if (!all.empty() && diagnosis.culprits.empty()) CHECK(diagnosis.exit_code == 3);
    }
  }
}

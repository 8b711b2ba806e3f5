// The table of reads, and what it drives: calls, the IAM policy, the script of AWS CLI calls.
#include "agent/doctor/api_reads.h"

#include <nlohmann/json.hpp>

#include "agent/doctor/reading_access.h"
#include "catch.h"
#include "golden.h"

using namespace vpcprobe;

namespace {

std::vector<const ApiRead*> all_reads() {
  std::vector<const ApiRead*> rows;
  for (const auto table : {seed_reads(), vpc_reads(), reference_reads(), ecs_reads()})
    for (const ApiRead& row : table) rows.push_back(&row);
  return rows;
}

}  // namespace

TEST_CASE("every row reads only, and its variables are known", "[doctor]") {
  const ReadValues values{{"region", {"eu-west-1"}}, {"cluster", {"prod"}}, {"tasks", {"1", "2"}}};
  for (const ApiRead* row : all_reads()) {
    INFO(row->action);
    const bool only_reads = row->action.starts_with("Describe") || row->action.starts_with("List") ||
                            row->action.starts_with("Get");
    CHECK(only_reads);
    REQUIRE(find_api(row->api) != nullptr);
    CHECK_FALSE(row->what_for.empty());
    const ApiCallRequest call = request_of(*row, values, "the-subject");
    const std::string text = call.body + call.path;
    CHECK((row->per.empty() || text.find("the-subject") != std::string::npos));
    if (call.api->protocol == ApiProtocol::json)
      CHECK(nlohmann::json::parse(call.body).is_object());
    else
      CHECK(text.find('{') == std::string::npos);
  }
}

TEST_CASE("values are encoded for the protocol of their call", "[doctor]") {
  CHECK(request_of(api_read("DescribeVpcs"), {}, "vpc-1&Action=DeleteVpc").body ==
        "VpcId.1=vpc-1%26Action%3DDeleteVpc");
  CHECK(request_of(api_read("DescribeServices"), {{"cluster", {"a\"b"}}}, "web").body ==
        R"({"cluster":"a\"b","services":["web"]})");
  CHECK(request_of(api_read("DescribeTasks"), {{"cluster", {"c"}}, {"tasks", {"1", "2"}}}, "").body ==
        R"({"cluster":"c","tasks":["1","2"]})");
  const ApiCallRequest zones =
      request_of(api_read("ListHostedZonesByVPC"), {{"region", {"eu-west-1"}}}, "vpc-1");
  CHECK(zones.method == "GET");
  CHECK(zones.path == "/2013-04-01/hostedzonesbyvpc?vpcid=vpc-1&vpcregion=eu-west-1");
}

TEST_CASE("the policy for reading allows what the table calls, and only that", "[doctor]") {
  check_golden("doctor.policy.json", reading_policy());
  CHECK(nlohmann::json::parse(reading_policy())["Statement"][0]["Effect"] == "Allow");
}

TEST_CASE("the policy takes rights on one resource each", "[api]") {
  const auto policy =
      nlohmann::json::parse(reading_policy({{"sns:Publish", "arn:aws:sns:eu-west-1:111122223333:t"},
                                            {"ssm:GetParameter", "arn:aws:ssm:*:*:parameter/a"}}));
  REQUIRE(policy["Statement"].size() == 3);
  CHECK(policy["Statement"][1] == nlohmann::json::parse(R"({"Effect":"Allow","Action":"sns:Publish",
                                  "Resource":"arn:aws:sns:eu-west-1:111122223333:t"})"));
  CHECK(policy["Statement"][2]["Resource"] == "arn:aws:ssm:*:*:parameter/a");
}

TEST_CASE("the script of AWS CLI calls", "[doctor]") {
  ScriptSubject subject;
  subject.region = "eu-west-1";
  subject.subnets = {"subnet-1", "subnet-2"};
  subject.groups = {"sg-1"};
  check_golden("doctor.script.subnets.sh", reading_script(subject));
  ScriptSubject reported;
  reported.addresses = {"10.0.1.23", "2a05:d018:1:101::17"};
  CHECK(reading_script(reported).find("addresses='10.0.1.23 2a05:d018:1:101::17'") != std::string::npos);
  CHECK(reading_script(reported).find("subnet_ids=${SUBNETS:-}") != std::string::npos);
  CHECK(reading_script({}).find("subnet_ids=${SUBNETS:?set SUBNETS") != std::string::npos);
  ScriptSubject service;
  service.region = "eu-west-1";
  service.cluster = "prod";
  service.service = "web";
  check_golden("doctor.script.service.sh", reading_script(service));
}

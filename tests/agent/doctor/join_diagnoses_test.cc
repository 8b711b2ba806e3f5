#include "agent/doctor/join_diagnoses.h"

#include "catch.h"

using namespace vpcprobe;

namespace {

SubnetDiagnosis seen(const std::string& subnet, Verdict verdict, int exit_code,
                     const std::string& table = "") {
  Diagnosis diagnosis;
  diagnosis.measured = true;
  diagnosis.verdict = verdict;
  diagnosis.exit_code = exit_code;
  diagnosis.who.subnets = {subnet};
  diagnosis.paths.push_back({"s3", subnet, "3.5.0.1", Reachability::reachable, "connects", {}});
  if (!table.empty()) {
    Culprit culprit;
    culprit.finding = "gateway-route-missing";
    culprit.endpoints = {"s3"};
    culprit.resource = {"route-table", table, ""};
    culprit.rule = "no route to S3";
    diagnosis.culprits.push_back(culprit);
  }
  diagnosis.summary = summary_of(diagnosis);
  return {subnet, "eu-west-1" + subnet.substr(subnet.size() - 1), diagnosis};
}

}  // namespace

TEST_CASE("one closed zone fails the task, and the verdict names the zone", "[inside]") {
  const Diagnosis joined =
      join_diagnoses({seen("subnet-a", Verdict::pass, 0), seen("subnet-b", Verdict::fail, 23, "rtb-b"),
                      seen("subnet-c", Verdict::warn, 0)},
                     {});
  CHECK(joined.verdict == Verdict::fail);
  CHECK(joined.exit_code == 23);
  CHECK(joined.summary == "route table rtb-b: no route to S3; in 1 of 3 subnets: subnet-b (eu-west-1b)");
  CHECK(joined.paths.size() == 3);
  CHECK(joined.who.subnets.size() == 3);
}

TEST_CASE("the same culprit of several subnets stands once", "[inside]") {
  const Diagnosis joined = join_diagnoses(
      {seen("subnet-a", Verdict::fail, 23, "rtb-1"), seen("subnet-b", Verdict::fail, 23, "rtb-1")}, {});
  CHECK(joined.culprits.size() == 1);
  CHECK(joined.summary == "route table rtb-1: no route to S3");
}

TEST_CASE("the exit code is the earliest stage, and where", "[inside]") {
  CHECK(join_diagnoses({seen("a", Verdict::fail, 23), seen("b", Verdict::fail, 14)}, {}).exit_code == 14);
  CHECK(join_diagnoses({seen("a", Verdict::fail, 23), seen("b", Verdict::fail, 24)}, {}).exit_code == 29);
  CHECK(join_diagnoses({seen("a", Verdict::fail, 23), seen("b", Verdict::fail, 20)}, {}).exit_code == 20);
  CHECK(join_diagnoses({seen("a", Verdict::warn, 0), seen("b", Verdict::incomplete, 3)}, {}).exit_code == 3);
}

TEST_CASE("a subnet that was not seen is not fine", "[inside]") {
  const std::vector<UnseenSubnet> unseen{{"subnet-b", "eu-west-1b", "no free address"}};
  const Diagnosis open = join_diagnoses({seen("subnet-a", Verdict::pass, 0)}, unseen);
  CHECK(open.verdict == Verdict::incomplete);
  CHECK(open.exit_code == 3);
  CHECK(open.summary == "nothing was measured from subnet-b (eu-west-1b): no free address");
  REQUIRE(open.not_seen.size() == 1);
  CHECK(open.not_seen[0].what == "packets from subnet-b (eu-west-1b)");
  const Diagnosis failed = join_diagnoses({seen("subnet-a", Verdict::fail, 23, "rtb-1")}, unseen);
  CHECK(failed.exit_code == 23);
  CHECK(failed.summary.find("in 1 of 2 subnets") != std::string::npos);
}

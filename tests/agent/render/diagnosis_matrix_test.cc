// Diagnoses of many subnets: read again, and as one table.
#include "agent/render/diagnosis_matrix.h"

#include "agent/doctor/read_diagnoses.h"
#include "catch.h"
#include "golden.h"

using namespace vpcprobe;

namespace {

constexpr const char* kFault =
    R"({"finding":"endpoint-filtered","endpoint":"logs","endpoints":["logs","ssm"],"resource":{"type":"security-group",)"
    R"("id":"sg-1","name":"endpoints"},"rule":"no ingress rule for tcp 443","fixes":[{"text":"allow it","command":"aws ec2 x"}]})";

std::string diagnosis(const std::string& subnet, const std::string& rest) {
  return R"({"schema":"vpc-probe/diagnosis/1","task":{"subnets":[")" + subnet + R"("]},)" + rest + "}";
}

/// As a state machine gives it, as the doctor as a function gives it, one per line.
std::string three() {
  const std::string fault = std::string(R"("exit_code":24,"measured":true,"culprits":[)") + kFault + "],";
  return R"({"rows":[{"diagnosis":)" +
         diagnosis("subnet-1", fault +
                                   R"("paths":[{"endpoint":"logs","reach":"reachable","measured":"silent"},)"
                                   R"({"endpoint":"logs","reach":"reachable","measured":"connects"}])") +
         "}]}\n" + R"({"subject":"subnet-2","diagnosis":)" +
         diagnosis("subnet-2",
                   fault + R"("paths":[{"endpoint":"ssm","reach":"unreachable","measured":null}])") +
         "}\n" + "2026-11-27 " +
         diagnosis("subnet-3",
                   R"("exit_code":3,"summary":"too little was seen","paths":[)"
                   R"({"endpoint":"ssm","reach":"undetermined"},{"endpoint":"logs","reach":"reachable"}])") +
         "\n";
}

}  // namespace

TEST_CASE("diagnoses of several subnets as one table with each culprit once", "[doctor]") {
  const auto diagnoses = read_diagnoses(three());
  REQUIRE(diagnoses.size() == 3);
  check_golden("diagnosis.matrix.txt", render_diagnosis_matrix(diagnoses, {}));
}

TEST_CASE("a saved diagnosis is read as it was written", "[doctor]") {
  const auto diagnoses = read_diagnoses(read_file(in_tree("tests/golden/diagnosis.failing.json")));
  REQUIRE(diagnoses.size() == 1);
  const Diagnosis& found = diagnoses.front();
  CHECK(found.exit_code == 24);
  CHECK(found.measured);
  CHECK(found.who.subnets == std::vector<std::string>{"subnet-000000000000000a1"});
  REQUIRE(found.culprits.size() == 1);
  CHECK(found.culprits.front().resource.id == "sg-0eee1111fff2222dd");
  CHECK(found.paths.size() == 2);
}

TEST_CASE("what is no diagnosis is none", "[doctor]") {
  CHECK(read_diagnoses("").empty());
  CHECK(read_diagnoses(R"({"schema":"vpc-probe/report/2"})").empty());
  CHECK(read_diagnoses(R"({"schema":"vpc-probe/diagnosis/1")").empty());
  CHECK(read_diagnoses(R"(["vpc-probe/diagnosis/1",{"schema":["vpc-probe/diagnosis/1"]}])").empty());
  const auto bare =
      read_diagnoses(R"([{"schema":"vpc-probe/diagnosis/1","exit_code":"x","paths":[1],"culprits":{}}])");
  REQUIRE(bare.size() == 1);
  CHECK(bare.front().exit_code == 3);
}

TEST_CASE("diagnoses with any number of services and culprits take no longer than reading them", "[doctor]") {
  Diagnosis diagnosis;
  diagnosis.exit_code = 20;
  for (int i = 0; i < 20000; ++i) {
    diagnosis.paths.push_back({});
    diagnosis.paths.back().endpoint = "service-" + std::to_string(i);
    diagnosis.culprits.push_back({});
    diagnosis.culprits.back().rule = "rule " + std::to_string(i);
  }
  const std::string text = render_diagnosis_matrix({diagnosis, diagnosis}, {});
  CHECK(text.find("19800 more services are not shown") != std::string::npos);
  CHECK(text.find("\n20000 ") != std::string::npos);
  CHECK(text.find("\n20001 ") == std::string::npos);
}

TEST_CASE("a service without a name has its column", "[doctor]") {
  const auto diagnoses = read_diagnoses(diagnosis(
      "subnet-1", R"("exit_code":0,"paths":[{"endpoint":"","reach":"reachable"},{"endpoint":"s3"}])"));
  const std::string text = render_diagnosis_matrix(diagnoses, {});
  CHECK(text.find("subnet-1") != std::string::npos);
  CHECK(text.find("✓") != std::string::npos);
}

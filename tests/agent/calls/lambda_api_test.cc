#include "agent/calls/lambda_api.h"

#include <nlohmann/json.hpp>

#include "agent/calls/iam_api.h"
#include "catch.h"

using namespace vpcprobe;
using Json = nlohmann::json;

TEST_CASE("a function is made in one VPC, with its code in the call", "[lambda]") {
  NewFunction function;
  function.name = "f";
  function.description = "d";
  function.role = "arn:aws:iam::111122223333:role/r";
  function.architecture = "arm64";
  function.zip = "UEs=";
  function.subnets = {"subnet-1"};
  function.groups = {"sg-1", "sg-2"};
  function.variables = {{"VPC_PROBE_REGION", "eu-west-1"}};
  function.tags = {{"vpc-probe", "doctor"}};
  function.timeout = std::chrono::seconds(60);
  const ApiCallRequest call = create_function(function);
  CHECK(call.method == "POST");
  CHECK(call.path == "/2015-03-31/functions");
  CHECK(
      Json::parse(call.body) ==
      Json::parse(R"({"FunctionName":"f","Description":"d","Runtime":"provided.al2023","Handler":"bootstrap",
          "Role":"arn:aws:iam::111122223333:role/r","Architectures":["arm64"],"Code":{"ZipFile":"UEs="},
          "MemorySize":256,"Timeout":60,
          "VpcConfig":{"SubnetIds":["subnet-1"],"SecurityGroupIds":["sg-1","sg-2"]},
          "Environment":{"Variables":{"VPC_PROBE_REGION":"eu-west-1"}},"Tags":{"vpc-probe":"doctor"}})"));
}

TEST_CASE("groups are changed in the same subnets", "[lambda]") {
  const ApiCallRequest call = change_groups("f", {"subnet-1"}, {"sg-9"});
  CHECK(call.method == "PUT");
  CHECK(call.path == "/2015-03-31/functions/f/configuration");
  CHECK(call.body == R"({"VpcConfig":{"SecurityGroupIds":["sg-9"],"SubnetIds":["subnet-1"]}})");
}

TEST_CASE("functions come in pages by marker", "[lambda]") {
  const HttpRequest request = http_request_of(list_functions("a+b="), "eu-west-1", {"AKID", "secret", ""});
  CHECK(request.url ==
        "https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions?Marker=a%2Bb%3D&MaxItems=50");
  const auto answer = read_answer(list_functions(""), R"({"Functions":[],"NextMarker":"m"})");
  REQUIRE(answer);
  CHECK(answer.value().next_token == "m");
}

TEST_CASE("a deleted function leaves an empty answer", "[lambda]") {
  const auto answer = read_answer(delete_function("f"), "");
  REQUIRE(answer);
  CHECK(answer.value().json == "{}");
}

TEST_CASE("a function's state is read, whatever is missing or wrong", "[lambda]") {
  const FunctionState state = read_function(
      R"({"FunctionName":"f","Description":"d","Role":"r","State":"Active","StateReason":"a\nb",
          "LastUpdateStatus":"InProgress","VpcConfig":{"VpcId":"vpc-1","SubnetIds":["subnet-1",7],
          "SecurityGroupIds":["sg-1"]}})");
  CHECK(state.name == "f");
  CHECK(state.state_reason == "a b");
  CHECK(state.is_in_transition());
  CHECK(state.vpc == "vpc-1");
  CHECK(state.subnets == std::vector<std::string>{"subnet-1"});
  CHECK(state.groups == std::vector<std::string>{"sg-1"});
  for (const char* wrong : {"", "[]", "{", "null", R"({"State":7,"VpcConfig":[]})"}) {
    INFO(wrong);
    CHECK(read_function(wrong).state.empty());
    CHECK(read_function_list(wrong).empty());
  }
  CHECK(read_function_list(R"({"Functions":[{"FunctionName":"f"},7]})").size() == 2);
}

TEST_CASE("IAM takes the role in one call with its tag", "[iam]") {
  const ApiCallRequest call = create_role({"r", "/vpc-probe/", "d e", "vpc-probe", "doctor"});
  CHECK(call.body.starts_with("Path=%2Fvpc-probe%2F&RoleName=r&AssumeRolePolicyDocument=%7B%22Version"));
  CHECK(call.body.ends_with("&Description=d%20e&Tags.member.1.Key=vpc-probe&Tags.member.1.Value=doctor"));
  const HttpRequest request = http_request_of(call, "eu-west-1", {"AKID", "secret", ""});
  CHECK(request.url == "https://iam.amazonaws.com/");
  CHECK(request.signing->region == "us-east-1");
  CHECK(http_request_of(call, "cn-north-1", {"AKID", "secret", ""}).url ==
        "https://iam.cn-north-1.amazonaws.com.cn/");
  CHECK(http_request_of(call, "cn-north-1", {"AKID", "secret", ""}).signing->region == "cn-north-1");
  CHECK(http_request_of(call, "us-gov-east-1", {"AKID", "secret", ""}).url ==
        "https://iam.us-gov.amazonaws.com/");
}

TEST_CASE("the ARN of a role stands in IAM's XML", "[iam]") {
  const auto answer = read_answer(get_role("r"),
                                  "<GetRoleResponse><GetRoleResult><Role><Arn>arn:aws:iam::1:role/r</Arn>"
                                  "</Role></GetRoleResult></GetRoleResponse>");
  REQUIRE(answer);
  CHECK(role_arn_in(answer.value().json) == "arn:aws:iam::1:role/r");
  CHECK(read_answer(delete_role("r"), "<DeleteRoleResponse/>").value().json == "{}");
  CHECK(role_arn_in("{}").empty());
  CHECK(role_arn_in("").empty());
}

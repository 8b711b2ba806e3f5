#include "agent/calls/xml_answer.h"

#include <nlohmann/json.hpp>

#include "agent/calls/answer_shapes.h"
#include "catch.h"

using namespace vpcprobe;

namespace {

std::string answer_with(const std::string& content) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
         "<DescribeSecurityGroupsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">"
         "<requestId>59dbff89</requestId>" +
         content + "</DescribeSecurityGroupsResponse>";
}

Result<AnswerDocument> read_groups(const std::string& content) {
  return read_xml_answer("DescribeSecurityGroups", answer_with(content));
}

std::string problem_of_answer(std::string_view operation, const std::string& xml) {
  const auto read = read_xml_answer(operation, xml);
  return read ? "" : read.error().message;
}

}  // namespace

TEST_CASE("an XML answer becomes the document that the AWS CLI prints", "[xml]") {
  const auto read = read_groups(
      "<securityGroupInfo><item><ownerId>111122223333</ownerId><groupId>sg-1</groupId>"
      "<groupName>web</groupName><groupDescription>&lt;web&gt; &amp; more</groupDescription>"
      "<ipPermissions><item><ipProtocol>tcp</ipProtocol><fromPort>443</fromPort><toPort>443</toPort>"
      "<groups><item><groupId>sg-2</groupId></item></groups><ipRanges/></item></ipPermissions>"
      "<ipPermissionsEgress/></item></securityGroupInfo><nextToken>a+b/=</nextToken>");
  REQUIRE(read);
  CHECK(read.value().next_token == "a+b/=");
  const auto document = nlohmann::json::parse(read.value().json);
  CHECK(document == nlohmann::json::parse(R"({"SecurityGroups": [{
      "OwnerId": "111122223333", "GroupId": "sg-1", "GroupName": "web", "Description": "<web> & more",
      "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443,
                         "UserIdGroupPairs": [{"GroupId": "sg-2"}], "IpRanges": []}],
      "IpPermissionsEgress": []}]})"));
  CHECK(read.value().json.find('\n') == std::string::npos);
}

TEST_CASE("truth and lists of texts keep their types", "[xml]") {
  const auto read = read_xml_answer(
      "DescribeVpcEndpoints",
      "<DescribeVpcEndpointsResponse><vpcEndpointSet><item><vpcEndpointId>vpce-1</vpcEndpointId>"
      "<privateDnsEnabled>true</privateDnsEnabled>"
      "<subnetIdSet><item>subnet-1</item><item>subnet-2</item></subnetIdSet>"
      "</item></vpcEndpointSet></DescribeVpcEndpointsResponse>");
  REQUIRE(read);
  CHECK(
      nlohmann::json::parse(read.value().json)["VpcEndpoints"][0] ==
      nlohmann::json::parse(
          R"({"VpcEndpointId": "vpce-1", "PrivateDnsEnabled": true, "SubnetIds": ["subnet-1", "subnet-2"]})"));
  CHECK(read.value().next_token.empty());
}

TEST_CASE("the answer of STS stands in a wrapper", "[xml]") {
  const auto read =
      read_xml_answer("GetCallerIdentity",
                      "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333"
                      "</Account></GetCallerIdentityResult></GetCallerIdentityResponse>");
  REQUIRE(read);
  CHECK(read.value().json == R"({"Account":"111122223333"})");
}

TEST_CASE("what the table does not know is passed over", "[xml]") {
  const auto read = read_groups(
      "<younger><item>1</item></younger><securityGroupInfo><item><groupId>sg-1</groupId><mood>good</mood>"
      "</item></securityGroupInfo>");
  REQUIRE(read);
  CHECK(read.value().json == R"({"SecurityGroups":[{"GroupId":"sg-1"}]})");
}

TEST_CASE("an answer that is not one is one line that repeats nothing", "[xml]") {
  CHECK(problem_of_answer("DescribeVpcs", answer_with("")) == "it is no answer to DescribeVpcs");
  CHECK(problem_of_answer("DescribeSecurityGroups", answer_with("").substr(0, 120)) == "not whole XML");
  CHECK(problem_of_answer("DescribeSecurityGroups", "") == "not whole XML");
  CHECK(
      problem_of_answer("DescribeSecurityGroups",
                        answer_with("<securityGroupInfo><item><ipPermissions><item><fromPort>https</fromPort>"
                                    "</item></ipPermissions></item></securityGroupInfo>")) ==
      "FromPort must be a number");
  CHECK(problem_of_answer("DescribeVpcEndpoints",
                          "<DescribeVpcEndpointsResponse><vpcEndpointSet><item><privateDnsEnabled>maybe"
                          "</privateDnsEnabled></item></vpcEndpointSet></DescribeVpcEndpointsResponse>") ==
        "PrivateDnsEnabled must be true or false");
}

TEST_CASE("hostile XML is bounded", "[xml]") {
  SECTION("entities of a document's own stay text") {
    const auto read = read_xml_answer(
        "DescribeVpcs",
        "<!DOCTYPE a [<!ENTITY b \"c\">]><DescribeVpcsResponse><vpcSet><item><vpcId>&b;</vpcId>"
        "</item></vpcSet></DescribeVpcsResponse>");
    REQUIRE(read);
    CHECK(read.value().json == R"({"Vpcs":[{"VpcId":"&b;"}]})");
  }
  SECTION("depth") {
    std::string deep;
    for (int i = 0; i < 100'000; ++i) deep += "<a>";
    CHECK(problem_of_answer("DescribeVpcs", deep) == "not whole XML");
  }
  SECTION("tags") {
    std::string many;
    for (int i = 0; i < 4'000'001; ++i) many += "<a/>";
    CHECK(problem_of_answer("DescribeVpcs", many) == "more than 4 million tags");
  }
  SECTION("length") {
    CHECK(problem_of_answer("DescribeVpcs", std::string(kLongestAnswer + 1, ' ')) == "longer than 64 MiB");
  }
}

TEST_CASE("shapes of answers: names, types and what they consist of", "[xml]") {
  REQUIRE(answer_shape("DescribeRouteTables") != nullptr);
  const AnswerMember& tables = answer_shape("DescribeRouteTables")->members.front();
  CHECK(tables.xml == "routeTableSet");
  CHECK(tables.json == "RouteTables");
  CHECK(tables.kind == AnswerKind::structures);
  REQUIRE(tables.shape != nullptr);
  CHECK(tables.shape == answer_shape("RouteTable"));
  CHECK(answer_shape("TerminateInstances") == nullptr);
}

#include "agent/doctor/read_configuration.h"

#include "catch.h"
#include "golden.h"

using namespace vpcprobe;

namespace {

Configuration read(std::string_view text) {
  Configuration configuration;
  const auto read = read_configuration(text, configuration);
  INFO((read ? std::string() : read.error().message));
  REQUIRE(read);
  return configuration;
}

std::string error_of(std::string_view text) {
  Configuration configuration;
  const auto read = read_configuration(text, configuration);
  REQUIRE_FALSE(read);
  return read.error().message;
}

std::vector<std::string> names_of(const std::vector<NotSeen>& list) {
  std::vector<std::string> names;
  for (const NotSeen& entry : list) names.push_back(entry.what);
  return names;
}

}  // namespace

TEST_CASE("documents of the AWS CLI become values", "[doctor]") {
  const Configuration healthy = read(read_file(in_tree("tests/agent/doctor/healthy.json")));
  CHECK(healthy.groups.seen == Seen::completely);
  const SecurityGroup* group = healthy.groups.find("sg-0eee1111fff2222dd");
  REQUIRE(group != nullptr);
  CHECK(group->name == "endpoints");
  REQUIRE(group->ingress);
  REQUIRE(group->ingress->size() == 1);
  const GroupRule& rule = group->ingress->front();
  CHECK(rule.protocol == Protocol::tcp);
  CHECK(rule.ports.from == 443);
  CHECK(rule.groups.front().group == "sg-0aaa1111bbb2222cc");
  REQUIRE(group->egress);
  CHECK(group->egress->front().ranges.front() == *Cidr::parse("0.0.0.0/0"));

  const Vpc* vpc = healthy.vpcs.find("vpc-0a1b2c3d4e5f60718");
  REQUIRE(vpc != nullptr);
  CHECK(vpc->dns_support == true);
  CHECK(vpc->dns_hostnames == true);
  CHECK(vpc->ranges == std::vector{*Cidr::parse("10.0.0.0/16")});
  const RouteTable* table = healthy.route_tables.find("rtb-0aaaa1111bbbb2222");
  REQUIRE(table != nullptr);
  REQUIRE(table->routes);
  CHECK(table->routes->at(0).kind == RouteTarget::local);
  CHECK(table->routes->at(1).kind == RouteTarget::gateway_endpoint);
  const VpcEndpoint* gateway = healthy.endpoints.find("vpce-0555555555555555a");
  REQUIRE(gateway != nullptr);
  CHECK(gateway->kind == EndpointKind::gateway);
  CHECK(gateway->route_tables == std::vector<std::string>{"rtb-0aaaa1111bbbb2222"});
  CHECK(healthy.dhcp_options.find("dopt-0aaaa1111bbbb2222")->servers ==
        std::vector<std::string>{"AmazonProvidedDNS"});
  CHECK(healthy.interfaces.find("eni-0a00000000000beef")->groups ==
        std::vector<std::string>{"sg-0aaa1111bbb2222cc"});
  CHECK(healthy.prefix_lists.find("pl-6da54004")->ranges->size() == 4);
  CHECK(not_seen(healthy).empty());
}

TEST_CASE("documents come one per line, in arrays, or in several texts", "[doctor]") {
  const Configuration lines = read(
      "{\"Subnets\":[{\"SubnetId\":\"subnet-1\",\"CidrBlock\":\"10.0.1.0/24\"}]}\n"
      "{\"Vpcs\":[]}\n");
  CHECK(lines.subnets.by_id.size() == 1);
  CHECK(lines.vpcs.seen == Seen::completely);
  Configuration twice = lines;
  REQUIRE(read_configuration("[{\"Subnets\":[{\"SubnetId\":\"subnet-2\"}]},{\"NatGateways\":[]}]", twice));
  CHECK(twice.subnets.by_id.size() == 2);
  CHECK(twice.nat_gateways.seen == Seen::completely);
  CHECK(read("").vpcs.seen == Seen::not_seen);
  CHECK(read(" \n").vpcs.seen == Seen::not_seen);
}

TEST_CASE("attributes and entries join what is read before or after them", "[doctor]") {
  const Configuration before = read(
      R"([{"VpcId":"vpc-1","EnableDnsSupport":{"Value":false}},{"Vpcs":[{"VpcId":"vpc-1","CidrBlock":"10.0.0.0/16"}]}])");
  CHECK(before.vpcs.find("vpc-1")->dns_support == false);
  CHECK(before.vpcs.find("vpc-1")->ranges.size() == 1);
  CHECK_FALSE(before.vpcs.find("vpc-1")->dns_hostnames.has_value());
  const Configuration lists = read(
      R"([{"PrefixListId":"pl-1","Entries":[{"Cidr":"52.92.0.0/17"}]},)"
      R"({"PrefixLists":[{"PrefixListId":"pl-1","PrefixListName":"com.amazonaws.eu-west-1.s3","State":"create-complete"}]}])");
  CHECK(lists.prefix_lists.find("pl-1")->ranges->size() == 1);
  CHECK(lists.prefix_lists.find("pl-1")->name == "com.amazonaws.eu-west-1.s3");
  CHECK_FALSE(read(R"({"PrefixLists":[{"PrefixListId":"pl-1"}]})").prefix_lists.find("pl-1")->ranges);
}

TEST_CASE("what was refused or cut off is not seen", "[doctor]") {
  const Configuration none = read(
      R"([{"NotSeen":[{"what":"NetworkAcls","why":"UnauthorizedOperation: you may not"}]},{"Vpcs":[]}])");
  CHECK(none.acls.seen == Seen::not_seen);
  const auto list = not_seen(none);
  REQUIRE(list.size() > 3);
  CHECK(list[2].what == "NetworkAcls");
  CHECK(list[2].why == "UnauthorizedOperation: you may not");
  CHECK(names_of(list).back() == "EnableDnsHostnames");
  CHECK(read(R"({"Subnets":[],"NextToken":"abc"})").subnets.seen == Seen::in_part);
  CHECK(read(R"([{"Subnets":[]},{"NotSeen":[{"what":"Subnets","why":"Throttled"}]}])").subnets.seen ==
        Seen::in_part);
  CHECK(read(R"([{"NotSeen":[{"what":"Subnets","why":"Throttled"}]},{"Subnets":[]}])").subnets.seen ==
        Seen::in_part);
}

TEST_CASE("rules in their flat form fill groups that were not read themselves", "[doctor]") {
  const Configuration flat = read(
      R"({"SecurityGroupRules":[{"SecurityGroupRuleId":"sgr-1","GroupId":"sg-1","IsEgress":false,"IpProtocol":"tcp",)"
      R"("FromPort":443,"ToPort":443,"ReferencedGroupInfo":{"GroupId":"sg-2","UserId":"1"}}]})");
  const SecurityGroup* group = flat.groups.find("sg-1");
  REQUIRE(group != nullptr);
  CHECK_FALSE(group->is_whole);
  CHECK(group->ingress->front().groups.front().group == "sg-2");
  CHECK_FALSE(group->egress);
  CHECK(flat.groups.seen == Seen::not_seen);
}

TEST_CASE("a task and a service keep what the VPC needs of them", "[doctor]") {
  const Configuration ecs = read(
      R"({"tasks":[{"taskArn":"arn:1","group":"service:web","attachments":[{"type":"ElasticNetworkInterface","details":[)"
      R"({"name":"subnetId","value":"subnet-1"},{"name":"networkInterfaceId","value":"eni-1"},)"
      R"({"name":"privateIPv4Address","value":"10.0.1.23"}]}]}]})"
      R"({"services":[{"serviceArn":"arn:2","serviceName":"web","networkConfiguration":{"awsvpcConfiguration":)"
      R"({"subnets":["subnet-1"],"securityGroups":["sg-1"],"assignPublicIp":"DISABLED"}}}]})"
      R"({"taskDefinition":{"family":"web","containerDefinitions":[{"name":"app","cpu":1,"essential":true}]},"tags":[]})");
  CHECK(ecs.tasks.find("arn:1")->subnet == "subnet-1");
  CHECK(ecs.tasks.find("arn:1")->address == "10.0.1.23");
  CHECK(ecs.services.find("arn:2")->groups == std::vector<std::string>{"sg-1"});
  CHECK(
      ecs.task_definition ==
      R"({"taskDefinition":{"family":"web","containerDefinitions":[{"name":"app","cpu":1,"essential":true}]},"tags":[]})");
}

TEST_CASE("words of later versions stay unknown", "[doctor]") {
  const Configuration later = read(
      R"({"NetworkAcls":[{"NetworkAclId":"acl-1","New":{"a":[1,2]},"Entries":[{"RuleNumber":100,"RuleAction":"ponder",)"
      R"("Protocol":"quic","CidrBlock":"0.0.0.0/0","Egress":true}]}]})"
      R"({"RouteTables":[{"RouteTableId":"rtb-1","Routes":[{"DestinationCidrBlock":"0.0.0.0/0","OdbNetworkArn":"arn:x"}]}]})");
  const AclEntry& entry = later.acls.find("acl-1")->entries->front();
  CHECK(entry.action == AclAction::unknown);
  CHECK(entry.protocol == Protocol::unknown);
  CHECK(later.route_tables.find("rtb-1")->routes->front().kind == RouteTarget::other);
  CHECK_FALSE(read(R"({"NetworkAcls":[{"NetworkAclId":"acl-1"}]})").acls.find("acl-1")->entries);
}

TEST_CASE("a mistake in a document is one line with its place", "[doctor]") {
  CHECK(error_of("{\"Subnets\":") == "no JSON: wrong at byte 12");
  CHECK(error_of("{\"Vpcs\":[]} }") == "no JSON: wrong at byte 13");
  CHECK(error_of("[1]") == "each document must be an object, as the AWS CLI prints it");
  CHECK(error_of("[[]]") == "each document must be an object, as the AWS CLI prints it");
  CHECK(error_of("\"text\"") == "each document must be an object, as the AWS CLI prints it");
  CHECK(error_of(R"({"Subnets":[{"SubnetId":"subnet-1"},{"SubnetId":7}]})") ==
        "Subnets[1].SubnetId must be a string");
  CHECK(error_of(R"({"Vpcs":[{"VpcId":"vpc-1","CidrBlockAssociationSet":[{}]}]})") ==
        "a missing member must be a range such as 10.0.0.0/16");
  CHECK(error_of(R"({"Subnets":[{}]})") == "Subnets[0] must be an object with SubnetId");
  CHECK(
      error_of(
          R"({"SecurityGroups":[{"GroupId":"sg-1","IpPermissions":[{},{"IpRanges":[{"CidrIp":"10.0.0.0/33"}]}]}]})") ==
      "SecurityGroups[0].IpPermissions[1].IpRanges[0].CidrIp must be a range such as 10.0.0.0/16");
  CHECK(error_of(R"({"VpcId":"vpc-1","EnableDnsSupport":true})") == "EnableDnsSupport must be an object");
  CHECK(error_of("{\"tasks\":" + std::string(80, '[') + std::string(80, ']') + "}") ==
        "nested deeper than 64 levels");
}

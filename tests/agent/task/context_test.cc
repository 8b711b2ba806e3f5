#include "agent/task/context.h"

#include "catch.h"

using namespace vpcprobe;

namespace {

constexpr const char* kTask = R"({"Cluster":"c1",
 "TaskARN":"arn:aws-cn:ecs:cn-north-1:111122223333:task/c1/0123456789abcdef0123456789abcdef",
 "Family":"probe","Limits":{"CPU":0.25,"Memory":512},"AvailabilityZone":"cn-north-1b","AvailabilityZoneID":"cnn1-az2",
 "Containers":[
  {"Name":"~internal~ecs~pause","Image":"amazon/amazon-ecs-pause:0.1.0","Type":"CNI_PAUSE"},
  {"Name":"app","Image":"111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/app:1","Type":"NORMAL","LogDriver":"awslogs",
   "LogOptions":{"awslogs-group":"/ecs/app","awslogs-region":"cn-north-1","splunk-token":"hunter2"},
   "Networks":[{"NetworkMode":"awsvpc","IPv4Addresses":["10.0.1.23"],"IPv6Addresses":["fd00::17"],
    "IPv4SubnetCIDRBlock":"10.0.1.0/24","IPv6SubnetCIDRBlock":"fd00::/64","DomainNameServers":["10.0.0.2","fd00::2"],
    "PrivateDNSName":"ip-10-0-1-23.cn-north-1.compute.internal","SubnetGatewayIpv4Address":"192.0.2.0/24"}]},
  {"Name":"sidecar","Image":"nginx","Networks":[{"IPv4Addresses":["10.0.1.23"],"DomainNameServers":["10.0.0.2"]}]}],
 "LaunchType":"FARGATE","ClockDrift":{"ClockErrorBound":0.44,"ClockSynchronizationStatus":"SYNCHRONIZED"}})";

std::string error(std::string_view text) {
  const Result<TaskContext> result = parse_task_metadata(text);
  REQUIRE_FALSE(result);
  return result.error().message;
}

std::string nested(std::size_t depth) {
  return R"({"x":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
}

}  // namespace

TEST_CASE("a task's metadata is read") {
  const Result<TaskContext> result = parse_task_metadata(kTask);
  REQUIRE(result);
  const TaskContext& task = result.value();
  CHECK(task.region == "cn-north-1");
  CHECK(task.account == "111122223333");
  CHECK(task.cluster == "c1");
  CHECK(task.launch_type == "FARGATE");
  CHECK(task.availability_zone == "cn-north-1b");
  CHECK(task.availability_zone_id == "cnn1-az2");
  CHECK(task.clock_status == "SYNCHRONIZED");
  CHECK(task.private_dns_name == "ip-10-0-1-23.cn-north-1.compute.internal");
  REQUIRE(task.subnets.size() == 2);
  CHECK(task.subnets[0].to_string() == "10.0.1.0/24");
  CHECK(task.subnets[1].to_string() == "fd00::/64");
  REQUIRE(task.source_addresses.size() == 2);  // each once, although two containers share the interface
  CHECK(task.source_addresses[0].to_string() == "10.0.1.23");
  REQUIRE(task.resolvers.size() == 2);
  CHECK(task.resolvers[0].to_string() == "10.0.0.2:53");
  CHECK(task.resolvers[1].to_string() == "[fd00::2]:53");
}

TEST_CASE("containers are the task's own, with the log options a plan can use") {
  const TaskContext task = parse_task_metadata(kTask).value();
  REQUIRE(task.containers.size() == 2);  // the pause container is the platform's
  CHECK(task.containers[0].name == "app");
  CHECK(task.containers[0].image == "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/app:1");
  CHECK(task.containers[0].log_driver == "awslogs");
  CHECK(task.containers[0].log_options.at("awslogs-region") == "cn-north-1");
  CHECK(task.containers[0].log_options.count("splunk-token") == 0);
  CHECK(task.containers[1].log_driver.empty());
}

TEST_CASE("what is missing, null or unknown is left out") {
  CHECK(parse_task_metadata("{}"));
  CHECK(parse_task_metadata(R"({"Containers":null,"TaskARN":null,"ClockDrift":null,"New":[{}]})"));
  const Result<TaskContext> odd = parse_task_metadata(
      R"({"TaskARN":"no arn","Containers":[{"Networks":[{"IPv4Addresses":["x"],"IPv4SubnetCIDRBlock":"10.0.0.0/99"}]}]})");
  REQUIRE(odd);
  CHECK(odd.value().region.empty());
  CHECK(odd.value().source_addresses.empty());
  CHECK(odd.value().subnets.empty());
  CHECK(parse_task_metadata(R"({"TaskARN":"arn:aws:ecs:eu-west-1:123:task/x"})").value().account.empty());
}

TEST_CASE("a wrong type names its field") {
  CHECK(error("[]") == "the document must be an object, not array");
  CHECK(error(R"({"Containers":{}})") == "Containers must be an array, not object");
  CHECK(error(R"({"Containers":[{},{"Image":5}]})") == "Containers[1].Image must be a string, not number");
  CHECK(error(R"({"Containers":[{"LogOptions":{"awslogs-region":["s3cret"]}}]})") ==
        "Containers[0].LogOptions.\"awslogs-region\" must be a string, not array");
  CHECK(error(R"({"Containers":[{"LogOptions":{"awslogs-\n\u001b":1}}]})") ==
        "Containers[0].LogOptions.\"awslogs-\\x0a\\x1b\" must be a string, not number");
  CHECK(error(R"({"Containers":[{"Networks":["x"]}]})") ==
        "Containers[0].Networks[0] must be an object, not string");
}

TEST_CASE("broken text gives one line with the place, and nothing of the text") {
  CHECK(error("") == "no JSON: wrong at byte 1");
  CHECK(error(R"({"Token":"s3cret)") == "no JSON: wrong at byte 17");
  CHECK(error(R"({"Token":s3cret})") == "no JSON: wrong at byte 10");
  CHECK(error(R"({"Limits":1e999})") == "a number in it is too large");
  CHECK(error(std::string(400, '1')) == "a number in it is too large");
  CHECK(error("{\"a\":\"\xff\"}").rfind("no JSON: wrong at byte", 0) == 0);
}

TEST_CASE("size, depth and count are bounded") {
  CHECK(parse_task_metadata(nested(63)));
  CHECK(error(nested(64)) == "nested deeper than 64 levels");
  CHECK(error(std::string(1'000'000, '[')) == "nested deeper than 64 levels");
  CHECK(parse_task_metadata(R"({"x":"[[[[[[\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["})"));
  CHECK(error(std::string((4U << 20) + 1, ' ')) == "longer than 4 MiB");
  std::string many = R"({"Containers":[{})";
  for (int i = 0; i < 256; ++i) many += ",{}";
  CHECK(error(many + "]}") == "Containers has more than 256 entries");
}

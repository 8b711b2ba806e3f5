#include "agent/task/metadata.h"

#include <map>

#include "catch.h"

using namespace vpcprobe;

namespace {

Environment with(std::map<std::string, std::string> values) {
  return [values](const char* name) -> const char* {
    static std::string kept;
    const auto found = values.find(name);
    if (found == values.end()) return nullptr;
    kept = found->second;
    return kept.c_str();
  };
}

}  // namespace

TEST_CASE("resolv.conf gives its name servers in order, and nothing else") {
  const auto servers = parse_resolv_conf(
      "# made by hand\nsearch eu-west-1.compute.internal\nnameserver 10.0.0.2\n\tnameserver  fd00:ec2::253\n"
      "nameserver fe80::1%eth0\nnameserver nonsense\nnameservers 10.0.0.3\n");
  REQUIRE(servers.size() == 3);
  CHECK(servers[0].to_string() == "10.0.0.2:53");
  CHECK(servers[1].to_string() == "[fd00:ec2::253]:53");
  CHECK(servers[2].to_string() == "[fe80::1]:53");
}

TEST_CASE("outside ECS the environment says the region, and which proxy variables are set") {
  const std::atomic<bool> stop{false};
  const TaskContext context = gather_context(
      with({{"AWS_REGION", "eu-west-1"}, {"HTTPS_PROXY", "http://user:password@proxy"}, {"NO_PROXY", "x"}}),
      stop, std::chrono::seconds(2));
  CHECK(context.region == "eu-west-1");
  CHECK_FALSE(context.in_ecs);
  CHECK(context.metadata_problem.empty());
  CHECK(context.credentials.source == "none");
  CHECK(context.proxy_variables == std::vector<std::string>{"HTTPS_PROXY"});
  CHECK_FALSE(context.resolvers.empty());
}

TEST_CASE("the machine's own interfaces stand in where no metadata named the subnet") {
  const auto address = [](const char* text) { return IpAddress::parse(text).value(); };
  const auto range = [](const char* text) { return Cidr::parse(text).value(); };
  const std::vector<InterfaceAddress> own = {
      {address("10.0.1.23"), range("10.0.1.0/24")},
      {address("2a05:d018:1:101::23"), range("2a05:d018:1:101::23/128")},
  };
  TaskContext context;
  add_own_interfaces(context, own);
  CHECK(context.subnets == std::vector<Cidr>{range("10.0.1.0/24")});
  CHECK(context.source_addresses == std::vector<IpAddress>{own[0].address, own[1].address});

  TaskContext named;
  named.subnets = {range("10.7.0.0/16")};
  add_own_interfaces(named, own);
  CHECK(named.subnets == std::vector<Cidr>{range("10.7.0.0/16")});
  CHECK(named.source_addresses.empty());
}

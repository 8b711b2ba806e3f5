#include "agent/aws/catalog.h"

#include <algorithm>
#include <regex>
#include <set>
#include <sstream>

#include "agent/aws/region_pattern.h"
#include "agent/aws/service_reference.h"
#include "agent/base/nearest.h"
#include "catch.h"
#include "golden.h"

using namespace vpcprobe;

namespace {

HostValues example_values(std::string_view region) {
  HostValues values;
  values.region = region;
  values.account = "111122223333";
  values.bucket = "my-bucket";
  values.api_id = "a1b2c3d4e5";
  values.file_system_id = "fs-0123456789abcdef0";
  values.stage = "prod";
  return values;
}

void render(std::ostream& out, const Service& service, const Partition& partition, std::string_view region) {
  const HostValues values = example_values(region);
  const auto line = [&](std::string_view key, const std::string& text) {
    if (!text.empty()) out << "  " << key << ' ' << text << '\n';
  };
  out << service.id << " (" << service.name << "): " << to_string(service.expects) << '\n';
  line("endpoint ", privatelink_name(service, partition, region, service.expects));
  if (service.interface_too) {
    line("interface", privatelink_name(service, partition, region, EndpointType::interface));
  }
  const auto host = [&](HostForm form) {
    return expand(host_template(service, partition, region, form), partition, values);
  };
  line("host     ", host({false, false}));
  line("fips     ", host({true, false}));
  const std::string with_fips = privatelink_name(service, partition, region, service.expects, {true, false});
  if (with_fips != privatelink_name(service, partition, region, service.expects))
    line("for fips ", with_fips);
  line("dualstack", host({false, true}));
  line("both     ", host({true, true}));
  for (const std::string_view name : list_of(service.private_names)) {
    line("private  ", expand(name, partition, values));
  }
  constexpr std::string_view kUntil[] = {"tcp", "tls", "http"};
  line("ask      ", std::to_string(service.port) + " " +
                        std::string(kUntil[static_cast<int>(service.until)]) +
                        (service.method.empty() ? "" : " " + std::string(service.method) + " ") +
                        expand(service.path, partition, values));
}

std::string render_all() {
  std::ostringstream out;
  for (const Partition& partition : partitions()) {
    const std::string_view region = list_of(partition.control_regions).front();
    out << "== " << partition.id << " in " << region << '\n';
    for (const Service& service : services()) {
      // Services without a use in ECS have the usual names everywhere: one partition shows them.
      if (&partition == &partitions().front() || !service.used_for.empty())
        render(out, service, partition, region);
    }
  }
  return out.str();
}

const Service& service(std::string_view id) {
  const Service* found = find_service(id);
  REQUIRE(found != nullptr);
  return *found;
}

const Partition& partition_of(std::string_view region) {
  const Partition* found = find_partition(region);
  REQUIRE(found != nullptr);
  return *found;
}

std::string host_in(std::string_view id, std::string_view region, HostForm form) {
  const Partition& partition = partition_of(region);
  return expand(host_template(service(id), partition, region, form), partition, example_values(region));
}

}  // namespace

TEST_CASE("every service in every partition looks as in the golden list") {
  check_golden("catalog.txt", render_all());
}

TEST_CASE("no placeholder is left in a name") {
  const std::string all = render_all();
  CHECK(all.find('{') == std::string::npos);
  CHECK(all.find('}') == std::string::npos);
  CHECK(all.find("..") == std::string::npos);
}

TEST_CASE("the rows of the catalog are sound") {
  std::set<std::string_view> ids;
  std::set<int> units;
  int defaults = 0;
  for (const Service& row : services()) {
    CHECK(ids.insert(row.id).second);
    CHECK(row.port != 0);
    CHECK(row.exit_unit >= 1);
    CHECK(row.exit_unit <= 7);
    CHECK((row.exit_unit == 7 || units.insert(row.exit_unit).second));
    CHECK((row.until == Until::http) == !row.method.empty());
    CHECK(row.privatelink_suffix.empty() ==
          (row.expects == EndpointType::none || row.expects == EndpointType::mount_target));
    defaults += row.default_set ? 1 : 0;
  }
  CHECK(defaults == 5);
  CHECK(units == std::set<int>{1, 2, 3, 4, 5, 6});
  for (const HostException& row : host_exceptions()) {
    INFO(row.service << " in " << row.where);
    CHECK(find_service(row.service) != nullptr);
    const bool is_partition =
        std::any_of(partitions().begin(), partitions().end(),
                    [&](const Partition& partition) { return partition.id == row.where; });
    CHECK((row.where.empty() || is_partition || find_partition(row.where) != nullptr));
  }
}

TEST_CASE("names that differ by partition or region") {
  CHECK(host_in("s3", "cn-north-1", {true, false}).empty());
  CHECK(host_in("logs", "us-gov-west-1", {true, false}) == "logs.us-gov-west-1.amazonaws.com");
  CHECK(host_in("kms", "us-gov-west-1", {true, false}) == "kms-fips.us-gov-west-1.amazonaws.com");
  CHECK(host_in("states", "us-gov-west-1", {true, false}) == "states.us-gov-west-1.amazonaws.com");
  CHECK(host_in("states", "us-gov-east-1", {true, false}) == "states-fips.us-gov-east-1.amazonaws.com");
  CHECK(host_in("secretsmanager", "eu-west-1", {false, true}) == "secretsmanager.eu-west-1.amazonaws.com");
  CHECK(host_in("secretsmanager", "eusc-de-east-1", {false, true}) ==
        "secretsmanager.eusc-de-east-1.api.amazonwebservices.eu");
  CHECK(host_in("elasticfilesystem", "eu-west-1", {false, true}) == "efs.eu-west-1.api.aws");
  CHECK(host_in("s3", "eu-west-1", {true, true}) == "s3-fips.dualstack.eu-west-1.amazonaws.com");
  CHECK(host_in("logs", "eu-west-1", {true, true}) == "logs-fips.eu-west-1.api.aws");
  CHECK(host_in("ecs-agent", "eu-west-1", {true, false}).empty());
}

TEST_CASE("PrivateLink names take the partition's prefix only for the services that have it") {
  const auto name = [](std::string_view id, std::string_view region, EndpointType type) {
    return privatelink_name(service(id), partition_of(region), region, type);
  };
  CHECK(name("ecr.api", "eu-west-1", EndpointType::interface) == "com.amazonaws.eu-west-1.ecr.api");
  CHECK(name("ecr.api", "cn-north-1", EndpointType::interface) == "cn.com.amazonaws.cn-north-1.ecr.api");
  CHECK(name("logs", "cn-north-1", EndpointType::interface) == "com.amazonaws.cn-north-1.logs");
  CHECK(name("s3", "cn-north-1", EndpointType::gateway) == "com.amazonaws.cn-north-1.s3");
  CHECK(name("s3", "cn-north-1", EndpointType::interface) == "cn.com.amazonaws.cn-north-1.s3");
  CHECK(name("monitoring", "us-iso-west-1", EndpointType::interface) ==
        "gov.ic.c2s.us-iso-west-1.monitoring");
  CHECK(name("monitoring", "us-iso-east-1", EndpointType::interface) ==
        "com.amazonaws.us-iso-east-1.monitoring");
  CHECK(name("ecr-public", "eu-west-1", EndpointType::none).empty());
}

TEST_CASE(
    "a FIPS name has an endpoint of its own where AWS has one, and is the plain one's where it is the same") {
  const auto name = [](std::string_view id, std::string_view region, HostForm form) {
    return privatelink_name(service(id), partition_of(region), region, EndpointType::interface, form);
  };
  CHECK(name("logs", "us-east-1", {true, false}) == "com.amazonaws.us-east-1.logs-fips");
  CHECK(name("logs", "us-east-1", {true, true}) == "com.amazonaws.us-east-1.logs-fips");
  CHECK(name("logs", "us-east-1", {false, true}) == "com.amazonaws.us-east-1.logs");
  CHECK(name("kms", "us-east-1", {true, false}) == "com.amazonaws.us-east-1.kms-fips");
  CHECK(name("kms", "us-gov-west-1", {true, false}) == "com.amazonaws.us-gov-west-1.kms-fips");
  CHECK(name("logs", "us-gov-west-1", {true, false}) == "com.amazonaws.us-gov-west-1.logs");
  CHECK(name("ssm", "us-east-1", {true, false}) == "com.amazonaws.us-east-1.ssm");
}

TEST_CASE("which names the endpoint's private DNS is known to have") {
  const auto known = [](std::string_view id, std::string_view region, HostForm form) {
    return private_dns_has(service(id), partition_of(region), region, form);
  };
  for (const Service& row : services()) {
    INFO(row.id);
    CHECK((row.expects != EndpointType::interface || row.host.empty() || known(row.id, "eu-west-1", {})));
  }
  CHECK(known("logs", "us-east-1", {true, false}));
  CHECK_FALSE(known("logs", "us-east-1", {false, true}));
  CHECK_FALSE(known("logs", "us-east-1", {true, true}));
  CHECK_FALSE(known("ecr.dkr", "us-east-1", {true, false}));
  CHECK_FALSE(known("ssm", "us-east-1", {true, false}));
  CHECK(known("ssm", "us-gov-west-1", {true, false}));
  CHECK(known("sts", "us-gov-west-1", {true, false}));
  CHECK(known("secretsmanager", "eu-west-1", {false, true}));
  CHECK_FALSE(known("secretsmanager", "eusc-de-east-1", {false, true}));
}

TEST_CASE("a region belongs to the partition whose pattern it matches") {
  const auto id = [](std::string_view region) {
    const Partition* found = find_partition(region);
    return found == nullptr ? std::string_view("-") : found->id;
  };
  CHECK(id("eu-west-1") == "aws");
  CHECK(id("eu-west-9") == "aws");
  CHECK(id("us-gov-west-1") == "aws-us-gov");
  CHECK(id("cn-north-1") == "aws-cn");
  CHECK(id("eusc-de-east-1") == "aws-eusc");
  CHECK(id("us-iso-east-1") == "aws-iso");
  CHECK(id("us-isob-east-1") == "aws-iso-b");
  CHECK(id("eu-isoe-west-1") == "aws-iso-e");
  CHECK(id("us-isof-south-1") == "aws-iso-f");
  for (const char* wrong : {"", "nowhere-1", "eu-west", "eu-west-", "eu-west-1a", "eu-west-1 ", " eu-west-1",
                            "eu--1", "EU-WEST-1", "eusc-fr-east-1", "us-gov-1-", "xx-west-1", "eu-west-1\n",
                            "eu-westwestwestwestwestwestwest-1"}) {
    INFO(wrong);
    CHECK(id(wrong) == "-");
  }
  for (const Partition& row : partitions()) {
    for (const std::string_view region : list_of(row.known_regions)) CHECK(id(region) == row.id);
    for (const std::string_view region : list_of(row.control_regions)) CHECK(id(region) == row.id);
  }
}

TEST_CASE("the small matcher agrees with std::regex on every pattern") {
  std::vector<std::string> words = {"eu-west",   "us-gov-west-x",   "us-iso--1",
                                    "de-east-1", "eusc-de-east-01", "us-1"};
  for (const Partition& row : partitions()) {
    for (const std::string_view region : list_of(row.known_regions)) words.emplace_back(region);
  }
  for (const Partition& row : partitions()) {
    const std::regex pattern{std::string(row.region_regex)};
    for (const std::string& word : words) {
      INFO(row.id << " " << word);
      CHECK(matches_region_pattern(row.region_regex, word) == std::regex_match(word, pattern));
    }
  }
}

TEST_CASE("names are recognised in every partition and form") {
  for (const Partition& partition : partitions()) {
    const std::string_view region = list_of(partition.known_regions).front();
    const std::string host = host_in("ecr.dkr", region, {false, false});
    const auto known = recognise(host);
    INFO(host);
    REQUIRE(known);
    CHECK(known->service->id == "ecr.dkr");
    CHECK(known->partition->id == partition.id);
    CHECK(known->values.region == region);
    CHECK(known->values.account == "111122223333");
  }
  const auto fips = recognise("111122223333.dkr.ecr-fips.us-east-1.amazonaws.com");
  REQUIRE(fips);
  CHECK(fips->form.fips);
  const auto dualstack = recognise("111122223333.dkr-ecr.us-east-1.on.aws");
  REQUIRE(dualstack);
  CHECK(dualstack->form.dualstack);
  CHECK_FALSE(recognise("11112222333.dkr.ecr.us-east-1.amazonaws.com"));
  CHECK_FALSE(recognise("a.b.dkr.ecr.us-east-1.amazonaws.com"));
  CHECK_FALSE(recognise("111122223333.dkr.ecr.nowhere-1.amazonaws.com"));
  CHECK_FALSE(recognise("111122223333.dkr.ecr.us-east-1.amazonaws.com.evil.example"));
  CHECK_FALSE(recognise("registry-1.docker.io"));
  CHECK_FALSE(recognise(""));
}

TEST_CASE("every name of the PrivateLink guide is a service, and its host is recognised where it is known") {
  CHECK(services().size() >= 329);  // 327 of the guide's, EFS mount targets, ECR Public
  std::size_t without_host = 0;
  for (const Service& row : services()) {
    INFO(row.id);
    if (row.host.empty()) {
      ++without_host;
      CHECK(parse_service_reference(row.id).error().message ==
            "its host name is not known here; give it with --target HOST");
      continue;
    }
    const auto known = recognise(host_in(row.id, "eu-west-1", {}));
    REQUIRE(known);
    CHECK(known->service == &row);
    CHECK(known->values.region == (row.id == "ecr-public" ? "" : "eu-west-1"));
  }
  CHECK(without_host < 80);
  CHECK(parse_service_reference("bedrock-runtme").error().message ==
        "no service of the catalog; did you mean \"bedrock-runtime\"? (vpc-probe services lists them)");
}

TEST_CASE("nearest suggests only what is near") {
  const std::vector<std::string_view> names = {"ecr.api", "ecr.dkr", "s3", "logs", "secretsmanager"};
  CHECK(nearest("ecr.apo", names) == "ecr.api");
  CHECK(nearest("lgos", names) == "logs");  // a swap of neighbours is one step
  CHECK(nearest("secretmanager", names) == "secretsmanager");
  CHECK(nearest("s4", names) == "s3");
  CHECK(nearest("banana", names).empty());
  CHECK(nearest("", names).empty());
  CHECK(nearest(std::string(100000, 'x'), names).empty());
  CHECK(nearest_region("eu-wets-1") == "eu-west-1");
  CHECK(nearest_region("nowhere-1").empty());
}

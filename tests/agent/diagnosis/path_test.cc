#include "agent/diagnosis/path.h"

#include "catch.h"
#include "scenarios/world.h"

namespace vpcprobe {

using scenarios::World;

namespace {

const EndpointReport& find(const Report& report, const std::string& id) {
  for (const EndpointReport& endpoint : report.endpoints) {
    if (endpoint.id == id) return endpoint;
  }
  throw std::logic_error("no endpoint " + id);
}

Path path_of(const World& world, const char* id) { return find(world.report(), id).path; }

}  // namespace

TEST_CASE("private addresses that prove themselves are an interface endpoint") {
  World world;
  CHECK(path_of(world, "logs") == Path::interface_endpoint);
  world.resolves("s3", {"10.0.1.14"});
  CHECK(path_of(world, "s3") == Path::interface_endpoint);
}

TEST_CASE("S3 that answers while a control does not goes by a gateway endpoint") {
  const World world;
  const Report report = world.report();
  CHECK(find(report, "s3").path == Path::gateway_endpoint);
  CHECK(find(report, "s3").path_evidence.find("s3.us-east-1.amazonaws.com") != std::string::npos);
}

TEST_CASE("with a path to the internet, a gateway endpoint cannot be told") {
  World world;
  world.nat();
  CHECK(path_of(world, "s3") == Path::unknown);
}

TEST_CASE("another service that answers at a public address is a path to the internet too") {
  World world;
  world.resolves("logs", {"34.249.10.12"});
  CHECK(path_of(world, "logs") == Path::public_);
  CHECK(path_of(world, "s3") == Path::unknown);
}

TEST_CASE("a control that was not probed proves nothing") {
  World world;
  world.seen.controls[0] = {};
  CHECK(path_of(world, "s3") == Path::unknown);
}

TEST_CASE("a control whose name does not resolve proves nothing") {
  World world;
  world.seen.controls[0].addresses.clear();
  world.seen.controls[0].dns->status = DnsStatus::server_failure;
  CHECK(path_of(world, "s3") == Path::unknown);
}

TEST_CASE("private and public addresses that answer are mixed") {
  World world;
  world.resolves("logs", {"10.0.1.12", "34.249.10.12"});
  CHECK(path_of(world, "logs") == Path::mixed);
}

TEST_CASE("nothing that connects is no path, nothing seen is unknown") {
  World world;
  world.silent("logs");
  world.name_fails("s3", DnsStatus::not_found);
  world.endpoint("ecr.api") = {};
  CHECK(path_of(world, "logs") == Path::none);
  CHECK(path_of(world, "s3") == Path::none);
  CHECK(path_of(world, "ecr.api") == Path::unknown);
}

TEST_CASE("an address that connects without proving who it is has no known path") {
  World world;
  world.issued_by("logs", "CN=Example Inspection CA");
  CHECK(path_of(world, "logs") == Path::unknown);
}

TEST_CASE("a private custom target is not taken for an endpoint") {
  World world;
  world.add_target("api.internal", 443, {"10.0.7.7"});
  world.http("api.internal", HttpStatus::not_aws, 200);
  CHECK(path_of(world, "api.internal") == Path::unknown);
}

TEST_CASE("a VPC is taken to be as wide as AWS makes it where the task's own subnet shows its range") {
  const auto scope = [](const char* subnet, const char* address) {
    NetworkRanges known;
    known.subnets = {Cidr::parse(subnet).value()};
    return scope_of(IpAddress::parse(address).value(), widen_to_vpc(known, {}));
  };
  CHECK(scope("20.10.1.0/24", "20.10.2.7") == Scope::vpc);
  CHECK(scope("20.10.1.0/24", "20.11.2.7") == Scope::public_);
  CHECK(scope("10.0.1.0/24", "10.0.2.7") == Scope::private_);
  CHECK(scope("10.0.1.0/24", "52.218.30.10") == Scope::public_);
  CHECK(scope("2600:1f18:1:100::/64", "2600:1f18:1:1aa::7") == Scope::vpc);
  CHECK(scope("2600:1f18:1:100::/64", "2600:1f18:1:200::7") == Scope::public_);
}

TEST_CASE("the range around an address that AWS publishes says nothing of the VPC") {
  NetworkRanges known;
  known.subnets = {Cidr::parse("52.218.30.0/24").value()};
  CHECK(scope_of(IpAddress::parse("52.218.40.1").value(), widen_to_vpc(known, {})) == Scope::public_);
}

TEST_CASE("the task's own address shows the VPC's range where no subnet is known") {
  const auto ranges = widen_to_vpc({}, {IpAddress::parse("20.10.1.23").value()});
  CHECK(scope_of(IpAddress::parse("20.10.2.7").value(), ranges) == Scope::vpc);
}

}  // namespace vpcprobe

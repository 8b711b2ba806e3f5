#include "probes/address.h"

#include "catch.h"

using namespace vpcprobe;

namespace {
IpAddress ip(const char* text) { return IpAddress::parse(text).value(); }
Cidr cidr(const char* text) { return Cidr::parse(text).value(); }
}  // namespace

TEST_CASE("an address is read and written back in its canonical form") {
  CHECK(ip("10.0.1.7").to_string() == "10.0.1.7");
  CHECK(ip("FD00:EC2::0253").to_string() == "fd00:ec2::253");
  for (const char* wrong :
       {"", "10.0.1", "10.0.1.256", "10.0.1.7 ", "010.0.1.7x", "::g", "1:2:3:4:5:6:7:8:9"})
    CHECK_FALSE(IpAddress::parse(wrong));
}

TEST_CASE("a resolver is an address with or without a port") {
  CHECK(SocketAddress::parse("10.0.0.2", 53)->to_string() == "10.0.0.2:53");
  CHECK(SocketAddress::parse("10.0.0.2:5353", 53)->to_string() == "10.0.0.2:5353");
  CHECK(SocketAddress::parse("fd00:ec2::253", 53)->to_string() == "[fd00:ec2::253]:53");
  CHECK(SocketAddress::parse("[fd00:ec2::253]:5353", 53)->to_string() == "[fd00:ec2::253]:5353");
  for (const char* wrong :
       {"", "10.0.0.2:", "10.0.0.2:0", "10.0.0.2:65536", "[::1", "[::1]5", "dns.example:53"})
    CHECK_FALSE(SocketAddress::parse(wrong, 53));
}

TEST_CASE("a range clears its host bits and knows what it contains") {
  CHECK(cidr("10.0.1.77/24").to_string() == "10.0.1.0/24");
  CHECK(cidr("10.0.0.0/22").contains(ip("10.0.3.255")));
  CHECK_FALSE(cidr("10.0.0.0/22").contains(ip("10.0.4.0")));
  CHECK(cidr("0.0.0.0/0").contains(ip("255.255.255.255")));
  CHECK_FALSE(cidr("0.0.0.0/0").contains(ip("::1")));
  CHECK(cidr("2001:db8::/33").contains(ip("2001:db8:7fff::1")));
  CHECK_FALSE(cidr("2001:db8::/33").contains(ip("2001:db8:8000::1")));
  for (const char* wrong : {"10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "x/8", "::/129"})
    CHECK_FALSE(Cidr::parse(wrong));
}

TEST_CASE("what is known of the VPC goes before RFC 1918") {
  const NetworkRanges vpc{{cidr("20.10.1.0/24")}, {cidr("20.10.0.0/16")}};
  CHECK(scope_of(ip("20.10.1.9"), vpc) == Scope::subnet);
  CHECK(scope_of(ip("20.10.9.9"), vpc) == Scope::vpc);
  CHECK(scope_of(ip("20.11.0.1"), vpc) == Scope::public_);
  CHECK(scope_of(ip("20.10.1.9"), {}) == Scope::public_);
}

TEST_CASE("every special range has its scope") {
  struct Row {
    const char* address;
    Scope scope;
  };
  const Row rows[] = {
      {"127.0.0.53", Scope::loopback},      {"::1", Scope::loopback},
      {"169.254.170.2", Scope::link_local}, {"fe80::1", Scope::link_local},
      {"10.255.0.1", Scope::private_},      {"172.31.0.1", Scope::private_},
      {"172.32.0.1", Scope::public_},       {"192.168.0.1", Scope::private_},
      {"100.64.0.1", Scope::private_},      {"100.128.0.1", Scope::public_},
      {"fd00::1", Scope::private_},         {"2600:1f18::1", Scope::public_},
      {"52.218.30.10", Scope::public_},
  };
  for (const Row& row : rows) CHECK(to_string(scope_of(ip(row.address), {})) == to_string(row.scope));
}

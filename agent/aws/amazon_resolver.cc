#include "agent/aws/amazon_resolver.h"

namespace vpcprobe {

bool may_be_amazon_resolver(const IpAddress& address) {
  if (address == IpAddress::parse(kAmazonResolver) || address == IpAddress::parse("fd00:ec2::253"))
    return true;
  if (scope_of(address, {}) == Scope::loopback) return true;
  constexpr int smallest_block = 16;
  constexpr int resolver_offset = 2;
  return address.family == Family::ipv4 && address.bytes[3] % smallest_block == resolver_offset;
}

}  // namespace vpcprobe

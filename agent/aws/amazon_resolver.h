#pragma once
#include <string_view>

#include "probes/address.h"

namespace vpcprobe {

/// Answers in every VPC.
// AWS: "DNS attributes for your VPC".
inline constexpr std::string_view kAmazonResolver = "169.254.169.253";
inline constexpr std::uint16_t kDnsPort = 53;

/// False where it certainly is not the Amazon-provided DNS server: that has the address above, fd00:ec2::253,
/// or the base of a VPC's IPv4 range (/28 or wider) plus two. A loopback address may forward to it.
bool may_be_amazon_resolver(const IpAddress& address);

}  // namespace vpcprobe

#pragma once
// Addresses in 64:ff9b::/96: DNS64 of the subnet makes them up, a NAT gateway translates them (AWS: "DNS64
// and NAT64"). Without a route of that range to the gateway they stay silent, as they do without an IPv6 rule
// for it; where one of them connects, neither is missing.
#include "agent/diagnosis/findings.h"

namespace vpcprobe {

/// Evidence "nat64" where all of `silent` are such addresses, "nat64_inside" where one of these leads into
/// the VPC, and "nat64_connects" where such an address connects.
void add_nat64_evidence(Finding& finding, const AddressList& silent, const std::vector<Subject>& subjects);

inline constexpr const char* no_nat64_route =
    "DNS64 is on for this subnet, so names have addresses in 64:ff9b::/96, and no route of the subnet's "
    "table "
    "leads that range to a NAT gateway";
inline constexpr const char* no_nat64_rule =
    "the task's security group or the network ACL of its subnet has rules for IPv4 only: to both, the "
    "addresses in 64:ff9b::/96 that DNS64 makes up are IPv6";
inline constexpr const char* nat_gateway_not_let_in =
    "the endpoint's security group allows the task's group: connections to 64:ff9b::/96 come from the NAT "
    "gateway's address, which is not in that group";
inline constexpr const char* group_allows_nat_gateway_only =
    "the endpoint's security group allows the NAT gateway and not the task, from whose own address "
    "connections to IPv4 come";
inline constexpr const char* route_nat64 =
    "aws ec2 create-route --region {region} --route-table-id <route-table-id> --destination-ipv6-cidr-block "
    "64:ff9b::/96 --nat-gateway-id <nat-gateway-id>";
inline constexpr const char* turn_dns64_off =
    "aws ec2 modify-subnet-attribute --region {region} --subnet-id <subnet-id> --no-enable-dns64";

}  // namespace vpcprobe

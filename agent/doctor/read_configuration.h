#pragma once
// Documents as `aws … --output json` prints them, read into a Configuration.
//
// This is the one mapping. Answers that come as XML (EC2, Route 53) are turned into the same JSON documents
// first: the CLI's member names, lists as arrays, empty lists as []. So `--save-config` writes what this
// reads, and reading it offline gives the same Configuration by construction.
#include <string_view>

#include "agent/base/result.h"
#include "agent/doctor/configuration.h"

namespace vpcprobe {

/// Adds what a text holds. Documents come one after the other (one per line, or in any other spacing) or in
/// JSON arrays. A document is told by its top-level keys; keys of other documents are passed over, and so are
/// unknown members and values. Documents of the same kind add up; of two with the same id the later one
/// counts.
///
/// | key | printed by |
/// |---|---|
/// | `Vpcs`, `Subnets`, `SecurityGroups`, `NetworkAcls`, `RouteTables`, `VpcEndpoints`, `NetworkInterfaces`,
/// `PrefixLists`, `NatGateways`, `InternetGateways`, `VpcPeeringConnections`, `TransitGatewayVpcAttachments`,
/// `TransitGatewayAttachments`, `DhcpOptions`, `SecurityGroupRules` | `aws ec2 describe-…` | | `VpcId` with
/// `EnableDnsSupport` or `EnableDnsHostnames` | `aws ec2 describe-vpc-attribute` | | `PrefixListId` with
/// `Entries` | `aws ec2 get-managed-prefix-list-entries`, the id added | | `HostedZoneSummaries`,
/// `HostedZones` | `aws route53 list-hosted-zones-by-vpc`, `list-hosted-zones` | | `ResolverRules`,
/// `ResolverRule`, `ResolverRuleAssociations`, `FirewallRuleGroupAssociations` | `aws route53resolver …` | |
/// `tasks`, `services`, `taskDefinition` | `aws ecs describe-…` | | `Account` | `aws sts get-caller-identity`
/// | | `NotSeen`: `[{"what":"NetworkAcls","why":"UnauthorizedOperation: …"}]` | `vpc-probe doctor
/// --save-config`: calls that were refused |
///
/// A list without `NextToken` is complete. A `NotSeen` beside a list makes that part seen in part.
/// The error is one line with the place in the document; it repeats nothing that was read. At most 512 MiB
/// and 64 levels.
Result<bool> read_configuration(std::string_view text, Configuration& configuration);

constexpr std::size_t kLongestConfiguration = 512U << 20;  ///< bytes

}  // namespace vpcprobe

#include "agent/calls/answer_shapes.h"

#include <cctype>
#include <map>

#include "probes/take_line.h"

namespace vpcprobe {
namespace {

// One shape a line (a line that begins with blanks goes on): its name, then its members as
// ELEMENT[=MEMBER]KIND. MEMBER is left out where it is ELEMENT with a capital. KIND: nothing for a text, ? a
// truth, # a number, * a list of texts, *SHAPE a list of structures, :SHAPE a structure. The answer to an
// operation has the operation's name.
constexpr std::string_view kShapes = R"(
DescribeVpcs nextToken vpcSet=Vpcs*Vpc
Vpc ownerId instanceTenancy ipv6CidrBlockAssociationSet*VpcIpv6CidrBlockAssociation
  cidrBlockAssociationSet*VpcCidrBlockAssociation isDefault? encryptionControl:VpcEncryptionControl
  tagSet=Tags*Tag blockPublicAccessStates:BlockPublicAccessStates vpcId state cidrBlock dhcpOptionsId
VpcIpv6CidrBlockAssociation associationId ipv6CidrBlock ipv6CidrBlockState:VpcCidrBlockState
  networkBorderGroup ipv6Pool ipv6AddressAttribute ipSource
VpcCidrBlockState state statusMessage
VpcCidrBlockAssociation associationId cidrBlock cidrBlockState:VpcCidrBlockState
VpcEncryptionControl vpcId vpcEncryptionControlId mode state stateMessage
  resourceExclusions:VpcEncryptionControlExclusions tagSet=Tags*Tag
VpcEncryptionControlExclusions internetGateway:VpcEncryptionControlExclusion
  egressOnlyInternetGateway:VpcEncryptionControlExclusion natGateway:VpcEncryptionControlExclusion
  virtualPrivateGateway:VpcEncryptionControlExclusion vpcPeering:VpcEncryptionControlExclusion
  lambda:VpcEncryptionControlExclusion vpcLattice:VpcEncryptionControlExclusion
  elasticFileSystem:VpcEncryptionControlExclusion
VpcEncryptionControlExclusion state stateMessage
Tag key value
BlockPublicAccessStates internetGatewayBlockMode
DescribeVpcAttribute enableDnsHostnames:AttributeBooleanValue enableDnsSupport:AttributeBooleanValue
  enableNetworkAddressUsageMetrics:AttributeBooleanValue vpcId
AttributeBooleanValue value?
DescribeSubnets nextToken subnetSet=Subnets*Subnet
Subnet availabilityZoneId enableLniAtDeviceIndex# mapCustomerOwnedIpOnLaunch? customerOwnedIpv4Pool ownerId
  assignIpv6AddressOnCreation? ipv6CidrBlockAssociationSet*SubnetIpv6CidrBlockAssociation tagSet=Tags*Tag
  subnetArn outpostArn enableDns64? ipv6Native? privateDnsNameOptionsOnLaunch:PrivateDnsNameOptionsOnLaunch
  blockPublicAccessStates:BlockPublicAccessStates type subnetId state vpcId cidrBlock availableIpAddressCount#
  availabilityZone defaultForAz? mapPublicIpOnLaunch?
SubnetIpv6CidrBlockAssociation associationId ipv6CidrBlock ipv6CidrBlockState:SubnetCidrBlockState
  ipv6AddressAttribute ipSource
SubnetCidrBlockState state statusMessage
PrivateDnsNameOptionsOnLaunch hostnameType enableResourceNameDnsARecord? enableResourceNameDnsAAAARecord?
DescribeSecurityGroups nextToken securityGroupInfo=SecurityGroups*SecurityGroup
SecurityGroup groupId ipPermissionsEgress*IpPermission tagSet=Tags*Tag vpcId securityGroupArn ownerId
  groupName groupDescription=Description ipPermissions*IpPermission
IpPermission ipProtocol fromPort# toPort# groups=UserIdGroupPairs*UserIdGroupPair ipRanges*IpRange
  ipv6Ranges*Ipv6Range prefixListIds*PrefixListId
UserIdGroupPair description userId groupName groupId vpcId vpcPeeringConnectionId peeringStatus
IpRange description cidrIp
Ipv6Range description cidrIpv6
PrefixListId description prefixListId
DescribeNetworkAcls networkAclSet=NetworkAcls*NetworkAcl nextToken
NetworkAcl associationSet=Associations*NetworkAclAssociation entrySet=Entries*NetworkAclEntry
  default=IsDefault? networkAclId tagSet=Tags*Tag vpcId ownerId
NetworkAclAssociation networkAclAssociationId networkAclId subnetId
NetworkAclEntry cidrBlock egress? icmpTypeCode:IcmpTypeCode ipv6CidrBlock portRange:PortRange protocol
  ruleAction ruleNumber#
IcmpTypeCode code# type#
PortRange from# to#
DescribeRouteTables routeTableSet=RouteTables*RouteTable nextToken
RouteTable associationSet=Associations*RouteTableAssociation propagatingVgwSet=PropagatingVgws*PropagatingVgw
  routeTableId routeSet=Routes*Route tagSet=Tags*Tag vpcId ownerId
RouteTableAssociation main? routeTableAssociationId routeTableId subnetId gatewayId publicIpv4Pool
  associationState:RouteTableAssociationState
RouteTableAssociationState state statusMessage
PropagatingVgw gatewayId
Route destinationCidrBlock destinationIpv6CidrBlock destinationPrefixListId egressOnlyInternetGatewayId
  gatewayId instanceId instanceOwnerId natGatewayId transitGatewayId localGatewayId carrierGatewayId
  networkInterfaceId origin state vpcPeeringConnectionId coreNetworkArn odbNetworkArn ipAddress
DescribeVpcEndpoints vpcEndpointSet=VpcEndpoints*VpcEndpoint nextToken
VpcEndpoint vpcEndpointId vpcEndpointType vpcId serviceName state policyDocument
  routeTableIdSet=RouteTableIds* subnetIdSet=SubnetIds* groupSet=Groups*SecurityGroupIdentifier ipAddressType
  dnsOptions:DnsOptions privateDnsEnabled? requesterManaged? networkInterfaceIdSet=NetworkInterfaceIds*
  dnsEntrySet=DnsEntries*DnsEntry creationTimestamp tagSet=Tags*Tag ownerId lastError:LastError
  ipv4PrefixSet=Ipv4Prefixes*SubnetIpPrefixes ipv6PrefixSet=Ipv6Prefixes*SubnetIpPrefixes failureReason
  serviceNetworkArn resourceConfigurationArn serviceRegion
SecurityGroupIdentifier groupId groupName
DnsOptions dnsRecordIpType privateDnsOnlyForInboundResolverEndpoint? privateDnsPreference
  privateDnsSpecifiedDomainSet=PrivateDnsSpecifiedDomains*
DnsEntry dnsName hostedZoneId
LastError message code
SubnetIpPrefixes subnetId ipPrefixSet=IpPrefixes*
DescribeNetworkInterfaces networkInterfaceSet=NetworkInterfaces*NetworkInterface nextToken
NetworkInterface association:NetworkInterfaceAssociation attachment:NetworkInterfaceAttachment
  availabilityZone connectionTrackingConfiguration:ConnectionTrackingConfiguration description
  groupSet=Groups*GroupIdentifier interfaceType ipv6AddressesSet=Ipv6Addresses*NetworkInterfaceIpv6Address
  macAddress networkInterfaceId outpostArn ownerId privateDnsName publicDnsName
  publicIpDnsNameOptions:PublicIpDnsNameOptions privateIpAddress
  privateIpAddressesSet=PrivateIpAddresses*NetworkInterfacePrivateIpAddress
  ipv4PrefixSet=Ipv4Prefixes*Ipv4PrefixSpecification ipv6PrefixSet=Ipv6Prefixes*Ipv6PrefixSpecification
  requesterId requesterManaged? sourceDestCheck? status subnetId tagSet*Tag vpcId denyAllIgwTraffic?
  ipv6Native? ipv6Address operator:OperatorResponse associatedSubnetSet=AssociatedSubnets* availabilityZoneId
NetworkInterfaceAssociation allocationId associationId ipOwnerId publicDnsName publicIp customerOwnedIp
  carrierIp
NetworkInterfaceAttachment attachTime attachmentId deleteOnTermination? deviceIndex# networkCardIndex#
  instanceId instanceOwnerId status enaSrdSpecification:AttachmentEnaSrdSpecification enaQueueCount#
AttachmentEnaSrdSpecification enaSrdEnabled? enaSrdUdpSpecification:AttachmentEnaSrdUdpSpecification
AttachmentEnaSrdUdpSpecification enaSrdUdpEnabled?
ConnectionTrackingConfiguration tcpEstablishedTimeout# udpStreamTimeout# udpTimeout#
GroupIdentifier groupId groupName
NetworkInterfaceIpv6Address ipv6Address publicIpv6DnsName isPrimaryIpv6?
PublicIpDnsNameOptions dnsHostnameType publicIpv4DnsName publicIpv6DnsName publicDualStackDnsName
NetworkInterfacePrivateIpAddress association:NetworkInterfaceAssociation primary? privateDnsName
  privateIpAddress
Ipv4PrefixSpecification ipv4Prefix
Ipv6PrefixSpecification ipv6Prefix
OperatorResponse managed? principal hiddenByDefault?
DescribePrefixLists nextToken prefixListSet=PrefixLists*PrefixList
PrefixList cidrSet=Cidrs* prefixListId prefixListName
GetManagedPrefixListEntries entrySet=Entries*PrefixListEntry nextToken
PrefixListEntry cidr description
DescribeNatGateways natGatewaySet=NatGateways*NatGateway nextToken
NatGateway createTime deleteTime failureCode failureMessage
  natGatewayAddressSet=NatGatewayAddresses*NatGatewayAddress natGatewayId
  provisionedBandwidth:ProvisionedBandwidth state subnetId vpcId tagSet=Tags*Tag connectivityType
  availabilityMode autoScalingIps autoProvisionZones
  attachedApplianceSet=AttachedAppliances*NatGatewayAttachedAppliance routeTableId
NatGatewayAddress allocationId networkInterfaceId privateIp publicIp associationId isPrimary? failureMessage
  status availabilityZone availabilityZoneId
ProvisionedBandwidth provisionTime provisioned requestTime requested status
NatGatewayAttachedAppliance type applianceArn vpcEndpointId attachmentState modificationState failureCode
  failureMessage
DescribeInternetGateways internetGatewaySet=InternetGateways*InternetGateway nextToken
InternetGateway attachmentSet=Attachments*InternetGatewayAttachment internetGatewayId ownerId tagSet=Tags*Tag
InternetGatewayAttachment state vpcId
DescribeVpcPeeringConnections vpcPeeringConnectionSet=VpcPeeringConnections*VpcPeeringConnection nextToken
VpcPeeringConnection accepterVpcInfo:VpcPeeringConnectionVpcInfo expirationTime
  requesterVpcInfo:VpcPeeringConnectionVpcInfo status:VpcPeeringConnectionStateReason tagSet=Tags*Tag
  vpcPeeringConnectionId
VpcPeeringConnectionVpcInfo cidrBlock ipv6CidrBlockSet*Ipv6CidrBlock cidrBlockSet*CidrBlock ownerId
  peeringOptions:VpcPeeringConnectionOptionsDescription vpcId region
Ipv6CidrBlock ipv6CidrBlock
CidrBlock cidrBlock
VpcPeeringConnectionOptionsDescription allowDnsResolutionFromRemoteVpc?
  allowEgressFromLocalClassicLinkToRemoteVpc? allowEgressFromLocalVpcToRemoteClassicLink?
VpcPeeringConnectionStateReason code message
DescribeTransitGatewayVpcAttachments transitGatewayVpcAttachments*TransitGatewayVpcAttachment nextToken
TransitGatewayVpcAttachment transitGatewayAttachmentId transitGatewayId vpcId vpcOwnerId state subnetIds*
  creationTime options:TransitGatewayVpcAttachmentOptions tagSet=Tags*Tag
TransitGatewayVpcAttachmentOptions dnsSupport securityGroupReferencingSupport ipv6Support applianceModeSupport
DescribeDhcpOptions nextToken dhcpOptionsSet=DhcpOptions*DhcpOptions
DhcpOptions ownerId tagSet=Tags*Tag dhcpOptionsId dhcpConfigurationSet=DhcpConfigurations*DhcpConfiguration
DhcpConfiguration key valueSet=Values*AttributeValue
AttributeValue value
ListHostedZonesByVPC HostedZoneSummaries*HostedZoneSummary MaxItems NextToken
HostedZoneSummary HostedZoneId Name Owner:HostedZoneOwner
HostedZoneOwner OwningAccount OwningService
GetCallerIdentity UserId Account Arn
CreateRole Role:Role
Role Path RoleName RoleId Arn CreateDate AssumeRolePolicyDocument Description MaxSessionDuration#
GetRole Role:Role
AttachRolePolicy
DetachRolePolicy
DeleteRole
Publish MessageId SequenceNumber
)";

using Shapes = std::map<std::string, AnswerShape, std::less<>>;

/// Takes the next word off `text`.
std::string_view take_word(std::string_view& text) {
  const std::size_t length = text.find(' ');
  const std::string_view word = text.substr(0, length);
  text.remove_prefix(length == std::string_view::npos ? text.size() : length + 1);
  return word;
}

AnswerMember member_of(std::string_view word, Shapes& shapes) {
  const std::size_t kind = word.find_first_of("?#*:");
  const std::string_view name = word.substr(0, kind);
  const std::string_view suffix = kind == std::string_view::npos ? std::string_view() : word.substr(kind);
  AnswerMember member;
  const std::size_t equals = name.find('=');
  member.xml = name.substr(0, equals);
  member.json = equals == std::string_view::npos ? name : name.substr(equals + 1);
  if (equals == std::string_view::npos)
    member.json.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(member.json.front())));
  if (suffix == "?") member.kind = AnswerKind::truth;
  if (suffix == "#") member.kind = AnswerKind::number;
  if (suffix == "*") member.kind = AnswerKind::texts;
  if (suffix.size() < 2) return member;
  member.kind = suffix.front() == '*' ? AnswerKind::structures : AnswerKind::structure;
  member.shape = &shapes[std::string(suffix.substr(1))];
  return member;
}

Shapes read_table() {
  Shapes shapes;
  AnswerShape* shape = nullptr;
  std::string_view rest = kShapes;
  while (!rest.empty()) {
    std::string_view line = take_line(rest);
    const bool goes_on = line.starts_with(' ');
    line.remove_prefix(goes_on ? 2 : 0);
    if (line.empty()) continue;
    if (!goes_on) shape = &shapes[std::string(take_word(line))];
    while (!line.empty()) shape->members.push_back(member_of(take_word(line), shapes));
  }
  return shapes;
}

}  // namespace

const AnswerShape* answer_shape(std::string_view operation) {
  static const Shapes shapes = read_table();
  const auto found = shapes.find(operation);
  return found == shapes.end() ? nullptr : &found->second;
}

}  // namespace vpcprobe

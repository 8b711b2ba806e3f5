#include <array>

#include "agent/base/text_search.h"
#include "agent/doctor/read_elements.h"

namespace vpcprobe {
namespace {

struct KindWord {
  std::string_view word;
  EndpointKind kind;
};
constexpr std::array<KindWord, 3> kKinds{{{"interface", EndpointKind::interface},
                                          {"gateway", EndpointKind::gateway},
                                          {"gatewayloadbalancer", EndpointKind::load_balancer}}};

IpAddress read_ip(const DocumentNode& node) {
  const auto address = IpAddress::parse(node.text());
  if (!address) node.wrong("an IP address");
  return *address;
}

void add_addresses(std::vector<IpAddress>& addresses, const DocumentNode& list, std::string_view key) {
  for (const DocumentNode& item : list.items())
    if (!item.at(key).is_absent()) addresses.push_back(read_ip(item.at(key)));
}

}  // namespace

void read_vpc_endpoint(const DocumentNode& element, Configuration& configuration) {
  VpcEndpoint endpoint;
  endpoint.id = required_id(element, "VpcEndpointId");
  endpoint.name = name_tag(element);
  endpoint.vpc = element.at("VpcId").text();
  endpoint.owner = element.at("OwnerId").text();
  endpoint.service = element.at("ServiceName").text();
  const std::string kind = lower_case(element.at("VpcEndpointType").text());
  for (const KindWord& row : kKinds)
    if (row.word == kind) endpoint.kind = row.kind;
  endpoint.state = lower_case(element.at("State").text());
  endpoint.private_dns = element.at("PrivateDnsEnabled").truth();
  endpoint.private_dns_for_inbound_resolver_only =
      element.at("DnsOptions").at("PrivateDnsOnlyForInboundResolverEndpoint").truth().value_or(false);
  endpoint.subnets = texts_if_there(element.at("SubnetIds"));
  endpoint.route_tables = texts_if_there(element.at("RouteTableIds"));
  if (!element.at("Groups").is_absent()) endpoint.groups = texts_of(element.at("Groups"), "GroupId");
  endpoint.interfaces = element.at("NetworkInterfaceIds").texts();
  endpoint.dns_names = texts_of(element.at("DnsEntries"), "DnsName");
  if (!element.at("PolicyDocument").is_absent()) endpoint.policy = element.at("PolicyDocument").text();
  configuration.endpoints.by_id[endpoint.id] = std::move(endpoint);
}

void read_network_interface(const DocumentNode& element, Configuration& configuration) {
  NetworkInterface interface;
  interface.id = required_id(element, "NetworkInterfaceId");
  interface.vpc = element.at("VpcId").text();
  interface.subnet = element.at("SubnetId").text();
  interface.owner = element.at("OwnerId").text();
  interface.type = lower_case(element.at("InterfaceType").text());
  interface.status = lower_case(element.at("Status").text());
  interface.description = element.at("Description").text();
  add_addresses(interface.addresses, element.at("PrivateIpAddresses"), "PrivateIpAddress");
  if (interface.addresses.empty() && !element.at("PrivateIpAddress").is_absent())
    interface.addresses.push_back(read_ip(element.at("PrivateIpAddress")));
  add_addresses(interface.addresses, element.at("Ipv6Addresses"), "Ipv6Address");
  if (!element.at("Groups").is_absent()) interface.groups = texts_of(element.at("Groups"), "GroupId");
  interface.has_public_address = !element.at("Association").at("PublicIp").is_absent();
  interface.source_dest_check = element.at("SourceDestCheck").truth();
  interface.instance = element.at("Attachment").at("InstanceId").text();
  configuration.interfaces.by_id[interface.id] = std::move(interface);
}

void read_nat_gateway(const DocumentNode& element, Configuration& configuration) {
  NatGateway gateway;
  gateway.id = required_id(element, "NatGatewayId");
  gateway.name = name_tag(element);
  gateway.vpc = element.at("VpcId").text();
  gateway.subnet = element.at("SubnetId").text();
  gateway.state = lower_case(element.at("State").text());
  gateway.connectivity = lower_case(element.at("ConnectivityType").text());
  add_addresses(gateway.addresses, element.at("NatGatewayAddresses"), "PrivateIp");
  configuration.nat_gateways.by_id[gateway.id] = std::move(gateway);
}

void read_internet_gateway(const DocumentNode& element, Configuration& configuration) {
  InternetGateway gateway;
  gateway.id = required_id(element, "InternetGatewayId");
  gateway.name = name_tag(element);
  for (const DocumentNode& attachment : element.at("Attachments").items()) {
    const std::string state = lower_case(attachment.at("State").text());
    if (state == "available" || state == "attached" || state == "attaching" || state.empty())
      gateway.vpcs.push_back(attachment.at("VpcId").text());
  }
  configuration.internet_gateways.by_id[gateway.id] = std::move(gateway);
}

void read_peering(const DocumentNode& element, Configuration& configuration) {
  VpcPeering peering;
  peering.id = required_id(element, "VpcPeeringConnectionId");
  peering.status = lower_case(element.at("Status").at("Code").text());
  peering.requester = element.at("RequesterVpcInfo").at("VpcId").text();
  peering.accepter = element.at("AccepterVpcInfo").at("VpcId").text();
  configuration.peerings.by_id[peering.id] = std::move(peering);
}

void read_transit_attachment(const DocumentNode& element, Configuration& configuration) {
  const std::string id = required_id(element, "TransitGatewayAttachmentId");
  TransitAttachment& attachment =
      configuration.transit_attachments.by_id[id];  // two documents have parts of it
  attachment.id = id;
  attachment.gateway = element.at("TransitGatewayId").text();
  const bool is_vpc = element.at("ResourceType").is_absent() || element.at("ResourceType").text() == "vpc";
  const std::string vpc = element.at("VpcId").text();
  if (is_vpc) attachment.vpc = vpc.empty() ? element.at("ResourceId").text() : vpc;
  attachment.state = lower_case(element.at("State").text());
  if (!element.at("SubnetIds").is_absent()) attachment.subnets = element.at("SubnetIds").texts();
}

}  // namespace vpcprobe

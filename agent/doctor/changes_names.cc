// Fixes of names and of endpoints.
#include <algorithm>
#include <map>
#include <set>

#include "agent/base/joined.h"
#include "agent/doctor/fault.h"

namespace vpcprobe {
namespace {

using Changes = std::vector<Change>;

/// Whether an endpoint with this group would let the task in.
bool lets_in(const Configuration& configuration, const Packet& packet, const std::string& group) {
  Packet into = packet;
  into.port = 443;
  into.peer.groups = std::vector<std::string>{group};
  return judge_group_ingress(configuration, into).verdict == HopVerdict::allows;
}

/// Where the VPC's other interface endpoints are: their subnets, and a group of theirs that lets the task in.
struct Place {
  std::vector<std::string> subnets;
  std::string group;  ///< empty where none was seen
};

/// Without the subnets that are full: an endpoint takes an address in each.
std::vector<std::string> with_free_address(const Configuration& configuration,
                                           std::vector<std::string> subnets) {
  std::erase_if(subnets, [&](const std::string& id) {
    const Subnet* subnet = configuration.subnets.find(id);
    return subnet != nullptr && subnet->free_addresses == 0;
  });
  return subnets;
}

Place place_of(const Configuration& configuration, const Who& who, const Packet& packet) {
  Place place;
  for (const auto& [id, endpoint] : configuration.endpoints.by_id) {
    const bool is_like = endpoint.kind == EndpointKind::interface && endpoint.vpc == who.vpc;
    if (!is_like) continue;
    if (endpoint.subnets && endpoint.subnets->size() > place.subnets.size())
      place.subnets = with_free_address(configuration, *endpoint.subnets);
    for (const std::string& group : endpoint.groups.value_or(std::vector<std::string>{}))
      if (place.group.empty() && lets_in(configuration, packet, group)) place.group = group;
  }
  if (!place.subnets.empty()) return place;
  std::set<std::string> zones;  // one subnet in each zone: an endpoint takes no more
  for (const std::string& id : who.subnets) {
    const Subnet* subnet = configuration.subnets.find(id);
    if (subnet == nullptr || zones.insert(subnet->zone).second) place.subnets.push_back(id);
  }
  place.subnets = with_free_address(configuration, place.subnets);
  return place;
}

Change create_interface_endpoint(const Who& who, const Place& place, const std::string& service) {
  const std::string subnets = place.subnets.empty() ? "<subnet-id>" : joined(place.subnets, " ");
  const std::string vpc = who.vpc.empty() ? "<vpc-id>" : who.vpc;
  const std::string note =
      place.group.empty() ? " (its security group must allow 443 from the task)" : std::string();
  return {"create the interface endpoint of " + service + note,
          aws_command(who, "ec2 create-vpc-endpoint") + " --vpc-endpoint-type Interface --vpc-id " + vpc +
              " --service-name " + service + " --subnet-ids " + subnets + " --security-group-ids " +
              (place.group.empty() ? "<security-group-id>" : place.group) + " --private-dns-enabled"};
}

}  // namespace

std::vector<std::string> services_of(const Fault& fault) {
  std::vector<std::string> services;
  for (const Judged* judged : fault.judged) {
    const std::string& service = judged->packet.service;
    if (!service.empty() && std::find(services.begin(), services.end(), service) == services.end())
      services.push_back(service);
  }
  return services;
}

std::vector<Change> change_attributes(const Configuration&, const Who& who, const Fault& fault) {
  const bool is_support = fault.hop.block == Block::dns_support_off;
  return {{std::string("turn on ") + (is_support ? "enableDnsSupport" : "enableDnsHostnames") + " of the VPC",
           aws_command(who, "ec2 modify-vpc-attribute") + " --vpc-id " + fault.hop.id +
               (is_support ? " --enable-dns-support" : " --enable-dns-hostnames")}};
}

std::vector<Change> create_endpoints(const Configuration& configuration, const Who& who, const Fault& fault) {
  Changes changes;
  const Place place = place_of(configuration, who, fault.judged.front()->packet);
  std::set<std::string> done;
  for (const Judged* judged : fault.judged) {
    const std::string& service = judged->packet.service;
    const bool is_due =
        judged->endpoint->expects == "interface" && !service.empty() && done.insert(service).second;
    if (is_due) changes.push_back(create_interface_endpoint(who, place, service));
  }
  return changes;
}

std::vector<Change> change_private_dns(const Configuration&, const Who& who, const Fault& fault) {
  const std::string start =
      aws_command(who, "ec2 modify-vpc-endpoint") + " --vpc-endpoint-id " + fault.hop.id;
  if (fault.hop.block == Block::private_dns_off)
    return {{"turn on the endpoint's private DNS", start + " --private-dns-enabled"}};
  return {{"let the endpoint's private DNS answer inside the VPC, too",
           start + " --dns-options PrivateDnsOnlyForInboundResolverEndpoint=false"}};
}

std::vector<Change> replace_endpoint(const Configuration& configuration, const Who& who, const Fault& fault) {
  const VpcEndpoint* endpoint = configuration.endpoints.find(fault.hop.id);
  if (endpoint == nullptr) return {};
  if (endpoint->state == "pending") return {{"wait until the endpoint is available", ""}};
  if (endpoint->state == "pendingacceptance")
    return {{"ask the owner of " + endpoint->service + " to accept the endpoint connection", ""}};
  if (endpoint->kind == EndpointKind::gateway) {
    const auto tables = endpoint->route_tables.value_or(std::vector<std::string>{});
    return {{"create the gateway endpoint anew",
             aws_command(who, "ec2 create-vpc-endpoint") + " --vpc-endpoint-type Gateway --vpc-id " +
                 endpoint->vpc + " --service-name " + endpoint->service + " --route-table-ids " +
                 (tables.empty() ? "<route-table-id>" : joined(tables, " "))}};
  }
  Place place{endpoint->subnets.value_or(std::vector<std::string>{}), ""};
  const auto groups = endpoint->groups.value_or(std::vector<std::string>{});
  if (!groups.empty()) place.group = joined(groups, " ");
  return {create_interface_endpoint(who, place, endpoint->service)};
}

std::vector<Change> change_zone(const Configuration& configuration, const Who& who, const Fault& fault) {
  const HostedZone* zone = configuration.hosted_zones.find(fault.hop.id);
  const std::string name = zone == nullptr ? fault.hop.id : zone->name;
  return {{"add the endpoint's record to the private zone " + name + ", or take the zone off the VPC",
           "aws route53 disassociate-vpc-from-hosted-zone --hosted-zone-id " + fault.hop.id +
               " --vpc VPCRegion=" + (who.region.empty() ? "<region>" : who.region) + ",VPCId=" + who.vpc}};
}

std::vector<Change> change_resolver_rule(const Configuration& configuration, const Who& who,
                                         const Fault& fault) {
  const ResolverRule* rule = configuration.resolver_rules.find(fault.hop.id);
  const std::string host = fault.judged.front()->endpoint->host;
  Changes changes;
  if (rule != nullptr && rule->domain != host)
    changes.push_back(
        {"keep " + host + " with the Amazon resolver: create a SYSTEM rule for it, then associate it",
         aws_command(who, "route53resolver create-resolver-rule") +
             " --creator-request-id vpc-probe --rule-type SYSTEM --domain-name " + host});
  changes.push_back({std::string(changes.empty() ? "" : "or ") + "take the forwarding rule off the VPC",
                     aws_command(who, "route53resolver disassociate-resolver-rule") + " --vpc-id " + who.vpc +
                         " --resolver-rule-id " + fault.hop.id});
  return changes;
}

std::vector<Change> change_resolver(const Configuration& configuration, const Who& who, const Fault&) {
  Changes changes{{"let the resolver forward amazonaws.com to the Amazon resolver (VPC+2)", ""}};
  for (const auto& [id, options] : configuration.dhcp_options.by_id) {
    if (options.servers != std::vector<std::string>{"AmazonProvidedDNS"}) continue;
    changes.push_back({"or give the VPC the DHCP options " + id + ", which name the Amazon resolver",
                       aws_command(who, "ec2 associate-dhcp-options") + " --dhcp-options-id " + id +
                           " --vpc-id " + who.vpc});
    return changes;
  }
  changes.push_back({"or create DHCP options that name the Amazon resolver, and associate them with the VPC",
                     aws_command(who, "ec2 create-dhcp-options") +
                         " --dhcp-configurations Key=domain-name-servers,Values=AmazonProvidedDNS"});
  return changes;
}

std::vector<Change> change_dns_firewall(const Configuration&, const Who& who, const Fault& fault) {
  return {{"list the rules of the DNS Firewall, then allow the name",
           aws_command(who, "route53resolver list-firewall-rules") + " --firewall-rule-group-id " +
               fault.hop.id}};
}

}  // namespace vpcprobe

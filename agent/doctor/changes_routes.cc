// Fixes of routes and of what they lead to: endpoints first, which need no path to the internet.
#include <algorithm>

#include "agent/doctor/fault.h"
#include "agent/doctor/match.h"

namespace vpcprobe {
namespace {

using Changes = std::vector<Change>;

bool expects_gateway(const Judged& judged) { return judged.endpoint->expects == "gateway"; }

/// Whether the route table of the gateway's own subnet leads the packet to an internet gateway, or was not
/// read.
bool leads_out(const Configuration& configuration, const NatGateway& gateway, const Packet& packet) {
  if (!packet.peer.is_public) return true;
  const RouteChoice choice = choose_route(configuration, packet, gateway.subnet);
  return choice.hop.verdict == HopVerdict::unknown ||
         (choice.route && choice.route->kind == RouteTarget::internet_gateway);
}

/// An available NAT gateway of the VPC that connects to what the packets are for; empty where none was read.
std::string working_nat(const Configuration& configuration, const Who& who, const Fault& fault,
                        const std::string& except) {
  for (const auto& [id, gateway] : configuration.nat_gateways.by_id) {
    const bool works = gateway.vpc == who.vpc && gateway.state == "available" &&
                       (gateway.connectivity.empty() || gateway.connectivity == "public") &&
                       leads_out(configuration, gateway, beyond_nat(fault.judged.front()->packet));
    if (works && id != except) return id;
  }
  return {};
}

Change gateway_change(const Configuration& configuration, const Who& who, const std::string& service,
                      const std::string& table) {
  for (const auto& [id, endpoint] : configuration.endpoints.by_id) {
    const bool serves =
        endpoint.kind == EndpointKind::gateway && endpoint.vpc == who.vpc && endpoint.service == service;
    if (serves)
      return {"add the route table to the gateway endpoint of " + service,
              aws_command(who, "ec2 modify-vpc-endpoint") + " --vpc-endpoint-id " + id +
                  " --add-route-table-ids " + table};
  }
  return {"create the gateway endpoint of " + service + " (free of charge)",
          aws_command(who, "ec2 create-vpc-endpoint") + " --vpc-endpoint-type Gateway --vpc-id " + who.vpc +
              " --service-name " + service + " --route-table-ids " + table};
}

bool is_by_nat64(const Fault& fault) {
  return behind_nat64(fault.judged.front()->packet.peer.within.base).has_value();
}

/// What a NAT gateway takes: IPv4, and the IPv6 addresses that DNS64 makes up. Empty for all other IPv6.
std::string nat_range(const Fault& fault) {
  if (is_by_nat64(fault)) return " --destination-ipv6-cidr-block 64:ff9b::/96";
  const bool is_ipv4 = fault.judged.front()->packet.peer.within.base.family == Family::ipv4;
  return is_ipv4 ? " --destination-cidr-block 0.0.0.0/0" : "";
}

std::string default_range(const Fault& fault) {
  const bool is_ipv6 =
      fault.judged.front()->packet.peer.within.base.family == Family::ipv6 && !is_by_nat64(fault);
  return is_ipv6 ? " --destination-ipv6-cidr-block ::/0" : " --destination-cidr-block 0.0.0.0/0";
}

/// Endpoints for what has one: they need no path to the internet.
Changes endpoint_changes(const Configuration& configuration, const Who& who, const Fault& fault,
                         const std::string& table) {
  Changes changes;
  for (const std::string& service : services_of(fault)) {
    const bool by_gateway = std::any_of(fault.judged.begin(), fault.judged.end(), [&](const Judged* judged) {
      return judged->packet.service == service && expects_gateway(*judged);
    });
    if (by_gateway && !table.empty()) changes.push_back(gateway_change(configuration, who, service, table));
  }
  for (Change& change : create_endpoints(configuration, who, fault)) changes.push_back(std::move(change));
  return changes;
}

/// The route table of the task's own subnet, which may be another than the one at fault.
std::string own_table(const Fault& fault) {
  for (const PathHop& hop : fault.judged.front()->hops)
    if (hop.kind == HopKind::route) return hop.id;
  return {};
}

}  // namespace

/// To the subnet of a VPC behind an active peering connection that has the address.
std::vector<Change> add_peer_route(const Configuration& configuration, const Who& who, const Fault& fault) {
  const Cidr& peer = fault.judged.front()->packet.peer.within;
  const std::string table = own_table(fault);
  for (const auto& [id, peering] : configuration.peerings.by_id) {
    const std::string other = other_side(peering, who.vpc);
    if (other.empty() || peering.status != "active" || table.empty()) continue;
    for (const auto& [subnet_id, subnet] : configuration.subnets.by_id) {
      for (const Cidr& range : subnet.vpc == other ? subnet.ranges : std::vector<Cidr>{}) {
        if (!range.contains(peer.base)) continue;
        const bool is_ipv6 = range.base.family == Family::ipv6;
        return {{"add a route to the peered VPC " + other,
                 aws_command(who, "ec2 create-route") + " --route-table-id " + table +
                     (is_ipv6 ? " --destination-ipv6-cidr-block " : " --destination-cidr-block ") +
                     range.to_string() + " --vpc-peering-connection-id " + id}};
      }
    }
  }
  return {};
}

void add_dns64_off(std::vector<Change>& changes, const Who& who, const std::string& subnet) {
  changes.push_back(
      {std::string(changes.empty() ? "" : "or ") + "turn DNS64 off for the task's subnet",
       aws_command(who, "ec2 modify-subnet-attribute") + " --subnet-id " + subnet + " --no-enable-dns64"});
}

std::vector<Change> add_route(const Configuration& configuration, const Who& who, const Fault& fault) {
  const bool is_private = !fault.judged.front()->packet.peer.is_public;
  if (is_private) return add_peer_route(configuration, who, fault);
  Changes changes;
  if (!is_by_nat64(fault)) changes = endpoint_changes(configuration, who, fault, fault.hop.id);
  const std::string range = nat_range(fault);
  const std::string nat = range.empty() ? std::string() : working_nat(configuration, who, fault, "");
  if (!nat.empty())
    changes.push_back({std::string(changes.empty() ? "" : "or ") + "add a route to the NAT gateway " + nat,
                       aws_command(who, "ec2 create-route") + " --route-table-id " + fault.hop.id + range +
                           " --nat-gateway-id " + nat});
  if (is_by_nat64(fault)) add_dns64_off(changes, who, fault.judged.front()->packet.subnet);
  return changes;
}

std::vector<Change> add_route_back(const Configuration& configuration, const Who& who, const Fault& fault) {
  const Packet& packet = fault.judged.front()->packet;
  const RouteChoice choice = choose_route(configuration, packet, packet.subnet);
  const Subnet* own = configuration.subnets.find(packet.subnet);
  if (!choice.route || own == nullptr) return {};
  for (const Cidr& range : own->ranges) {
    if (!range.contains(packet.task.within.base)) continue;
    const bool is_ipv6 = range.base.family == Family::ipv6;
    const RouteChoice back = choose_route_back(configuration, packet);
    const bool is_there = back.route && back.route->range == range;
    return {{"route the task's subnet to " + choice.route->target,
             aws_command(who, is_there ? "ec2 replace-route" : "ec2 create-route") + " --route-table-id " +
                 fault.hop.id + (is_ipv6 ? " --destination-ipv6-cidr-block " : " --destination-cidr-block ") +
                 range.to_string() + " --vpc-peering-connection-id " + choice.route->target}};
  }
  return {};
}

std::vector<Change> replace_route(const Configuration& configuration, const Who& who, const Fault& fault) {
  const std::string table = own_table(fault);
  const Packet& packet = fault.judged.front()->packet;
  const RouteChoice choice = choose_route(configuration, packet, packet.subnet);
  Changes changes = endpoint_changes(configuration, who, fault, table);
  const std::string nat = working_nat(configuration, who, fault, fault.hop.id);
  if (!nat.empty() && choice.route && choice.route->range) {
    const bool is_ipv6 = choice.route->range->base.family == Family::ipv6;
    changes.push_back(
        {std::string(changes.empty() ? "" : "or ") + "replace the route's target with the NAT gateway " + nat,
         aws_command(who, "ec2 replace-route") + " --route-table-id " + table +
             (is_ipv6 ? " --destination-ipv6-cidr-block " : " --destination-cidr-block ") +
             choice.route->range->to_string() + " --nat-gateway-id " + nat});
  }
  if (changes.empty())
    changes.push_back({"create a public NAT gateway and replace the route's target with it", ""});
  return changes;
}

namespace {

/// A NAT gateway in a subnet of the task's own route table sends its packets to itself.
Changes leave_nat(const Configuration& configuration, const Who& who, const Fault& fault,
                  const Route& route) {
  const std::string other = working_nat(configuration, who, fault, route.target);
  if (other.empty() || !route.range)
    return {
        {"create a NAT gateway in a subnet that routes to the internet gateway, and replace the route's "
         "target with it",
         ""}};
  return {{"replace the route's target with the NAT gateway " + other,
           aws_command(who, "ec2 replace-route") + " --route-table-id " + fault.hop.id +
               (route.range->base.family == Family::ipv6 ? " --destination-ipv6-cidr-block "
                                                         : " --destination-cidr-block ") +
               route.range->to_string() + " --nat-gateway-id " + other}};
}

bool has_default_route(const Configuration& configuration, const std::string& table) {
  const RouteTable* found = configuration.route_tables.find(table);
  const auto routes = found == nullptr ? std::nullopt : found->routes;
  return routes && std::any_of(routes->begin(), routes->end(), [](const Route& route) {
           return route.range && route.range->prefix == 0 && route.range->base.family == Family::ipv4;
         });
}

}  // namespace

std::vector<Change> route_nat_out(const Configuration& configuration, const Who& who, const Fault& fault) {
  Changes changes;
  const Packet& packet = fault.judged.front()->packet;
  const RouteChoice own = choose_route(configuration, packet, packet.subnet);
  const bool is_shared =
      own.route && own.hop.id == fault.hop.id && own.route->kind == RouteTarget::nat_gateway;
  if (is_shared) changes = leave_nat(configuration, who, fault, *own.route);
  const std::string verb = has_default_route(configuration, fault.hop.id) ? "replace" : "create";
  for (const auto& [id, gateway] : configuration.internet_gateways.by_id) {
    const bool is_attached =
        std::find(gateway.vpcs.begin(), gateway.vpcs.end(), who.vpc) != gateway.vpcs.end();
    if (!is_attached || is_shared) continue;
    changes.push_back({"route the NAT gateway's own subnet to the internet gateway",
                       aws_command(who, "ec2 " + verb + "-route") + " --route-table-id " + fault.hop.id +
                           default_range(fault) + " --gateway-id " + id});
  }
  if (changes.empty())
    changes.push_back({"attach an internet gateway to the VPC and route the NAT gateway's subnet to it", ""});
  for (Change& change : endpoint_changes(configuration, who, fault, own_table(fault))) {
    change.text = "or " + change.text;
    changes.push_back(std::move(change));
  }
  return changes;
}

std::vector<Change> attach_gateway(const Configuration&, const Who& who, const Fault& fault) {
  return {{"attach the internet gateway to the VPC", aws_command(who, "ec2 attach-internet-gateway") +
                                                         " --internet-gateway-id " + fault.hop.id +
                                                         " --vpc-id " + who.vpc}};
}

std::vector<Change> change_peering(const Configuration& configuration, const Who& who, const Fault& fault) {
  const VpcPeering* peering = configuration.peerings.find(fault.hop.id);
  if (peering == nullptr || peering->status != "pending-acceptance")
    return {{"create the peering connection anew and replace the route's target with it", ""}};
  return {{"accept the peering connection", aws_command(who, "ec2 accept-vpc-peering-connection") +
                                                " --vpc-peering-connection-id " + peering->id}};
}

std::vector<Change> change_attachment(const Configuration& configuration, const Who& who,
                                      const Fault& fault) {
  const TransitAttachment* attachment = configuration.transit_attachments.find(fault.hop.id);
  const std::string& subnet = fault.judged.front()->packet.subnet;
  if (attachment == nullptr)
    return {{"attach the VPC to the transit gateway",
             aws_command(who, "ec2 create-transit-gateway-vpc-attachment") + " --transit-gateway-id " +
                 fault.hop.id + " --vpc-id " + who.vpc + " --subnet-ids " + subnet}};
  if (attachment->state == "pendingacceptance")
    return {{"accept the attachment", aws_command(who, "ec2 accept-transit-gateway-vpc-attachment") +
                                          " --transit-gateway-attachment-id " + attachment->id}};
  if (attachment->state != "available") return {{"attach the VPC to the transit gateway anew", ""}};
  return {{"add a subnet of the task's zone to the attachment",
           aws_command(who, "ec2 modify-transit-gateway-vpc-attachment") +
               " --transit-gateway-attachment-id " + attachment->id + " --add-subnet-ids " + subnet}};
}

std::vector<Change> change_interface(const Configuration&, const Who& who, const Fault& fault) {
  return {{"turn off the interface's source/destination check",
           aws_command(who, "ec2 modify-network-interface-attribute") + " --network-interface-id " +
               fault.hop.id + " --no-source-dest-check"}};
}

}  // namespace vpcprobe

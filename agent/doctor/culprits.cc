// From a hop that denies to the resource at fault, in words, with its fixes: one row for each block.
#include <algorithm>
#include <array>

#include "agent/base/words.h"
#include "agent/doctor/fault.h"

namespace vpcprobe {
namespace {

using Words = std::string (*)(const Configuration&, const Who&, const Fault&);

struct BlockRow {
  Block block;
  const char* type;  ///< of the resource
  Words rule;        ///< null: the hop's own words
  Words why;
  WriteChanges changes;
};

std::vector<std::string> peers_of(const Fault& fault, std::string (*of)(const Packet&)) {
  std::vector<std::string> words;
  for (const Judged* judged : fault.judged) {
    const std::string word = of(judged->packet);
    if (!word.empty() && std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
  }
  return words;
}

std::string task_words(const Configuration& configuration, const Packet& packet) {
  const Subnet* subnet = configuration.subnets.find(packet.subnet);
  for (const Cidr& range : subnet == nullptr ? std::vector<Cidr>{} : subnet->ranges)
    if (range.base.family == packet.task.within.base.family) return range.to_string();
  return peer_words(packet.task);
}

std::string ports_of(const Packet& packet) { return port_words({packet.port, packet.port}); }

std::string ingress_rule(const Configuration& configuration, const Who&, const Fault& fault) {
  const Packet& packet = fault.judged.front()->packet;
  if (behind_nat64(packet.peer.within.base)) return fault.hop.by;
  std::vector<std::string> from = packet.task.groups.value_or(std::vector<std::string>{});
  std::string text = "no ingress rule for " + ports_of(packet) + " from ";
  text += from.empty() ? "" : enumerate(from, 5) + " or ";
  return text + task_words(configuration, packet);
}

std::string egress_rule(const Configuration&, const Who&, const Fault& fault) {
  std::vector<std::string> to = peers_of(fault, [](const Packet& packet) {
    const bool has_group = packet.peer.groups && !packet.peer.groups->empty();
    return has_group ? packet.peer.groups->front() : std::string();
  });
  const std::vector<std::string> addresses =
      peers_of(fault, [](const Packet& packet) { return peer_words(packet.peer); });
  return "no egress rule for " + ports_of(fault.judged.front()->packet) + " to " +
         (to.empty() ? "" : enumerate(to, 3) + " or ") + enumerate(addresses, 3);
}

std::string acl_rule(const Configuration&, const Who&, const Fault& fault) {
  const AclGap& gap = fault.gaps.front();
  std::vector<std::string> peers;
  for (const AclGap& one : fault.gaps) {
    const std::string word = peer_words({one.peer});
    if (std::find(peers.begin(), peers.end(), word) == peers.end()) peers.push_back(word);
  }
  const std::string entry = gap.before == 32767 ? "entry *" : "entry " + std::to_string(gap.before);
  return entry + " denies " + (gap.egress ? "outbound " : "inbound ") + port_words(gap.ports) +
         (gap.egress ? " to " : " from ") + enumerate(peers, 3);
}

/// Peers that a group's rules name for the port.
std::vector<std::string> allowed_peers(const SecurityGroup& group, bool egress, std::uint16_t port) {
  std::vector<std::string> peers;
  for (const GroupRule& rule : (egress ? group.egress : group.ingress).value_or(std::vector<GroupRule>{})) {
    if (rule.protocol == Protocol::other || port < rule.ports.from || rule.ports.to < port) continue;
    for (const GroupReference& reference : rule.groups) peers.push_back(reference.group);
    for (const Cidr& range : rule.ranges) peers.push_back(range.to_string());
    peers.insert(peers.end(), rule.prefix_lists.begin(), rule.prefix_lists.end());
  }
  return peers;
}

std::string group_state(const Configuration& configuration, const std::string& id, bool egress,
                        std::uint16_t port) {
  const SecurityGroup* group = configuration.groups.find(id);
  if (group == nullptr) return id;
  const std::vector<std::string> peers = allowed_peers(*group, egress, port);
  const auto& rules = egress ? group->egress : group->ingress;
  const std::string number = std::to_string(port);
  if (!rules || rules->empty()) return id + (egress ? " has no egress rule" : " has no ingress rule");
  if (peers.empty()) return id + (egress ? " allows nothing out on " : " allows nothing in on ") + number;
  return id + " allows " + number + (egress ? " only to " : " only from ") + enumerate(peers, 5);
}

std::string ingress_why(const Configuration& configuration, const Who&, const Fault& fault) {
  const Packet& packet = fault.judged.front()->packet;
  if (behind_nat64(packet.peer.within.base))
    return "connections to 64:ff9b::/96 come from the NAT gateway's own address, and it has no security "
           "group";
  std::vector<std::string> groups;
  for (const std::string& id : packet.peer.groups.value_or(std::vector<std::string>{}))
    groups.push_back(group_state(configuration, id, false, packet.port));
  const std::vector<std::string> endpoints = peers_of(fault, [](const Packet& one) {
    return one.endpoint == nullptr ? one.peer_interface : one.endpoint->id;
  });
  const std::vector<std::string> own = packet.task.groups.value_or(std::vector<std::string>{});
  return enumerate(groups, 3) + (endpoints.empty() ? "" : " (on " + enumerate(endpoints, 4) + ")") +
         "; the task has " + (own.empty() ? "" : enumerate(own, 5) + " and ") + peer_words(packet.task);
}

std::string egress_why(const Configuration& configuration, const Who&, const Fault& fault) {
  const Packet& packet = fault.judged.front()->packet;
  std::vector<std::string> groups;
  for (const std::string& id : packet.task.groups.value_or(std::vector<std::string>{}))
    groups.push_back(group_state(configuration, id, true, packet.port));
  const bool has_public = std::any_of(fault.judged.begin(), fault.judged.end(), [](const Judged* judged) {
    return judged->packet.peer.is_public && !leads_to_internet(*judged);
  });
  return enumerate(groups, 3) +
         (has_public ? "; a gateway endpoint's traffic goes to the service's public addresses" : "");
}

std::string acl_why(const Configuration&, const Who&, const Fault& fault) {
  const bool is_answer = fault.gaps.front().ports.from != fault.gaps.front().ports.to;
  if (!is_answer) return "a network ACL is stateless: the first entry that matches decides";
  return "a network ACL is stateless: answers go to ephemeral ports and need an entry of their own";
}

std::string no_route_why(const Configuration& configuration, const Who& who, const Fault& fault) {
  const RouteTable* table = configuration.route_tables.find(fault.hop.id);
  std::vector<std::string> routes;
  for (const Route& route :
       table == nullptr ? std::vector<Route>{} : table->routes.value_or(std::vector<Route>{}))
    routes.push_back((route.range ? route.range->to_string() : route.prefix_list) + " -> " + route.target);
  std::string text = fault.hop.id + " has " + (routes.empty() ? "no routes" : "only " + enumerate(routes, 4));
  if (behind_nat64(fault.judged.front()->packet.peer.within.base))
    return text + "; DNS64 makes up addresses in 64:ff9b::/96, which only a NAT gateway translates";
  for (const std::string& service : services_of(fault)) {
    for (const auto& [id, endpoint] : configuration.endpoints.by_id) {
      const bool is_gateway = endpoint.kind == EndpointKind::gateway && endpoint.service == service &&
                              endpoint.vpc == who.vpc && endpoint.route_tables;
      if (is_gateway)
        text += "; the gateway endpoint " + id + " is in " +
                (endpoint.route_tables->empty() ? "no route table" : enumerate(*endpoint.route_tables, 4));
    }
  }
  return text;
}

std::string by_hop(const Configuration&, const Who&, const Fault& fault) { return fault.hop.by; }

/// A path that is there and was not read to its end can as well be what drops the packets.
std::string absent_why(const Configuration&, const Who&, const Fault& fault) {
  const std::string start = "without an endpoint the name resolves to public addresses, and the task";
  for (const Judged* judged : fault.judged) {
    const auto route = std::find_if(judged->hops.begin(), judged->hops.end(),
                                    [](const PathHop& hop) { return hop.kind == HopKind::route; });
    const auto unread = std::find_if(route, judged->hops.end(),
                                     [](const PathHop& hop) { return hop.verdict == HopVerdict::unknown; });
    if (route == unread || unread == judged->hops.end()) continue;
    const std::string where = unread->id.empty() ? " was not read to its end" : " leads to " + unread->id;
    return start + "'s path to them" + where + ", which may drop them: " + unread->by;
  }
  return start + " has no path to them";
}

std::string absent_rule(const Configuration&, const Who&, const Fault& fault) {
  return "no interface endpoint for " + enumerate(services_of(fault), 5);
}

#define WHY(text) [](const Configuration&, const Who&, const Fault&) { return std::string(text); }

const std::array kRows = std::to_array<BlockRow>({
    {Block::dns_support_off, "vpc", nullptr,
     WHY("the Amazon resolver answers only if enableDnsSupport is true, and private DNS needs it"),
     change_attributes},
    {Block::dns_hostnames_off, "vpc", nullptr,
     WHY("private DNS of endpoints needs enableDnsSupport and enableDnsHostnames"), change_attributes},
    {Block::endpoint_absent, "vpc", absent_rule, absent_why, create_endpoints},
    {Block::private_dns_off, "vpc-endpoint", nullptr,
     WHY("the endpoint exists, but the service's name resolves to public addresses"), change_private_dns},
    {Block::inbound_resolver_only, "vpc-endpoint", nullptr,
     WHY("inside the VPC the service's name stays public"), change_private_dns},
    {Block::hosted_zone, "hosted-zone", nullptr,
     WHY("a private zone goes before the public DNS and before what AWS answers"), change_zone},
    {Block::resolver_rule, "resolver-rule", nullptr,
     WHY("other resolvers do not know the private names of the VPC"), change_resolver_rule},
    {Block::custom_resolver, "dhcp-options", nullptr,
     WHY("only the Amazon resolver knows the private names; everything else in the VPC's DNS settings is "
         "right"),
     change_resolver},
    {Block::dns_firewall, "firewall-rule-group", nullptr,
     WHY("a DNS Firewall can answer or drop a name itself"), change_dns_firewall},
    {Block::group_egress, "security-group", egress_rule, egress_why, open_egress},
    {Block::acl_entry, "network-acl", acl_rule, acl_why, open_acl},
    {Block::no_route, "route-table", nullptr, no_route_why, add_route},
    {Block::no_route_back, "route-table", nullptr,
     WHY("answers need a route to the task in the other VPC, by the same peering connection"),
     add_route_back},
    {Block::blackhole, "route-table", nullptr, WHY("a blackhole drops packets without an answer"),
     replace_route},
    {Block::no_public_address, "internet-gateway", nullptr,
     WHY("an internet gateway translates public addresses only; a private task needs endpoints or a NAT "
         "gateway"),
     replace_route},
    {Block::gateway_detached, "internet-gateway", nullptr,
     WHY("only an attached internet gateway passes packets"), attach_gateway},
    {Block::private_to_internet, "internet-gateway", nullptr,
     WHY("the internet has no private addresses: another VPC needs a route of its own to it"),
     add_peer_route},
    {Block::nat_state, "nat-gateway", nullptr, WHY("only an available NAT gateway passes packets"),
     replace_route},
    {Block::nat_is_private, "nat-gateway", nullptr, by_hop, replace_route},
    {Block::nat_without_internet, "route-table", nullptr,
     WHY("the NAT gateway's own subnet must route to an internet gateway"), route_nat_out},
    {Block::peering_state, "vpc-peering-connection", nullptr,
     WHY("only an active peering connection passes packets"), change_peering},
    {Block::transit_attachment, "transit-gateway", nullptr,
     WHY("the VPC needs an available attachment with a subnet in the task's zone"), change_attachment},
    {Block::source_dest_check, "network-interface", nullptr,
     WHY("an interface that forwards for others must have the check off"), change_interface},
    {Block::endpoint_state, "vpc-endpoint", nullptr, WHY("only an available endpoint passes packets"),
     replace_endpoint},
    {Block::group_ingress, "security-group", ingress_rule, ingress_why, open_ingress},
});
#undef WHY

struct NameOf {
  const char* type;
  std::string (*of)(const Configuration&, const std::string& id);
};
template <auto part>
std::string name_in(const Configuration& configuration, const std::string& id) {
  const auto* found = (configuration.*part).find(id);
  return found == nullptr ? std::string() : found->name;
}
constexpr std::array kNames = std::to_array<NameOf>({
    {"vpc", name_in<&Configuration::vpcs>},
    {"vpc-endpoint", name_in<&Configuration::endpoints>},
    {"hosted-zone", name_in<&Configuration::hosted_zones>},
    {"resolver-rule", name_in<&Configuration::resolver_rules>},
    {"dhcp-options", name_in<&Configuration::dhcp_options>},
    {"security-group", name_in<&Configuration::groups>},
    {"network-acl", name_in<&Configuration::acls>},
    {"route-table", name_in<&Configuration::route_tables>},
    {"nat-gateway", name_in<&Configuration::nat_gateways>},
    {"internet-gateway", name_in<&Configuration::internet_gateways>},
});

}  // namespace

std::string shell_word(const std::string& text) {
  constexpr std::string_view plain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._/+=@:,";
  if (!text.empty() && text.find_first_not_of(plain) == std::string::npos) return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string aws_command(const Who& who, const std::string& operation) {
  return "aws " + operation + (who.region.empty() ? "" : " --region " + who.region);
}

Culprit describe(const Configuration& configuration, const Who& who, const Fault& fault) {
  Culprit culprit;
  culprit.finding = fault.finding->code;
  culprit.endpoint = fault.finding->endpoint;
  for (const Judged* judged : fault.judged) {
    const std::string& id = judged->endpoint->id;
    if (std::find(culprit.endpoints.begin(), culprit.endpoints.end(), id) == culprit.endpoints.end())
      culprit.endpoints.push_back(id);
  }
  const auto row = std::find_if(kRows.begin(), kRows.end(), [&](const BlockRow& candidate) {
    return candidate.block == fault.hop.block;
  });
  culprit.resource.id = fault.hop.id;
  culprit.rule = fault.hop.by;
  culprit.is_part = fault.hop.partial;
  if (row == kRows.end()) return culprit;
  culprit.resource.type = row->type;
  for (const NameOf& name : kNames)
    if (culprit.resource.type == name.type) culprit.resource.name = name.of(configuration, fault.hop.id);
  if (row->rule != nullptr) culprit.rule = row->rule(configuration, who, fault);
  culprit.why = row->why(configuration, who, fault);
  culprit.fixes = row->changes(configuration, who, fault);
  return culprit;
}

}  // namespace vpcprobe

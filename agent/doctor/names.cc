// Whether a VPC answers a service's name with the private addresses of its endpoint.
#include <algorithm>
#include <array>

#include "agent/aws/amazon_resolver.h"
#include "agent/doctor/hops.h"

namespace vpcprobe {
namespace {

struct Name {
  const Configuration& configuration;
  const std::string& vpc;
  const std::string& host;
  const std::string& service;
};
using Hops = std::vector<PathHop>;

/// "logs.eu-west-1.amazonaws.com" is in "amazonaws.com", in itself, and in ".".
bool is_in(const std::string& host, const std::string& domain) {
  if (domain == "." || host == domain) return true;
  return host.size() > domain.size() && host.ends_with(domain) &&
         host[host.size() - domain.size() - 1] == '.';
}

/// A fault that is certain only if nothing else is one: the report says that the name is wrong.
PathHop suspect(HopKind kind, std::string id, std::string by, Block block) {
  PathHop hop = unknown(kind, std::move(id), std::move(by));
  hop.block = block;
  return hop;
}

PathHop attribute(const Name& name, const char* key, std::optional<bool> Vpc::*member, Block block) {
  constexpr HopKind kind = HopKind::vpc_attributes;
  const Vpc* vpc = name.configuration.vpcs.find(name.vpc);
  if (vpc == nullptr || !(vpc->*member)) return unknown(kind, name.vpc, std::string(key) + " was not read");
  if (*(vpc->*member)) return allows(kind, name.vpc, std::string(key) + " is true");
  return denies(kind, name.vpc, std::string(key) + " is false", block);
}

void judge_attributes(const Name& name, Hops& hops) {
  hops.push_back(attribute(name, "enableDnsSupport", &Vpc::dns_support, Block::dns_support_off));
  hops.push_back(attribute(name, "enableDnsHostnames", &Vpc::dns_hostnames, Block::dns_hostnames_off));
}

PathHop private_dns_of(const VpcEndpoint& endpoint) {
  constexpr HopKind kind = HopKind::endpoint_private_dns;
  PathHop state = judge_endpoint_state(endpoint);
  if (state.verdict != HopVerdict::allows) return state;
  if (!endpoint.private_dns) return unknown(kind, endpoint.id, "whether its private DNS is on was not read");
  if (!*endpoint.private_dns)
    return denies(kind, endpoint.id, "its private DNS is off", Block::private_dns_off);
  if (endpoint.private_dns_for_inbound_resolver_only)
    return denies(kind, endpoint.id, "its private DNS is for inbound resolver endpoints only",
                  Block::inbound_resolver_only);
  return allows(kind, endpoint.id, "private DNS is on");
}

/// The private zone of the VPC that answers for the name: the longest that holds it (Route 53:
/// "Considerations when working with a private hosted zone"). Null where none does.
const HostedZone* zone_of(const Name& name) {
  const HostedZone* longest = nullptr;
  for (const auto& [id, zone] : name.configuration.hosted_zones.by_id) {
    if (!zone.of_vpc || !is_in(name.host, zone.name)) continue;
    if (longest == nullptr || zone.name.size() > longest->name.size()) longest = &zone;
  }
  return longest;
}

/// A zone that AWS did not make for an endpoint's private DNS.
bool is_own(const HostedZone* zone) {
  return zone != nullptr && zone->owning_service != "vpce.amazonaws.com";
}

/// The best of the VPC's interface endpoints of the service.
void judge_endpoints(const Name& name, Hops& hops) {
  constexpr HopKind kind = HopKind::endpoint_private_dns;
  const auto& endpoints = name.configuration.endpoints;
  std::optional<PathHop> best;
  for (const auto& [id, endpoint] : endpoints.by_id) {
    const bool serves = endpoint.kind == EndpointKind::interface && endpoint.vpc == name.vpc &&
                        endpoint.service == name.service;
    if (!serves) continue;
    PathHop hop = private_dns_of(endpoint);
    if (!best || hop.verdict == HopVerdict::allows) best = std::move(hop);
    if (best->verdict == HopVerdict::allows) break;
  }
  const bool is_served_otherwise = name.service.empty() || is_own(zone_of(name));
  if (best && (best->verdict == HopVerdict::allows || !is_served_otherwise)) {
    hops.push_back(*best);
  } else if (is_served_otherwise) {
    return;  // nothing that an endpoint here serves, or a zone of the VPC's serves it
  } else if (is_whole(name.configuration, endpoints, name.vpc)) {
    hops.push_back(denies(kind, name.vpc, "no interface endpoint for " + name.service + " in " + name.vpc,
                          Block::endpoint_absent));
  } else {
    hops.push_back(unknown(kind, "", why_not_seen("VpcEndpoints", endpoints)));
  }
}

/// The private zone that has the name.
void judge_zones(const Name& name, Hops& hops) {
  constexpr HopKind kind = HopKind::hosted_zone;
  const auto& zones = name.configuration.hosted_zones;
  const HostedZone* zone = zone_of(name);
  if (is_own(zone))
    hops.push_back(suspect(kind, zone->id, "the private zone " + zone->name + " answers for " + name.host,
                           Block::hosted_zone));
  else if (zone != nullptr)
    hops.push_back(allows(kind, zone->id, "the endpoint's own zone " + zone->name + " answers"));
  else if (is_whole(name.configuration, zones, name.vpc))
    hops.push_back(allows(kind, "", "no private zone of the VPC has the name"));
  else
    hops.push_back(unknown(kind, "", why_not_seen("HostedZoneSummaries", zones)));
}

/// The Resolver rule for the name: the longest domain counts.
void judge_rules(const Name& name, Hops& hops) {
  constexpr HopKind kind = HopKind::resolver_rule;
  const auto& associations = name.configuration.resolver_associations;
  const auto& rules = name.configuration.resolver_rules;
  const ResolverRule* chosen = nullptr;
  for (const auto& [id, association] : associations.by_id) {
    if (association.vpc != name.vpc) continue;
    const ResolverRule* rule = rules.find(association.rule);
    // Made by AWS, in every VPC: everything that no other rule takes.
    const bool is_built_in = association.rule == "rslvr-autodefined-rr-internet-resolver";
    if (rule == nullptr && !is_built_in) {
      hops.push_back(unknown(kind, association.rule, why_not_seen("ResolverRules", rules)));
      return;
    }
    if (rule == nullptr || !is_in(name.host, rule->domain)) continue;
    if (chosen == nullptr || rule->domain.size() > chosen->domain.size()) chosen = rule;
  }
  if (chosen != nullptr && chosen->type == "FORWARD")
    hops.push_back(suspect(kind, chosen->id, "forwards " + chosen->domain + " to other resolvers",
                           Block::resolver_rule));
  else if (chosen != nullptr || is_whole(name.configuration, associations, name.vpc))
    hops.push_back(allows(kind, chosen == nullptr ? "" : chosen->id, "no rule forwards the name"));
  else
    hops.push_back(unknown(kind, "", why_not_seen("ResolverRuleAssociations", associations)));
}

bool is_amazon_resolver(const Vpc& vpc, const std::string& server) {
  if (server == "AmazonProvidedDNS" || server == kAmazonResolver || server == "fd00:ec2::253") return true;
  const auto address = IpAddress::parse(server);
  if (!address || address->family != Family::ipv4) return false;
  return std::any_of(vpc.ranges.begin(), vpc.ranges.end(), [&](const Cidr& range) {
    IpAddress second = range.base;
    second.bytes[3] = static_cast<std::uint8_t>(second.bytes[3] + 2);
    return range.base.family == Family::ipv4 && second == *address;
  });
}

void judge_dhcp(const Name& name, Hops& hops) {
  constexpr HopKind kind = HopKind::dhcp_options;
  const Vpc* vpc = name.configuration.vpcs.find(name.vpc);
  const std::string id = vpc == nullptr ? std::string() : vpc->dhcp_options;
  const DhcpOptions* options = name.configuration.dhcp_options.find(id);
  if (options == nullptr) {
    hops.push_back(unknown(kind, id, why_not_seen("DhcpOptions", name.configuration.dhcp_options)));
    return;
  }
  for (const std::string& server : options->servers) {
    if (is_amazon_resolver(*vpc, server)) continue;
    hops.push_back(suspect(kind, id, "names the resolver " + server + ", which is not Amazon's",
                           Block::custom_resolver));
    return;
  }
  hops.push_back(allows(kind, id, "AmazonProvidedDNS"));
}

void judge_dns_firewall(const Name& name, Hops& hops) {
  constexpr HopKind kind = HopKind::dns_firewall;
  const auto& firewalls = name.configuration.dns_firewalls;
  for (const auto& [id, association] : firewalls.by_id) {
    if (association.vpc != name.vpc) continue;
    hops.push_back(suspect(kind, association.rule_group, "a DNS Firewall filters the names of the VPC",
                           Block::dns_firewall));
    return;
  }
  if (is_whole(name.configuration, firewalls, name.vpc))
    hops.push_back(allows(kind, "", "no DNS Firewall"));
  else
    hops.push_back(unknown(kind, "", why_not_seen("FirewallRuleGroupAssociations", firewalls)));
}

using Judge = void (*)(const Name&, Hops&);
constexpr std::array<Judge, 6> kJudges{judge_attributes, judge_endpoints, judge_zones,
                                       judge_rules,      judge_dhcp,      judge_dns_firewall};

}  // namespace

std::vector<PathHop> judge_name(const Configuration& configuration, const std::string& vpc,
                                const std::string& host, const std::string& service) {
  Hops hops;
  for (const Judge judge : kJudges) judge({configuration, vpc, host, service}, hops);
  return hops;
}

}  // namespace vpcprobe

#include "agent/doctor/configuration.h"

#include <algorithm>

namespace vpcprobe {
namespace {

struct PartRow {
  std::string_view key;
  PartState& (*of)(Configuration&);
  bool is_listed = true;  ///< whether its absence is worth a word
};
template <auto member>
PartState& state(Configuration& configuration) {
  return configuration.*member;
}

constexpr std::array kParts = std::to_array<PartRow>({
    {"Vpcs", state<&Configuration::vpcs>},
    {"Subnets", state<&Configuration::subnets>},
    {"SecurityGroups", state<&Configuration::groups>},
    {"NetworkAcls", state<&Configuration::acls>},
    {"RouteTables", state<&Configuration::route_tables>},
    {"VpcEndpoints", state<&Configuration::endpoints>},
    {"NetworkInterfaces", state<&Configuration::interfaces>},
    {"PrefixLists", state<&Configuration::prefix_lists>},
    {"NatGateways", state<&Configuration::nat_gateways>},
    {"InternetGateways", state<&Configuration::internet_gateways>},
    {"VpcPeeringConnections", state<&Configuration::peerings>},
    {"TransitGatewayAttachments", state<&Configuration::transit_attachments>},
    {"DhcpOptions", state<&Configuration::dhcp_options>},
    {"HostedZoneSummaries", state<&Configuration::hosted_zones>},
    {"ResolverRules", state<&Configuration::resolver_rules>},
    {"ResolverRuleAssociations", state<&Configuration::resolver_associations>},
    {"FirewallRuleGroupAssociations", state<&Configuration::dns_firewalls>},
    {"tasks", state<&Configuration::tasks>, false},
    {"services", state<&Configuration::services>, false},
});

struct AttributeRow {
  std::string_view key;
  std::optional<bool> Vpc::*member;
};
constexpr std::array<AttributeRow, 2> kAttributes{
    {{"EnableDnsSupport", &Vpc::dns_support}, {"EnableDnsHostnames", &Vpc::dns_hostnames}}};

constexpr std::array<std::string_view, 3> kSeenWords{"not seen", "seen in part", "seen"};
constexpr std::array<std::string_view, 13> kTargetWords{
    "local",        "internet-gateway", "egress-only-internet-gateway",
    "nat-gateway",  "transit-gateway",  "vpc-peering-connection",
    "vpc-endpoint", "vpc-endpoint",     "network-interface",
    "instance",     "vpn-gateway",      "core-network",
    "other"};

}  // namespace

std::string_view to_string(Seen seen) { return kSeenWords.at(static_cast<std::size_t>(seen)); }
std::string_view to_string(RouteTarget target) { return kTargetWords.at(static_cast<std::size_t>(target)); }

PartState* part_named(Configuration& configuration, std::string_view key) {
  const auto row =
      std::find_if(kParts.begin(), kParts.end(), [&](const PartRow& part) { return part.key == key; });
  return row == kParts.end() ? nullptr : &row->of(configuration);
}

std::vector<NotSeen> not_seen(const Configuration& configuration) {
  std::vector<NotSeen> list;
  for (const PartRow& row : kParts) {
    // The table gives writable parts; nothing is written here.
    const PartState& part = row.of(const_cast<Configuration&>(configuration));
    const bool is_wanted = row.is_listed || !part.why.empty();
    if (part.seen == Seen::completely || !is_wanted) continue;
    list.push_back({std::string(row.key), part.why.empty() ? "no document has it" : part.why});
  }
  for (const AttributeRow& row : kAttributes) {
    const bool is_seen = std::any_of(configuration.vpcs.by_id.begin(), configuration.vpcs.by_id.end(),
                                     [&](const auto& vpc) { return (vpc.second.*row.member).has_value(); });
    if (is_seen) continue;
    const auto refused = configuration.refused.find(row.key);
    list.push_back({std::string(row.key),
                    refused == configuration.refused.end() ? "no document has it" : refused->second});
  }
  for (const auto& refused : configuration.refused) {
    const bool is_in_list = std::any_of(list.begin(), list.end(),
                                        [&](const NotSeen& part) { return part.what == refused.first; });
    if (!is_in_list) list.push_back({refused.first, refused.second});
  }
  return list;
}

}  // namespace vpcprobe

#include "agent/doctor/read_configuration.h"

#include <algorithm>
#include <array>

#include "agent/doctor/document.h"
#include "agent/doctor/read_elements.h"

namespace vpcprobe {
namespace {

/// A list of a document, and the part that it fills.
struct ListRow {
  std::string_view key;
  std::string_view part;  ///< as part_named takes it
  ReadElement read;
};
constexpr std::array kLists = std::to_array<ListRow>({
    {"Vpcs", "Vpcs", read_vpc},
    {"Subnets", "Subnets", read_subnet},
    {"SecurityGroups", "SecurityGroups", read_security_group},
    {"NetworkAcls", "NetworkAcls", read_network_acl},
    {"RouteTables", "RouteTables", read_route_table},
    {"VpcEndpoints", "VpcEndpoints", read_vpc_endpoint},
    {"NetworkInterfaces", "NetworkInterfaces", read_network_interface},
    {"PrefixLists", "PrefixLists", read_prefix_list},
    {"NatGateways", "NatGateways", read_nat_gateway},
    {"InternetGateways", "InternetGateways", read_internet_gateway},
    {"VpcPeeringConnections", "VpcPeeringConnections", read_peering},
    {"TransitGatewayVpcAttachments", "TransitGatewayAttachments", read_transit_attachment},
    {"TransitGatewayAttachments", "TransitGatewayAttachments", read_transit_attachment},
    {"DhcpOptions", "DhcpOptions", read_dhcp_options},
    {"HostedZoneSummaries", "HostedZoneSummaries", read_hosted_zone},
    {"HostedZones", "", read_hosted_zone},  // of the account, whichever VPC they belong to
    {"ResolverRules", "ResolverRules", read_resolver_rule},
    {"ResolverRuleAssociations", "ResolverRuleAssociations", read_resolver_association},
    {"FirewallRuleGroupAssociations", "FirewallRuleGroupAssociations", read_dns_firewall},
    {"tasks", "tasks", read_ecs_task},
    {"services", "services", read_ecs_service},
});

const ListRow* list_row(std::string_view key) {
  const auto row = std::find_if(kLists.begin(), kLists.end(), [&](const ListRow& r) { return r.key == key; });
  return row == kLists.end() ? nullptr : row;
}

struct Attribute {
  const char* key;
  std::optional<bool> Vpc::*member;
};
constexpr std::array<Attribute, 2> kAttributes{
    {{"EnableDnsSupport", &Vpc::dns_support}, {"EnableDnsHostnames", &Vpc::dns_hostnames}}};

void read_attributes(const DocumentNode& document, Configuration& configuration) {
  for (const Attribute& attribute : kAttributes) {
    const DocumentNode value = document.at(attribute.key);
    if (value.is_absent()) continue;
    const std::string id = required_id(document, "VpcId");
    Vpc& vpc = configuration.vpcs.by_id[id];
    vpc.id = id;
    vpc.*attribute.member = value.at("Value").truth();
  }
}

/// GetManagedPrefixListEntries does not print whose entries they are: the id stands beside them.
void read_prefix_entries(const DocumentNode& document, Configuration& configuration) {
  if (document.at("Entries").is_absent() || document.at("PrefixListId").is_absent()) return;
  const std::string id = document.at("PrefixListId").text();
  PrefixList& list = configuration.prefix_lists.by_id[id];
  list.id = id;
  list.ranges.emplace();
  add_ranges(*list.ranges, document.at("Entries"), "Cidr");
  if (configuration.prefix_lists.seen == Seen::not_seen) configuration.prefix_lists.seen = Seen::in_part;
}

void read_refusals(const DocumentNode& document, Configuration& configuration) {
  for (const DocumentNode& refusal : document.at("NotSeen").items()) {
    const std::string what = refusal.at("what").text();
    const std::string why = refusal.at("why").text();
    configuration.refused[what] = why;
    PartState* part = part_named(configuration, what);
    if (part == nullptr) continue;
    part->why = why;
    if (part->seen == Seen::completely) part->seen = Seen::in_part;
  }
}

/// A list without NextToken is complete, unless a call for the same part was refused.
void mark_seen(const DocumentNode& document, Configuration& configuration) {
  const bool more_exist = !document.at("NextToken").is_absent() || !document.at("nextToken").is_absent();
  for (const DocumentNode& member : document.items()) {
    const ListRow* row = list_row(member.key());
    PartState* part = row == nullptr ? nullptr : part_named(configuration, row->part);
    if (part == nullptr || !member.is_list()) continue;
    if (more_exist && part->why.empty()) part->why = "the document ends with NextToken: more exist";
    part->seen = part->why.empty() && part->seen != Seen::in_part ? Seen::completely : Seen::in_part;
  }
}

void read_document(const DocumentNode& document, Configuration& configuration) {
  mark_seen(document, configuration);
  read_attributes(document, configuration);
  read_prefix_entries(document, configuration);
  read_refusals(document, configuration);
  if (!document.at("ResolverRule").is_absent())
    read_resolver_rule(document.at("ResolverRule"), configuration);
  if (!document.at("taskDefinition").is_absent()) configuration.task_definition = document.json();
  if (!document.at("Account").is_absent()) configuration.account = document.at("Account").text();
}

}  // namespace

Result<bool> read_configuration(std::string_view text, Configuration& configuration) {
  if (text.size() > kLongestConfiguration) return UsageError{"longer than 512 MiB"};
  DocumentReader reader;
  reader.has_elements = [](std::string_view key) {
    return list_row(key) != nullptr || key == "SecurityGroupRules";
  };
  reader.element = [&configuration](std::string_view key, const DocumentNode& element) {
    if (const ListRow* row = list_row(key))
      row->read(element, configuration);
    else
      read_security_group_rule(element, configuration);
  };
  reader.end = [&configuration](const DocumentNode& document) { read_document(document, configuration); };
  return read_documents(text, reader);
}

}  // namespace vpcprobe

#include "agent/doctor/read_by_api.h"

#include <array>
#include <set>

#include "agent/base/joined.h"
#include "agent/base/json_text.h"
#include "agent/doctor/read_configuration.h"
#include "agent/doctor/read_ecs.h"

namespace vpcprobe {
namespace {

using Ids = std::set<std::string>;

std::vector<std::string> list_of_ids(const Ids& ids) { return {ids.begin(), ids.end()}; }

/// What the answers so far say. A document that cannot be read is passed over here: reading the whole says
/// it.
Configuration read_so_far(const std::string& documents) {
  Configuration configuration;
  read_configuration(documents, configuration);
  return configuration;
}

std::string text_of(const std::vector<ReadPage>& pages) {
  std::string text;
  for (const ReadPage& page : pages) text += page.json + "\n";
  return text;
}

/// The VPCs of what was found, the surest first: said subnets and groups, then the interface with the
/// report's address, then subnets with its range.
Ids vpcs_of(const std::vector<ReadPage>& pages) {
  for (const ApiRead& row : seed_reads()) {
    std::vector<ReadPage> own;
    for (const ReadPage& page : pages)
      if (page.row == &row) own.push_back(page);
    const Configuration found = read_so_far(text_of(own));
    Ids ids;
    for (const auto& [id, subnet] : found.subnets.by_id) ids.insert(subnet.vpc);
    for (const auto& [id, group] : found.groups.by_id) ids.insert(group.vpc);
    for (const auto& [id, interface] : found.interfaces.by_id) ids.insert(interface.vpc);
    ids.erase("");
    if (!ids.empty()) return ids;
  }
  return {};
}

/// Prefix lists that rules and routes name, and whose ranges are not known yet.
Ids unread_prefix_lists(const Configuration& configuration) {
  Ids ids;
  for (const auto& [id, table] : configuration.route_tables.by_id)
    for (const Route& route : table.routes.value_or(std::vector<Route>{})) ids.insert(route.prefix_list);
  for (const auto& [id, group] : configuration.groups.by_id)
    for (const auto* rules : {&group.ingress, &group.egress})
      for (const GroupRule& rule : rules->value_or(std::vector<GroupRule>{}))
        ids.insert(rule.prefix_lists.begin(), rule.prefix_lists.end());
  ids.erase("");
  for (const auto& [id, list] : configuration.prefix_lists.by_id)
    if (list.ranges) ids.erase(id);
  return ids;
}

/// What the answers about the VPC refer to.
void add_references(const Configuration& configuration, ReadValues& values) {
  Ids rules;
  for (const auto& [id, association] : configuration.resolver_associations.by_id)
    rules.insert(association.rule);
  rules.erase("");
  values["prefix_list"] = list_of_ids(unread_prefix_lists(configuration));
  values["resolver_rule"] = list_of_ids(rules);
}

/// The rules that the VPC's associations name are all that count for it.
std::string rules_are_whole(const ApiReading& reading) {
  const auto& refusals = reading.refusals();
  const bool is_whole = refusals.find("ResolverRuleAssociations") == refusals.end();
  return is_whole ? "{\"ResolverRules\":[]}\n" : "";
}

std::string refusals_of(const ApiReading& reading) {
  if (reading.refusals().empty()) return {};
  nlohmann::json list = nlohmann::json::array();
  for (const auto& [part, why] : reading.refusals()) list.push_back({{"what", part}, {"why", why}});
  return json_text({{"NotSeen", list}}) + "\n";
}

UsageError several_vpcs(const Ids& vpcs) {
  return UsageError{"the task may be in each of " + joined(vpcs, ", ") + ": name its subnet by --subnet-ids"};
}

/// A subnet or group that EC2 does not know in this region.
std::optional<UsageError> unknown_seed(const ApiReading& reading, const std::string& region) {
  for (const auto& [part, option, code] :
       {std::array{"Subnets", "--subnet-ids", "InvalidSubnetID"},
        std::array{"SecurityGroups", "--task-security-group", "InvalidGroup"}}) {
    const auto refused = reading.refusals().find(part);
    if (refused != reading.refusals().end() && refused->second.find(code) != std::string::npos)
      return UsageError{std::string(option) + ": EC2 does not know it in " + region};
  }
  return {};
}

/// The answers name no VPC, and no call was refused.
std::optional<UsageError> nothing_found(const ApiReading& reading, const ReadingSubject& subject) {
  if (!reading.refusals().empty()) return {};
  std::string place;
  for (const auto* list : {&subject.addresses, &subject.ranges})
    for (const std::string& text : *list) place += (place.empty() ? "" : ", ") + text;
  return UsageError{"no network interface and no subnet in " + subject.region + " has the report's " +
                        (place.empty() ? "address" : place) + ": name the task's subnet by --subnet-ids",
                    true};
}

std::optional<UsageError> credentials_error(const ApiReading& reading) {
  if (reading.credentials_problem().empty()) return {};
  return UsageError{"AWS does not accept the credentials: " + reading.credentials_problem(), true};
}

}  // namespace

Result<ReadByApi> read_by_api(ApiClient& client, const ReadingSubject& asked) {
  ReadByApi read;
  ReadingSubject subject = asked;
  ApiReading reading(client);
  reading.values["region"] = {subject.region};
  if (!subject.service.empty() || !subject.task.empty()) {
    const auto wrong = read_ecs(reading, subject, read);
    if (const auto refused = credentials_error(reading)) return *refused;
    if (wrong) return *wrong;
  }
  reading.values["subnet"] = subject.subnets;
  reading.values["group"] = subject.groups;
  const bool is_known = !subject.subnets.empty() || !subject.groups.empty();
  if (!is_known) reading.values["address"] = subject.addresses;
  if (!is_known) reading.values["range"] = subject.ranges;
  const Ids vpcs = vpcs_of(reading.read(seed_reads()));
  if (const auto refused = credentials_error(reading)) return *refused;
  if (const auto unknown = unknown_seed(reading, subject.region)) return *unknown;
  if (vpcs.size() > 1) return several_vpcs(vpcs);
  if (const auto nothing = nothing_found(reading, subject); nothing && vpcs.empty() && !is_known)
    return *nothing;
  reading.values["vpc"] = list_of_ids(vpcs);
  read.documents += text_of(reading.read(vpc_reads()));
  if (const auto refused = credentials_error(reading)) return *refused;
  if (!vpcs.empty()) {
    add_references(read_so_far(read.documents), reading.values);
    read.documents += text_of(reading.read(reference_reads())) + rules_are_whole(reading);
  }
  read.documents += refusals_of(reading);
  return read;
}

}  // namespace vpcprobe

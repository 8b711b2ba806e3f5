#include "agent/doctor/who.h"

#include <algorithm>

#include "agent/base/words.h"

namespace vpcprobe {
namespace {

void from_said(const SaidWho& said, Who& who) {
  if (!said.subnets.empty()) {
    who.subnets = said.subnets;
    who.sources.emplace_back("subnets as given by --subnet-ids");
  }
  if (!said.groups.empty()) {
    who.groups = said.groups;
    who.sources.emplace_back("security groups as given by --task-security-group");
  }
}

/// The only service that was read, or the one that the only task belongs to.
const EcsService* service_of(const Configuration& configuration) {
  const auto& services = configuration.services.by_id;
  if (services.size() == 1) return &services.begin()->second;
  if (configuration.tasks.by_id.size() != 1) return nullptr;
  for (const auto& [arn, service] : services)
    if (configuration.tasks.by_id.begin()->second.group == "service:" + service.name) return &service;
  return nullptr;
}

void from_service(const Configuration& configuration, Who& who) {
  const EcsService* service = service_of(configuration);
  if (service == nullptr || service->subnets.empty()) return;
  if (who.subnets.empty()) {
    who.subnets = service->subnets;
    who.sources.push_back("subnets of the service " + service->name);
  }
  if (!who.groups && !service->groups.empty()) {
    who.groups = service->groups;
    who.sources.push_back("security groups of the service " + service->name);
  }
  if (!who.has_public_address) who.has_public_address = service->assigns_public_address;
}

void from_interface(const NetworkInterface& interface, Who& who) {
  if (who.subnets.empty() || who.subnets.size() > 1) who.subnets = {interface.subnet};
  if (!who.groups && interface.groups && !interface.groups->empty()) {
    who.groups = interface.groups;
    who.sources.push_back("security groups of the network interface " + interface.id);
  }
  if (who.addresses.empty()) who.addresses = interface.addresses;
  who.has_public_address = interface.has_public_address;
}

/// A task's own interface; a stopped task keeps its subnet only.
void from_task(const Configuration& configuration, Who& who) {
  if (configuration.tasks.by_id.size() != 1) return;
  const EcsTask& task = configuration.tasks.by_id.begin()->second;
  const NetworkInterface* interface = configuration.interfaces.find(task.interface);
  if (interface != nullptr) {
    from_interface(*interface, who);
  } else if (!task.subnet.empty()) {
    who.subnets = {task.subnet};
    who.sources.emplace_back("the subnet of the task");
  }
}

bool is_said(const SaidWho& said, const std::string& subnet) {
  return said.subnets.empty() ||
         std::find(said.subnets.begin(), said.subnets.end(), subnet) != said.subnets.end();
}

/// The interface that has the address from which the report was made. Endpoints have addresses of their own.
void from_address(const Configuration& configuration, const SaidWho& said, Who& who) {
  const NetworkInterface* found = nullptr;
  for (const auto& [id, interface] : configuration.interfaces.by_id) {
    const auto& own = interface.addresses;  // clang captures no structured binding in C++20
    const bool has_address = std::any_of(
        who.addresses.begin(), who.addresses.end(),
        [&](const IpAddress& address) { return std::find(own.begin(), own.end(), address) != own.end(); });
    if (!has_address || interface.type == "vpc_endpoint" || !is_said(said, interface.subnet)) continue;
    if (found != nullptr) return;  // two VPCs with the same range
    found = &interface;
  }
  if (found != nullptr) from_interface(*found, who);
}

bool fits(const Subnet& subnet, const ReportContext& context, const std::vector<IpAddress>& addresses) {
  for (const Cidr& range : subnet.ranges) {
    const auto& texts = context.subnet_cidrs;
    if (std::find(texts.begin(), texts.end(), range.to_string()) != texts.end()) return true;
    for (const IpAddress& address : addresses)
      if (range.contains(address)) return true;
  }
  return false;
}

/// One of the subnets that are possible so far, or of all that were read.
void from_range(const Configuration& configuration, const ReportContext& context, Who& who) {
  std::vector<std::string> fitting;
  for (const auto& [id, subnet] : configuration.subnets.by_id) {
    const bool is_possible =
        who.subnets.empty() || std::find(who.subnets.begin(), who.subnets.end(), id) != who.subnets.end();
    if (is_possible && fits(subnet, context, who.addresses)) fitting.push_back(id);
  }
  if (fitting.size() != 1) return;
  if (who.subnets.empty()) who.sources.emplace_back("the subnet with the report's address range");
  who.subnets = fitting;
}

void add_vpc(const Configuration& configuration, Who& who) {
  for (const std::string& id : who.subnets) {
    if (const Subnet* subnet = configuration.subnets.find(id); subnet != nullptr && who.vpc.empty())
      who.vpc = subnet->vpc;
  }
  for (const auto& [id, table] : configuration.route_tables.by_id) {
    const bool has = !who.subnets.empty() && std::find(table.subnets.begin(), table.subnets.end(),
                                                       who.subnets.front()) != table.subnets.end();
    if (has && who.vpc.empty()) who.vpc = table.vpc;
  }
  for (const std::string& id : who.groups.value_or(std::vector<std::string>{})) {
    if (const SecurityGroup* group = configuration.groups.find(id); group != nullptr && who.vpc.empty())
      who.vpc = group->vpc;
  }
  if (who.vpc.empty() && configuration.vpcs.by_id.size() == 1)
    who.vpc = configuration.vpcs.by_id.begin()->first;
}

}  // namespace

Who find_who(const Configuration& configuration, const ReportContext& context, const SaidWho& said) {
  Who who;
  who.region = context.region;
  for (const std::string& text : context.source_addresses)
    if (const auto address = IpAddress::parse(text)) who.addresses.push_back(*address);
  from_said(said, who);
  from_service(configuration, who);
  if (who.addresses.empty())
    from_task(configuration, who);
  else
    from_address(configuration, said, who);
  from_range(configuration, context, who);
  add_vpc(configuration, who);
  return who;
}

}  // namespace vpcprobe

#include <chrono>
#include <string>

#include "agent/base/parse_time.h"
#include "agent/base/text_search.h"
#include "agent/doctor/read_elements.h"

namespace vpcprobe {
namespace {

/// "amazonaws.com." → "amazonaws.com"
std::string domain_of(const DocumentNode& node) {
  std::string name = lower_case(node.text());
  if (name.size() > 1 && name.back() == '.') name.pop_back();
  return name;
}

/// "/hostedzone/Z123" → "Z123"
std::string zone_id(const std::string& id) { return id.substr(id.rfind('/') + 1); }

/// Since 1970; 0 where it is no time. A number in answers of the API, a text where the AWS CLI prints it.
double seconds_of(const DocumentNode& time) {
  std::string text = time.json();
  std::erase(text, '"');
  const auto read = parse_time(text);
  return read ? std::chrono::duration<double>(read->time_since_epoch()).count() : 0;
}

void read_stop(const DocumentNode& element, EcsTask& task) {
  const std::string code = element.at("stopCode").text();
  task.has_stopped = task.last_status == "STOPPED" || !element.at("stoppedReason").text().empty();
  task.has_failed = code == "TaskFailedToStart" || code == "EssentialContainerExited";
  for (const char* key : {"createdAt", "stoppingAt", "stoppedAt"})
    if (const DocumentNode time = element.at(key); !time.is_absent()) task.stopped_at = seconds_of(time);
  task.document = element.json();
}

}  // namespace

void read_dhcp_options(const DocumentNode& element, Configuration& configuration) {
  DhcpOptions options;
  options.id = required_id(element, "DhcpOptionsId");
  options.name = name_tag(element);
  for (const DocumentNode& entry : element.at("DhcpConfigurations").items())
    if (entry.at("Key").text() == "domain-name-servers")
      options.servers = texts_of(entry.at("Values"), "Value");
  configuration.dhcp_options.by_id[options.id] = std::move(options);
}

void read_hosted_zone(const DocumentNode& element, Configuration& configuration) {
  const bool is_summary = !element.at("HostedZoneId").is_absent();
  const std::string id = zone_id(required_id(element, is_summary ? "HostedZoneId" : "Id"));
  HostedZone& zone = configuration.hosted_zones.by_id[id];
  zone.id = id;
  zone.name = domain_of(element.at("Name"));
  zone.of_vpc = zone.of_vpc || is_summary;
  if (is_summary) zone.owning_service = element.at("Owner").at("OwningService").text();
  if (const auto is_private = element.at("Config").at("PrivateZone").truth()) zone.is_private = is_private;
}

void read_resolver_rule(const DocumentNode& element, Configuration& configuration) {
  ResolverRule rule;
  rule.id = required_id(element, "Id");
  rule.name = element.at("Name").text();
  rule.domain = domain_of(element.at("DomainName"));
  rule.type = element.at("RuleType").text();
  for (const DocumentNode& target : element.at("TargetIps").items()) {
    const std::string address = target.at("Ip").text();
    rule.targets.push_back(address.empty() ? target.at("Ipv6").text() : address);
  }
  configuration.resolver_rules.by_id[rule.id] = std::move(rule);
}

void read_resolver_association(const DocumentNode& element, Configuration& configuration) {
  ResolverRuleAssociation association;
  association.id = required_id(element, "Id");
  association.rule = element.at("ResolverRuleId").text();
  association.vpc = element.at("VPCId").text();
  association.status = lower_case(element.at("Status").text());
  configuration.resolver_associations.by_id[association.id] = std::move(association);
}

void read_dns_firewall(const DocumentNode& element, Configuration& configuration) {
  DnsFirewallAssociation association;
  association.id = required_id(element, "Id");
  association.name = element.at("Name").text();
  association.rule_group = element.at("FirewallRuleGroupId").text();
  association.vpc = element.at("VpcId").text();
  association.status = lower_case(element.at("Status").text());
  configuration.dns_firewalls.by_id[association.id] = std::move(association);
}

void read_ecs_task(const DocumentNode& element, Configuration& configuration) {
  EcsTask task;
  task.arn = required_id(element, "taskArn");
  task.cluster = element.at("clusterArn").text();
  task.definition = element.at("taskDefinitionArn").text();
  task.group = element.at("group").text();
  task.launch_type = element.at("launchType").text();
  task.last_status = element.at("lastStatus").text();
  read_stop(element, task);
  for (const DocumentNode& attachment : element.at("attachments").items()) {
    for (const DocumentNode& detail : attachment.at("details").items()) {
      const std::string name = detail.at("name").text();
      if (name == "subnetId") task.subnet = detail.at("value").text();
      if (name == "networkInterfaceId") task.interface = detail.at("value").text();
      if (name == "privateIPv4Address") task.address = detail.at("value").text();
    }
  }
  configuration.tasks.by_id[task.arn] = std::move(task);
}

void read_ecs_service(const DocumentNode& element, Configuration& configuration) {
  EcsService service;
  service.arn = required_id(element, "serviceArn");
  service.name = element.at("serviceName").text();
  service.cluster = element.at("clusterArn").text();
  service.definition = element.at("taskDefinition").text();
  const DocumentNode network = element.at("networkConfiguration").at("awsvpcConfiguration");
  service.subnets = network.at("subnets").texts();
  service.groups = network.at("securityGroups").texts();
  service.assigns_public_address = network.at("assignPublicIp").text() == "ENABLED";
  configuration.services.by_id[service.arn] = std::move(service);
}

}  // namespace vpcprobe

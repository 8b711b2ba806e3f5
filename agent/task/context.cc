#include "agent/task/context.h"

#include <algorithm>
#include <array>

#include "agent/aws/amazon_resolver.h"
#include "agent/aws/arn.h"
#include "agent/base/add_once.h"
#include "agent/base/json_node.h"
#include "agent/task/log_destination.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kMostContainers = 256;  // ECS allows 10; what the platform adds is a handful

template <typename T>
void add_parsed(std::vector<T>& list, const std::optional<T>& item) {
  if (item) add_once(list, {*item});
}

void read_network(const JsonNode& network, TaskContext& context) {
  // Addresses that are none are left out: AWS's own samples hold some.
  for (const char* key : {"IPv4Addresses", "IPv6Addresses"}) {
    for (const JsonNode& item : network.at(key).items())
      add_parsed(context.source_addresses, IpAddress::parse(item.text()));
  }
  for (const char* key : {"IPv4SubnetCIDRBlock", "IPv6SubnetCIDRBlock"}) {
    add_parsed(context.subnets, Cidr::parse(network.at(key).text()));
  }
  for (const JsonNode& item : network.at("DomainNameServers").items()) {
    if (const auto address = IpAddress::parse(item.text())) {
      add_once(context.resolvers, {SocketAddress{*address, kDnsPort}});
    }
  }
  const std::string name = network.at("PrivateDNSName").text();
  if (!name.empty()) context.private_dns_name = name;
}

void read_container(const JsonNode& container, TaskContext& context) {
  for (const JsonNode& network : container.at("Networks").items()) read_network(network.object(), context);
  // Others are the platform's own (the pause container): their images do not come through the task.
  const std::string type = container.at("Type").text();
  if (!type.empty() && type != "NORMAL") return;
  ContainerContext read;
  read.name = container.at("Name").text();
  read.image = container.at("Image").text();
  read.log_driver = container.at("LogDriver").text();
  for (const auto& [key, option] : container.at("LogOptions").members()) {
    if (is_kept_log_option(key)) read.log_options[key] = option.text();
  }
  context.containers.push_back(std::move(read));
}

void read_task_arn(const std::string& text, TaskContext& context) {
  const auto arn = parse_arn(text);
  if (!arn) return;
  context.region = arn->region;
  if (is_account(arn->account)) context.account = arn->account;
}

TaskContext read_task(const JsonNode& task) {
  TaskContext context;
  context.task_arn = task.object().at("TaskARN").text();
  read_task_arn(context.task_arn, context);
  context.cluster = task.at("Cluster").text();
  context.launch_type = task.at("LaunchType").text();
  context.availability_zone = task.at("AvailabilityZone").text();
  context.availability_zone_id = task.at("AvailabilityZoneID").text();
  for (const JsonNode& container : task.at("Containers").items(kMostContainers)) {
    read_container(container.object(), context);
  }
  const JsonNode clock = task.at("ClockDrift");
  if (!clock.is_absent()) context.clock_status = clock.object().at("ClockSynchronizationStatus").text();
  return context;
}

}  // namespace

Result<TaskContext> parse_task_metadata(std::string_view text) {
  try {
    const nlohmann::json document = parse_bounded(text);
    return read_task(JsonNode{&document, ""});
  } catch (const WrongDocument& wrong) {
    return UsageError{wrong.what};
  }
}

}  // namespace vpcprobe

#include "agent/aws/known_host.h"

#include <algorithm>
#include <array>
#include <span>

namespace vpcprobe {
namespace {

bool is_below(std::string_view host, std::string_view suffix) {
  return host.size() > suffix.size() && host.ends_with(suffix) &&
         host[host.size() - suffix.size() - 1] == '.';
}

/// "s3.amazonaws.com": the name of a service without its region, as old clients write it.
std::optional<KnownHost> recognise_global(std::string_view host) {
  constexpr std::string_view region = ".{region}.{suffix}";
  for (const Partition& partition : partitions()) {
    if (!is_below(host, partition.dns_suffix)) continue;
    for (const Service& service : services()) {
      if (!service.host.ends_with(region)) continue;
      const std::string_view label = service.host.substr(0, service.host.size() - region.size());
      if (label.find('{') != std::string_view::npos) continue;
      if (host.substr(0, host.size() - partition.dns_suffix.size() - 1) == label)
        return KnownHost{&service, &partition, {}, {}};
    }
  }
  return std::nullopt;
}

/// Names of a service besides those of the catalog. {stage} stands for a number.
struct OtherName {
  std::string_view service;
  std::string_view host;
};
// Sources: DynamoDB guide, "Account-based endpoints"; S3 guide, "Legacy endpoints" and "Access points"; the
// names that DiscoverPollEndpoint gives an ECS agent outside PrivateLink.
constexpr std::array kOtherNames = std::to_array<OtherName>({
    {.service = "dynamodb", .host = "ddb.{region}.{suffix}"},
    {.service = "dynamodb", .host = "ddb.{region}.{dualstack}"},
    {.service = "s3", .host = "s3-{region}.{suffix}"},
    {.service = "s3", .host = "s3-accesspoint.{region}.{suffix}"},
    {.service = "s3", .host = "s3-control.{region}.{suffix}"},
    {.service = "ecs-agent", .host = "ecs-a-{stage}.{region}.{suffix}"},
    {.service = "ecs-telemetry", .host = "ecs-t-{stage}.{region}.{suffix}"},
});

std::optional<KnownHost> recognise_other(std::string_view host) {
  for (const OtherName& name : kOtherNames) {
    if (!host.starts_with(name.host.substr(0, name.host.find('{')))) continue;
    for (const Partition& partition : partitions()) {
      const auto values = unexpand(name.host, partition, host);
      const bool number = values && values->stage.find_first_not_of("0123456789") == std::string::npos;
      if (number) return KnownHost{find_service(name.service), &partition, {}, *values};
    }
  }
  return std::nullopt;
}

/// Names below these APIs' are of databases, brokers and file systems of the account: other hosts, on ports
/// of their own, which no endpoint of the API serves.
constexpr std::array<std::string_view, 7> kNamesResources = {
    "rds", "redshift", "redshift-serverless", "kafka", "mq", "fsx", "iot.api"};

bool names_resources(const KnownHost& known) {
  return std::find(kNamesResources.begin(), kNamesResources.end(), known.service->id) !=
         kNamesResources.end();
}

/// Whether a name that begins with `cut` may be made of the template `pattern`.
bool may_begin(std::string_view pattern, std::string_view cut) {
  if (pattern.empty()) return false;
  if (pattern.starts_with('{')) {
    const std::size_t dot = cut.find('.');
    if (dot == std::string_view::npos) return false;
    pattern.remove_prefix(pattern.find('}') + 1);
    cut.remove_prefix(dot);
  }
  const std::string_view fixed = pattern.substr(0, pattern.find('{'));
  const std::size_t shared = std::min(fixed.size(), cut.size());
  return shared > 0 && fixed.substr(0, shared) == cut.substr(0, shared);
}

/// Completes a host name that was cut off inside `suffix`, or right before it.
std::string with_suffix(std::string_view cut, std::string_view suffix) {
  for (std::size_t part = suffix.size(); part > 0; --part) {
    if (is_below(cut, suffix.substr(0, part)))
      return std::string(cut.substr(0, cut.size() - part)).append(suffix);
  }
  return std::string(cut).append(".").append(suffix);
}

/// The partition of the Region that is a label of `host`, or null.
const Partition* partition_in(std::string_view host) {
  while (!host.empty()) {
    const std::size_t dot = std::min(host.find('.'), host.size());
    const Partition* partition = find_partition(host.substr(0, dot));
    if (partition != nullptr) return partition;
    host.remove_prefix(std::min(dot + 1, host.size()));
  }
  return nullptr;
}

}  // namespace

bool is_aws_name(std::string_view host) {
  return is_below(host, "on.aws") || host == "public.ecr.aws" ||
         std::any_of(partitions().begin(), partitions().end(), [host](const Partition& row) {
           return is_below(host, row.dns_suffix) || is_below(host, row.dualstack_suffix);
         });
}

std::optional<KnownHost> recognise_aws_name(std::string host) {
  constexpr std::string_view own_name = ".vpce.";
  constexpr int most_labels = 6;
  const auto at = host.find(own_name);
  const bool of_endpoint = at != std::string::npos;
  if (of_endpoint) host.erase(at, own_name.size() - 1);
  std::string_view rest = host;
  for (int i = 0; i < most_labels && is_aws_name(rest); ++i) {
    auto known = recognise(rest);
    if (!known) known = recognise_global(rest);
    if (!known) known = recognise_other(rest);
    if (known && i > 0 && !of_endpoint && names_resources(*known)) return std::nullopt;
    if (known) return known;
    rest.remove_prefix(std::min(rest.find('.'), rest.size() - 1) + 1);
  }
  return std::nullopt;
}

std::string complete_aws_name(std::string_view cut) {
  const Partition* partition = partition_in(cut);
  if (partition == nullptr) return {};
  for (const std::string_view suffix : {partition->dns_suffix, partition->dualstack_suffix}) {
    std::string whole = with_suffix(cut, suffix);
    const auto known = recognise_aws_name(whole);
    if (known && !known->values.region.empty()) return whole;
  }
  return {};
}

bool may_begin_aws_name(std::string_view cut) {
  for (std::string_view rest = cut; !rest.empty();) {
    const bool may = std::any_of(services().begin(), services().end(), [rest](const Service& service) {
      return may_begin(service.host, rest) || may_begin(service.fips_host, rest) ||
             may_begin(service.dualstack_host, rest);
    });
    if (may) return true;
    rest.remove_prefix(std::min(rest.find('.'), rest.size() - 1) + 1);
  }
  return false;
}

}  // namespace vpcprobe

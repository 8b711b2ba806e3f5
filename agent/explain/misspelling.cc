#include "agent/explain/misspelling.h"

#include <algorithm>
#include <vector>

#include "agent/aws/known_host.h"
#include "agent/base/nearest.h"

namespace vpcprobe {
namespace {

std::vector<std::string_view> suffixes() {
  std::vector<std::string_view> all = {"on.aws"};
  for (const Partition& partition : partitions()) {
    for (const std::string_view suffix : {partition.dns_suffix, partition.dualstack_suffix}) {
      if (std::find(all.begin(), all.end(), suffix) == all.end()) all.push_back(suffix);
    }
  }
  return all;
}

bool is_known_region(std::string_view region) {
  if (ranges_hold(region)) return true;
  return std::any_of(partitions().begin(), partitions().end(), [region](const Partition& partition) {
    const auto known = list_of(partition.known_regions);
    return std::find(known.begin(), known.end(), region) != known.end();
  });
}

/// "us-east1", "eu-wset-1": a label in the place of a Region that is none.
std::optional<Misspelling> wrong_region(const NamedHost& host) {
  if (!host.region.empty() && is_known_region(host.region)) return std::nullopt;
  for (std::size_t at = 0; at < host.host.size();) {
    const std::size_t dot = std::min(host.host.find('.', at), host.host.size());
    const std::string_view label = std::string_view(host.host).substr(at, dot - at);
    const bool near_a_region = host.region.empty() || label == host.region;
    const std::string_view near = near_a_region ? nearest_region(label) : std::string_view();
    if (!near.empty() && near != label) {
      std::string meant = host.host.substr(0, at) + std::string(near) + host.host.substr(dot);
      if (recognise_aws_name(meant)) return Misspelling{host.host, std::move(meant), true};
    }
    at = dot + 1;
  }
  return std::nullopt;
}

/// Where the domain begins: behind the Region's label, else at the last two labels.
std::size_t domain_start(std::string_view host) {
  std::size_t last = 0;
  std::size_t last_but_one = 0;
  for (std::size_t at = 0; at < host.size();) {
    const std::size_t dot = std::min(host.find('.', at), host.size());
    if (find_partition(host.substr(at, dot - at)) != nullptr) return std::min(dot + 1, host.size());
    last_but_one = last;
    last = at;
    at = dot + 1;
  }
  return last_but_one;
}

}  // namespace

std::optional<Misspelling> misspelling_in(const NamedHost& host) {
  if (host.aws) return wrong_region(host);
  const std::size_t start = domain_start(host.host);
  const auto known = suffixes();
  const std::string_view near = nearest(std::string_view(host.host).substr(start), known);
  if (near.empty()) return std::nullopt;
  std::string meant = host.host.substr(0, start) + std::string(near);
  if (!recognise_aws_name(meant)) return std::nullopt;
  return Misspelling{host.host, std::move(meant), false};
}

}  // namespace vpcprobe

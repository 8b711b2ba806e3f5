// Fixes of security groups and network ACLs: the least change first, with the ids that were seen.
#include <algorithm>
#include <set>

#include "agent/base/words.h"
#include "agent/doctor/fault.h"
#include "agent/doctor/match.h"

namespace vpcprobe {
namespace {

using Changes = std::vector<Change>;

std::string permission(std::uint16_t port, const std::string& peers) {
  const std::string number = std::to_string(port);
  return shell_word("IpProtocol=tcp,FromPort=" + number + ",ToPort=" + number + "," + peers);
}

std::string range_permission(const Cidr& range) {
  const bool is_ipv6 = range.base.family == Family::ipv6;
  return is_ipv6 ? "Ipv6Ranges=[{CidrIpv6=" + range.to_string() + "}]"
                 : "IpRanges=[{CidrIp=" + range.to_string() + "}]";
}

/// Peers of the packets by what a rule can name.
struct Peers {
  std::vector<std::string> groups;
  std::vector<Cidr> ranges;  ///< of subnets, or single addresses
  std::set<std::string> public_services;
  std::uint16_t port = 443;
};

/// All that DNS64 makes up: one rule for it, not one for each address.
Cidr nat64_range() { return Cidr::parse("64:ff9b::/96").value(); }

template <typename T>
void add_new(std::vector<T>& list, const T& item) {
  if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
}

Cidr anywhere(Family family) {
  Cidr range;
  range.base.family = family;
  return range;
}

Cidr range_of(const Configuration& configuration, const std::string& subnet, const Cidr& within) {
  const Subnet* found = configuration.subnets.find(subnet);
  if (found == nullptr) return within;
  for (const Cidr& range : found->ranges)
    if (range.contains(within.base)) return range;
  return within;
}

Peers peers_of(const Configuration& configuration, const Fault& fault) {
  Peers peers;
  for (const Judged* judged : fault.judged) {
    const Packet& packet = judged->packet;
    peers.port = packet.port;
    if (behind_nat64(packet.peer.within.base)) {
      add_new(peers.ranges, nat64_range());
    } else if (leads_to_internet(*judged)) {
      add_new(peers.ranges, anywhere(packet.peer.within.base.family));  // public addresses change
    } else if (packet.peer.is_public && packet.peer_subnet.empty()) {
      peers.public_services.insert(packet.service);
    } else if (packet.peer.groups && !packet.peer.groups->empty()) {
      add_new(peers.groups, packet.peer.groups->front());
    } else {
      add_new(peers.ranges, range_of(configuration, packet.peer_subnet, packet.peer.within));
    }
  }
  return peers;
}

/// The prefix list of a gateway endpoint's service; empty where it was not read.
std::string prefix_list_of(const Configuration& configuration, const std::string& service) {
  for (const auto& [id, list] : configuration.prefix_lists.by_id)
    if (!service.empty() && list.name == service) return id;
  for (const auto& [id, table] : configuration.route_tables.by_id) {
    for (const Route& route : table.routes.value_or(std::vector<Route>{})) {
      const VpcEndpoint* endpoint = configuration.endpoints.find(route.target);
      if (route.kind == RouteTarget::gateway_endpoint && endpoint != nullptr && endpoint->service == service)
        return route.prefix_list;
    }
  }
  return {};
}

bool expects_gateway(const Judged& judged) { return judged.endpoint->expects == "gateway"; }

}  // namespace

bool leads_to_internet(const Judged& judged) {
  const auto is_gateway = [](const PathHop& hop) {
    return hop.kind == HopKind::nat_gateway || hop.kind == HopKind::internet_gateway;
  };
  return judged.packet.peer.is_public && std::any_of(judged.hops.begin(), judged.hops.end(), is_gateway);
}

namespace {

/// What a rule must name, and in words.
struct Named {
  std::vector<std::string> permissions, words;
};

void name_public(const Configuration& configuration, const Fault& fault, const Peers& peers, Named& named) {
  for (const std::string& service : peers.public_services) {
    const bool has_list = std::any_of(fault.judged.begin(), fault.judged.end(), [&](const Judged* judged) {
      return judged->packet.service == service && expects_gateway(*judged);
    });
    if (!has_list) continue;
    const std::string list = prefix_list_of(configuration, service);
    named.permissions.push_back("PrefixListIds=[{PrefixListId=" + (list.empty() ? "<prefix-list-id>" : list) +
                                "}]");
    named.words.push_back("the prefix list of " + service);
  }
}

}  // namespace

std::vector<Change> open_egress(const Configuration& configuration, const Who& who, const Fault& fault) {
  const Peers peers = peers_of(configuration, fault);
  Named named;
  for (const std::string& group : peers.groups) {
    named.permissions.push_back("UserIdGroupPairs=[{GroupId=" + group + "}]");
    named.words.push_back(group);
  }
  for (const Cidr& range : peers.ranges) {
    named.permissions.push_back(range_permission(range));
    named.words.push_back(range.to_string());
  }
  name_public(configuration, fault, peers, named);
  if (named.permissions.empty()) return create_endpoints(configuration, who, fault);
  std::string command = aws_command(who, "ec2 authorize-security-group-egress") + " --group-id " +
                        fault.hop.id + " --ip-permissions";
  for (const std::string& peer : named.permissions) command += " " + permission(peers.port, peer);
  return {{"allow the task's group to send " + port_words({peers.port, peers.port}) + " to " +
               enumerate(named.words, 6),
           command}};
}

namespace {

/// DNS64 leads the task to the NAT gateway, whose address the endpoint's group has to let in.
Changes open_ingress_to_gateway(const Configuration& configuration, const Who& who, const Packet& packet,
                                const std::string& start) {
  Changes changes;
  const RouteChoice choice = choose_route(configuration, packet, packet.subnet);
  const NatGateway* gateway = choice.route ? configuration.nat_gateways.find(choice.route->target) : nullptr;
  for (const IpAddress& own : gateway == nullptr ? std::vector<IpAddress>{} : gateway->addresses)
    if (changes.empty())
      changes.push_back({"allow " + std::to_string(packet.port) + " from the NAT gateway " + gateway->id,
                         start + " --protocol tcp --port " + std::to_string(packet.port) + " --cidr " +
                             own.to_string() + "/32"});
  add_dns64_off(changes, who, packet.subnet);
  return changes;
}

}  // namespace

std::vector<Change> open_ingress(const Configuration& configuration, const Who& who, const Fault& fault) {
  const Packet& packet = fault.judged.front()->packet;
  const std::string start =
      aws_command(who, "ec2 authorize-security-group-ingress") + " --group-id " + fault.hop.id;
  if (behind_nat64(packet.peer.within.base))
    return open_ingress_to_gateway(configuration, who, packet, start);
  Changes changes;
  const std::string port = std::to_string(packet.port);
  if (packet.task.groups && !packet.task.groups->empty())
    changes.push_back(
        {"allow " + port + " from the task's security group",
         start + " --protocol tcp --port " + port + " --source-group " + packet.task.groups->front()});
  const Cidr range = range_of(configuration, packet.subnet, packet.task.within);
  const bool is_ipv6 = range.base.family == Family::ipv6;
  if (range.prefix > 0)
    changes.push_back(
        {std::string(changes.empty() ? "allow " : "or allow ") + port + " from the task's subnet",
         start + (is_ipv6 ? " --ip-permissions " + permission(packet.port, range_permission(range))
                          : " --protocol tcp --port " + port + " --cidr " + range.to_string())});
  return changes;
}

namespace {

constexpr int kLastEntry = 32767;  ///< the final one, which denies what no other matches

/// Numbers of an ACL's entries in one direction.
std::set<int> numbers_of(const NetworkAcl& acl, bool egress) {
  std::set<int> numbers;
  for (const AclEntry& entry : acl.entries.value_or(std::vector<AclEntry>{}))
    if (entry.egress == egress) numbers.insert(entry.number);
  return numbers;
}

/// The highest free number before the entry that denies; right behind the last entry where that is the final
/// one. 0 where none is free.
int free_number(const std::set<int>& numbers, int before) {
  constexpr int step = 10;
  if (before == kLastEntry) {
    const auto end = numbers.lower_bound(kLastEntry);
    const int highest = end == numbers.begin() ? 0 : *std::prev(end);
    if (highest + step < kLastEntry) return highest + step;
  }
  for (int number = before - 1; number > 0; --number)
    if (!numbers.contains(number)) return number;
  return 0;
}

/// The widest known range that each gap may open: the other subnet, or the service's ranges around an
/// address.
std::vector<Cidr> ranges_of_gaps(const Configuration& configuration, const Fault& fault) {
  std::vector<Cidr> ranges;
  for (const AclGap& gap : fault.gaps) {
    Cidr range = behind_nat64(gap.peer.base) ? nat64_range() : gap.peer;
    const bool is_any = gap.before == kLastEntry && scope_of(gap.peer.base, {}) == Scope::public_ &&
                        range.prefix == range.base.bits();
    if (is_any) range = anywhere(range.base.family);  // public addresses change
    for (const auto& [id, subnet] : configuration.subnets.by_id)
      for (const Cidr& own : subnet.ranges)
        if (own.contains(gap.peer.base) && (subnet.vpc == fault.judged.front()->packet.vpc)) range = own;
    for (const auto& [id, list] : configuration.prefix_lists.by_id)
      for (const Cidr& listed : list.ranges.value_or(std::vector<Cidr>{}))
        if (listed.contains(gap.peer.base) && list.name.starts_with("com.amazonaws.")) range = listed;
    add_new(ranges, range);
  }
  return ranges;
}

}  // namespace

std::vector<Change> open_acl(const Configuration& configuration, const Who& who, const Fault& fault) {
  const NetworkAcl* acl = configuration.acls.find(fault.hop.id);
  if (acl == nullptr || fault.gaps.empty()) return {};
  const AclGap& first = fault.gaps.front();
  std::set<int> numbers = numbers_of(*acl, first.egress);
  int before = first.before;
  for (const AclGap& gap : fault.gaps) before = std::min(before, gap.before);
  std::string command;
  std::vector<std::string> ranges;
  for (const Cidr& range : ranges_of_gaps(configuration, fault)) {
    const int number = free_number(numbers, before);
    if (number == 0)
      return {{"no entry number below " + std::to_string(before) + " is free: renumber the entries", ""}};
    numbers.insert(number);
    const bool is_ipv6 = range.base.family == Family::ipv6;
    command +=
        (command.empty() ? "" : " && ") + aws_command(who, "ec2 create-network-acl-entry") +
        " --network-acl-id " + acl->id + (first.egress ? " --egress" : " --ingress") + " --rule-number " +
        std::to_string(number) + " --protocol 6 --port-range From=" + std::to_string(first.ports.from) +
        ",To=" + std::to_string(first.ports.to) + (is_ipv6 ? " --ipv6-cidr-block " : " --cidr-block ") +
        range.to_string() + " --rule-action allow";
    ranges.push_back(range.to_string());
  }
  return {{"allow " + port_words(first.ports) + (first.egress ? " to " : " from ") + enumerate(ranges, 6) +
               " before entry " + (before == kLastEntry ? "*" : std::to_string(before)),
           command}};
}

}  // namespace vpcprobe

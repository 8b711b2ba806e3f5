// Route tables: the longest prefix wins; of equal ones a static range, a prefix list, a propagated range.
#include <algorithm>
#include <cctype>

#include "agent/doctor/hops.h"
#include "agent/doctor/match.h"

namespace vpcprobe {
namespace {

struct TableChoice {
  const RouteTable* table = nullptr;
  std::string by;  ///< why it is this one, or why none is known
};

TableChoice table_of(const Configuration& configuration, const std::string& vpc, const std::string& subnet) {
  const auto& tables = configuration.route_tables;
  const RouteTable* main = nullptr;
  for (const auto& [id, table] : tables.by_id) {
    if (std::find(table.subnets.begin(), table.subnets.end(), subnet) != table.subnets.end())
      return {&table, "the table of " + subnet};
    if (table.is_main && table.vpc == vpc) main = &table;
  }
  const bool is_implicit = main != nullptr && !subnet.empty() && is_whole(configuration, tables, vpc);
  if (is_implicit) return {main, "the main table of " + vpc};
  return {nullptr, "the route table of " + (subnet.empty() ? std::string("the subnet") : subnet) + ": " +
                       why_not_seen("RouteTables", tables)};
}

/// "com.amazonaws.eu-west-1.s3" → "S3 eu-west-1", as AWS publishes its ranges.
std::string published_owner(const std::string& service) {
  const std::size_t name = service.rfind('.');
  if (name == std::string::npos || name == 0) return {};
  const std::size_t region = service.rfind('.', name - 1);
  if (region == std::string::npos) return {};
  std::string owner = service.substr(name + 1);
  for (char& c : owner) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return owner + " " + service.substr(region + 1, name - region - 1);
}

struct Candidate {
  Match match = Match::no;
  int prefix = 0;
};

/// A route to a prefix list whose entries were not read: a gateway endpoint has those of its service.
Candidate by_service(const Configuration& configuration, const Packet& packet, const Route& route) {
  const VpcEndpoint* endpoint = configuration.endpoints.find(route.target);
  if (route.kind != RouteTarget::gateway_endpoint) return {Match::unknown, packet.peer.within.base.bits()};
  if (behind_nat64(packet.peer.within.base)) return {};  // made up by DNS64, so no service's own
  if (!packet.peer.is_public) return {};
  if (endpoint == nullptr) return {Match::unknown, packet.peer.within.base.bits()};
  const bool is_of_service = packet.peer.within.prefix == 0
                                 ? endpoint->service == packet.service
                                 : published_owner(endpoint->service) == packet.owner;
  if (is_of_service) return {Match::yes, 1};
  return {packet.service.empty() || endpoint->service == packet.service ? Match::unknown : Match::no, 1};
}

Candidate candidate(const Configuration& configuration, const Packet& packet, const Route& route) {
  if (route.range) return {in_range(*route.range, packet.peer), route.range->prefix};
  if (route.prefix_list.empty()) return {Match::unknown, packet.peer.within.base.bits()};
  const Match match = in_prefix_list(configuration, route.prefix_list, packet.peer);
  if (match == Match::yes)
    return {match, longest_prefix(configuration, route.prefix_list, packet.peer).value_or(0)};
  return match == Match::unknown ? by_service(configuration, packet, route) : Candidate{};
}

std::string route_words(const Route& route) {
  return (route.range ? route.range->to_string() : route.prefix_list) + " -> " + route.target;
}

/// Of routes with the same prefix: a static range, then a prefix list, then a propagated range (AWS: "Route
/// priority").
int rank(const Route& route) {
  if (route.propagated) return 0;
  return route.range ? 2 : 1;
}

/// The better of two routes that match.
bool is_better(const Candidate& candidate, const Route& route, int best, const Route* chosen) {
  if (chosen == nullptr || candidate.prefix != best) return chosen == nullptr || candidate.prefix > best;
  return rank(route) > rank(*chosen);
}

}  // namespace

RouteChoice choose_route(const Configuration& configuration, const Packet& packet,
                         const std::string& subnet) {
  constexpr HopKind kind = HopKind::route;
  const TableChoice choice = table_of(configuration, packet.vpc, subnet);
  if (choice.table == nullptr) return {unknown(kind, "", choice.by)};
  const RouteTable& table = *choice.table;
  if (!table.routes) return {unknown(kind, table.id, "its routes were not read"), &table};
  const Route* chosen = nullptr;
  const Route* doubtful = nullptr;
  int best = -1;
  int doubt = -1;
  for (const Route& route : *table.routes) {
    const Candidate found = candidate(configuration, packet, route);
    if (found.match == Match::unknown && found.prefix > doubt) {
      doubtful = &route;
      doubt = found.prefix;
    }
    if (found.match != Match::yes || !is_better(found, route, best, chosen)) continue;
    chosen = &route;
    best = found.prefix;
  }
  const std::string to = peer_words(packet.peer);
  if (doubtful != nullptr && doubt > best)
    return {unknown(kind, table.id,
                    "whether " + route_words(*doubtful) + " takes " + to + " cannot be judged here"),
            &table};
  if (chosen == nullptr)
    return {denies(kind, table.id, "no route to " + to + " in " + choice.by, Block::no_route), &table};
  const std::string words = route_words(*chosen) + " (" + choice.by + ")";
  const bool leads_out =
      chosen->kind == RouteTarget::internet_gateway || chosen->kind == RouteTarget::egress_only_gateway;
  if (leads_out && behind_nat64(packet.peer.within.base))
    return {
        denies(kind, table.id,
               words + " takes " + to + ", which DNS64 makes up: only a NAT gateway translates 64:ff9b::/96",
               Block::no_route),
        &table, *chosen};
  if (chosen->state == "blackhole")
    return {denies(kind, table.id, words + " is a blackhole: its target is gone", Block::blackhole), &table,
            *chosen};
  const bool is_active = chosen->state.empty() || chosen->state == "active";
  if (!is_active)
    return {unknown(kind, table.id, words + " has the state " + chosen->state), &table, *chosen};
  return {allows(kind, table.id, words), &table, *chosen};
}

}  // namespace vpcprobe

#include "agent/doctor/explain_finding.h"

#include <algorithm>
#include <array>
#include <set>

#include "agent/aws/amazon_resolver.h"
#include "agent/base/words.h"
#include "agent/doctor/policy.h"

namespace vpcprobe {
namespace {

/// Which hops can be behind a code.
enum class About : std::uint8_t { answer, name, resolver, mixture, connection, policy, zones };

struct CodeRow {
  std::string_view code;
  About about;
};
constexpr std::array kCodes = std::to_array<CodeRow>({
    {"private-name-missing", About::answer},
    {"no-private-names", About::answer},
    {"public-path", About::answer},
    {"mixed-answers", About::mixture},
    {"resolvers-disagree", About::mixture},
    {"answer-not-aws", About::name},
    {"name-overridden", About::name},
    {"name-not-found", About::name},
    {"name-empty", About::name},
    {"name-server-failure", About::resolver},
    {"name-timeout", About::resolver},
    {"answer-truncated", About::resolver},
    {"resolver-silent", About::resolver},
    {"resolver-partial", About::resolver},
    {"all-filtered", About::connection},
    {"interface-endpoints-filtered", About::connection},
    {"zone-filtered", About::connection},
    {"gateway-route-missing", About::connection},
    {"endpoint-filtered", About::connection},
    {"no-route", About::connection},
    {"network-unreachable", About::connection},
    {"layer-unreachable", About::connection},
    {"denied-endpoint-policy", About::policy},
    {"denied-identity-policy", About::policy},
    {"single-zone-endpoint", About::zones},
    {"zone-not-covered", About::zones},
});

struct KindRow {
  HopKind kind;
  /// For an answer, a name, a resolver, a mixture. A mixture has private addresses: private DNS is on.
  std::array<bool, 4> counts;
};
constexpr std::array<KindRow, 6> kNameKinds{{{HopKind::vpc_attributes, {true, true, true, false}},
                                             {HopKind::endpoint_private_dns, {true, false, false, false}},
                                             {HopKind::hosted_zone, {true, true, false, true}},
                                             {HopKind::resolver_rule, {true, true, true, true}},
                                             {HopKind::dhcp_options, {true, true, true, true}},
                                             {HopKind::dns_firewall, {false, true, false, false}}}};

bool counts(const PathHop& hop, About about) {
  const bool is_support_only = about != About::answer && hop.kind == HopKind::vpc_attributes;
  if (is_support_only && hop.by.starts_with("enableDnsHostnames")) return false;
  const HopKind kind = hop.kind == HopKind::endpoint ? HopKind::endpoint_private_dns : hop.kind;
  return std::any_of(kNameKinds.begin(), kNameKinds.end(), [&](const KindRow& row) {
    return row.kind == kind && row.counts.at(static_cast<std::size_t>(about));
  });
}

bool covers(const Finding& finding, const std::string& endpoint) {
  if (!finding.endpoint.empty()) return finding.endpoint == endpoint;
  const auto& list = finding.covers;
  return list.empty() || std::find(list.begin(), list.end(), endpoint) != list.end();
}

void add_fault(std::vector<Fault>& faults, const Finding& finding, const Judged& judged, const PathHop& hop,
               std::size_t position) {
  const auto same = std::find_if(faults.begin(), faults.end(), [&](const Fault& other) {
    const bool same_side = !hop.gap || (other.hop.gap && other.hop.gap->egress == hop.gap->egress &&
                                        other.hop.gap->ports.from == hop.gap->ports.from);
    return other.hop.block == hop.block && other.hop.id == hop.id && same_side;
  });
  const bool is_new = same == faults.end();
  Fault& fault = is_new ? faults.emplace_back() : *same;
  if (is_new) {
    fault.finding = &finding;
    fault.hop = hop;
    fault.position = position;
  }
  fault.position = std::min(fault.position, position);
  fault.hop.partial = fault.hop.partial && hop.partial;
  fault.judged.push_back(&judged);
  if (hop.gap) fault.gaps.push_back(*hop.gap);
}

/// What is behind a finding, as far as hops say.
struct Behind {
  std::vector<Fault> faults;
  std::vector<std::string> doubts;  ///< why hops are unknown
  bool has_hops = false;
};

void add_doubt(Behind& behind, const PathHop& hop) {
  const std::string text = (hop.id.empty() ? std::string(to_string(hop.kind)) : hop.id) + ": " + hop.by;
  if (std::find(behind.doubts.begin(), behind.doubts.end(), text) == behind.doubts.end())
    behind.doubts.push_back(text);
}

bool is_of_finding(const Finding& finding, const Judged& judged) {
  if (!covers(finding, judged.endpoint->id) || judged.measured == "connects" || judged.hops.empty())
    return false;
  const auto& list = finding.addresses;
  const std::string address = peer_words(judged.packet.peer);
  return list.empty() || std::find(list.begin(), list.end(), address) != list.end();
}

Behind behind_connection(const Inside& inside, const Finding& finding) {
  Behind behind;
  for (const Judged& judged : inside.judged) {
    if (!is_of_finding(finding, judged)) continue;
    behind.has_hops = true;
    for (std::size_t i = 0; i < judged.hops.size(); ++i) {
      const PathHop& hop = judged.hops[i];
      if (hop.verdict == HopVerdict::denies) add_fault(behind.faults, finding, judged, hop, i);
      if (hop.verdict == HopVerdict::unknown) add_doubt(behind, hop);
    }
  }
  std::stable_sort(behind.faults.begin(), behind.faults.end(),
                   [](const Fault& left, const Fault& right) { return left.position < right.position; });
  return behind;
}

/// The host whose name is in question: of the endpoint, or where a registry sends the pull.
std::string host_of(const Finding& finding, const EndpointReport& endpoint) {
  const std::string next = evidence_text(finding, "hop_host");
  return next.empty() ? endpoint.host : next;
}

/// A gateway endpoint has no name: a finding about all names is about the other endpoints.
bool has_name_in_question(const Finding& finding, const EndpointReport& endpoint, About about) {
  const bool is_shared_answer = about == About::answer && finding.endpoint.empty();
  return covers(finding, endpoint.id) && (!is_shared_answer || endpoint.expects == "interface");
}

/// Each endpoint once: a name does not depend on the address.
Behind behind_name(const Inside& inside, const Finding& finding, About about) {
  Behind behind;
  Behind suspects;
  std::set<std::string> done;
  for (const Judged& judged : inside.judged) {
    if (!has_name_in_question(finding, *judged.endpoint, about)) continue;
    if (!done.insert(judged.endpoint->id).second) continue;
    const std::vector<PathHop> hops = judge_name(inside.configuration, inside.who.vpc,
                                                 host_of(finding, *judged.endpoint), judged.packet.service);
    for (std::size_t i = 0; i < hops.size(); ++i) {
      const PathHop& hop = hops[i];
      if (!counts(hop, about)) continue;
      behind.has_hops = true;
      const bool is_suspect = hop.verdict == HopVerdict::unknown && hop.block != Block::none;
      if (hop.verdict == HopVerdict::denies) add_fault(behind.faults, finding, judged, hop, i);
      if (is_suspect) add_fault(suspects.faults, finding, judged, hop, i);
      if (hop.verdict == HopVerdict::unknown && !is_suspect) add_doubt(behind, hop);
    }
  }
  // Suspects are at fault only where everything else is known to be right.
  if (behind.faults.empty() && behind.doubts.empty()) behind.faults = std::move(suspects.faults);
  for (const Fault& fault : suspects.faults) add_doubt(behind, fault.hop);
  std::stable_sort(behind.faults.begin(), behind.faults.end(),
                   [](const Fault& left, const Fault& right) { return left.position < right.position; });
  return behind;
}

/// Resolvers of the report that certainly are not Amazon's.
std::vector<std::string> other_resolvers(const Report& report) {
  std::vector<std::string> others;
  for (const std::string& text : report.context.resolvers) {
    const auto resolver = SocketAddress::parse(text, kDnsPort);
    if (resolver && !may_be_amazon_resolver(resolver->address))
      others.push_back(resolver->address.to_string());
  }
  return others;
}

void add_contradiction(const Inside& inside, const Finding& finding, About about, Diagnosis& diagnosis) {
  Contradiction contradiction{"configuration-allows", finding.code, finding.endpoint, finding.addresses, ""};
  const std::vector<std::string> others = other_resolvers(inside.report);
  if (about == About::connection)
    contradiction.why =
        "everything that was read allows these packets, and they vanish: the configuration changed since, "
        "the task "
        "has other groups or another subnet than were given, or something inside the task drops them";
  else if (!others.empty())
    contradiction.why = "the VPC's DNS settings are right, but the task asks " + enumerate(others, 3) +
                        ", which the DHCP options do not name: see dnsServers in the task definition";
  else
    contradiction.why =
        "the VPC's DNS settings are right, and the answers are wrong: a change of private DNS takes some "
        "minutes, or "
        "the resolver has a fault that is not read here";
  diagnosis.disagreements.push_back(std::move(contradiction));
}

void conclude(const Inside& inside, const Finding& finding, About about, const Behind& behind,
              Diagnosis& diagnosis) {
  for (const Fault& fault : behind.faults)
    diagnosis.culprits.push_back(describe(inside.configuration, inside.who, fault));
  if (!behind.faults.empty()) return;
  if (!behind.doubts.empty() || !behind.has_hops) {
    const std::string why = behind.has_hops ? enumerate(behind.doubts, 3) : "no path of it was judged";
    diagnosis.unexplained.push_back({finding.code, finding.endpoint, why, true});
  } else {
    add_contradiction(inside, finding, about, diagnosis);
  }
}

void explain_policy(const Inside& inside, const Finding& finding, Diagnosis& diagnosis) {
  Unexplained why_not{finding.code, finding.endpoint, ""};
  auto culprit = policy_culprit(inside.configuration, inside.report, inside.who, finding, why_not);
  if (culprit)
    diagnosis.culprits.push_back(std::move(*culprit));
  else
    diagnosis.unexplained.push_back(std::move(why_not));
}

/// Subnets in which the VPC has other interface endpoints.
std::vector<std::string> subnets_of_others(const Configuration& configuration, const VpcEndpoint& endpoint) {
  std::vector<std::string> subnets;
  for (const auto& [id, other] : configuration.endpoints.by_id) {
    const bool is_like = other.kind == EndpointKind::interface && other.vpc == endpoint.vpc && other.subnets;
    if (is_like && id != endpoint.id)
      subnets.insert(subnets.end(), other.subnets->begin(), other.subnets->end());
  }
  return subnets;
}

/// Those of `subnets` that lie in zones where the endpoint has none, one of each zone.
std::vector<std::string> uncovered(const Configuration& configuration,
                                   const std::vector<std::string>& subnets, const VpcEndpoint& endpoint) {
  std::set<std::string> zones;
  for (const std::string& id : endpoint.subnets.value_or(std::vector<std::string>{})) {
    const Subnet* subnet = configuration.subnets.find(id);
    if (subnet == nullptr) return {};
    zones.insert(subnet->zone);
  }
  std::vector<std::string> missing;
  for (const std::string& id : subnets) {
    const Subnet* subnet = configuration.subnets.find(id);
    if (subnet != nullptr && !subnet->zone.empty() && zones.insert(subnet->zone).second)
      missing.push_back(id);
  }
  return missing;
}

void explain_zones(const Inside& inside, const Finding& finding, Diagnosis& diagnosis) {
  std::set<std::string> done;
  for (const Judged& judged : inside.judged) {
    const VpcEndpoint* endpoint = judged.packet.endpoint;
    if (endpoint == nullptr || !covers(finding, judged.endpoint->id) || !endpoint->subnets) continue;
    if (!done.insert(endpoint->id).second) continue;
    const bool is_of_task = finding.code == "zone-not-covered";
    const std::vector<std::string> missing = uncovered(
        inside.configuration,
        is_of_task ? inside.who.subnets : subnets_of_others(inside.configuration, *endpoint), *endpoint);
    if (missing.empty()) continue;
    const Subnet* subnet = inside.configuration.subnets.find(missing.front());
    Culprit culprit;
    culprit.finding = finding.code;
    culprit.endpoint = finding.endpoint;
    culprit.endpoints = {judged.endpoint->id};
    culprit.resource = {"vpc-endpoint", endpoint->id, endpoint->name};
    culprit.rule = "no subnet in " + subnet->zone;
    culprit.why = is_of_task ? "the task's zone has no address of the endpoint: its traffic crosses zones"
                             : "one zone has all addresses of the endpoint: they fail together";
    culprit.fixes = {{is_of_task ? "add the task's subnet to the endpoint"
                                 : "add a subnet of another zone, where other endpoints are",
                      aws_command(inside.who, "ec2 modify-vpc-endpoint") + " --vpc-endpoint-id " +
                          endpoint->id + " --add-subnet-ids " + missing.front()}};
    diagnosis.culprits.push_back(std::move(culprit));
  }
}

bool in_vpc(const Configuration& configuration, const std::string& vpc, const IpAddress& address) {
  const Vpc* own = configuration.vpcs.find(vpc);
  return own != nullptr && std::any_of(own->ranges.begin(), own->ranges.end(),
                                       [&](const Cidr& range) { return range.contains(address); });
}

/// Addresses that look foreign from inside and lie in a range of the VPC.
bool is_answer_of_vpc(const Inside& inside, const Finding& finding) {
  if (finding.code != "answer-not-aws") return false;
  std::size_t judged = 0;
  for (const Judged& one : inside.judged) {
    if (!covers(finding, one.endpoint->id) || one.hops.empty()) continue;
    if (one.endpoint->expects == "gateway" && finding.endpoint.empty()) continue;
    if (!in_vpc(inside.configuration, inside.who.vpc, one.packet.peer.within.base)) return false;
    ++judged;
  }
  return judged > 0;
}

void explain_own_range(const Inside& inside, const Finding& finding, Diagnosis& diagnosis) {
  std::string ranges;
  for (const Cidr& range : inside.configuration.vpcs.find(inside.who.vpc)->ranges)
    ranges += (ranges.empty() ? "" : ",") + range.to_string();
  diagnosis.unexplained.push_back(
      {finding.code, finding.endpoint,
       "the addresses lie in the VPC, and the answers are right: run the probe with --vpc-cidr " + ranges});
}

/// What on the path can do it, as far as the configuration names it.
std::string through_words(const Inside& inside, const Finding& finding) {
  std::vector<std::string> through;
  for (const Judged& judged : inside.judged) {
    if (!covers(finding, judged.endpoint->id)) continue;
    for (const PathHop& hop : judged.hops) {
      const bool is_foreign = hop.kind == HopKind::appliance || hop.kind == HopKind::transit_gateway ||
                              hop.kind == HopKind::peering;
      if (is_foreign && std::find(through.begin(), through.end(), hop.id) == through.end())
        through.push_back(hop.id);
    }
  }
  return through.empty() ? "" : "; the path leads through " + enumerate(through, 3) + ", which can";
}

}  // namespace

bool is_explained(std::string_view code) {
  return std::any_of(kCodes.begin(), kCodes.end(), [code](const CodeRow& row) { return row.code == code; });
}

void explain_finding(const Inside& inside, const Finding& finding, Diagnosis& diagnosis) {
  const auto row = std::find_if(kCodes.begin(), kCodes.end(),
                                [&](const CodeRow& code) { return code.code == finding.code; });
  if (!finding.masked_by.empty() || finding.severity == Severity::note) return;
  if (row == kCodes.end()) {
    if (finding.severity == Severity::error)
      diagnosis.unexplained.push_back(
          {finding.code, finding.endpoint,
           "groups, network ACLs, routes and DNS settings do not cause it" + through_words(inside, finding)});
    return;
  }
  if (row->about == About::policy) return explain_policy(inside, finding, diagnosis);
  if (row->about == About::zones) return explain_zones(inside, finding, diagnosis);
  if (is_answer_of_vpc(inside, finding)) return explain_own_range(inside, finding, diagnosis);
  const About about = evidence_true(finding, "unresolved") ? About::name : row->about;
  const Behind behind =
      about == About::connection ? behind_connection(inside, finding) : behind_name(inside, finding, about);
  conclude(inside, finding, about, behind, diagnosis);
}

}  // namespace vpcprobe

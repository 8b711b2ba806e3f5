#include "agent/doctor/explain_finding.h"

#include <algorithm>
#include <array>
#include <set>

#include "agent/aws/amazon_resolver.h"
#include "agent/base/words.h"
#include "agent/doctor/behind.h"
#include "agent/doctor/policy.h"

namespace vpcprobe {
namespace {

struct CodeRow {
  std::string_view code;
  FindingAbout about;
};
constexpr std::array kCodes = std::to_array<CodeRow>({
    {"private-name-missing", FindingAbout::answer},
    {"no-private-names", FindingAbout::answer},
    {"public-path", FindingAbout::answer},
    {"mixed-answers", FindingAbout::mixture},
    {"resolvers-disagree", FindingAbout::mixture},
    {"answer-not-aws", FindingAbout::name},
    {"name-overridden", FindingAbout::name},
    {"name-not-found", FindingAbout::name},
    {"name-empty", FindingAbout::name},
    {"name-server-failure", FindingAbout::resolver},
    {"name-timeout", FindingAbout::resolver},
    {"answer-truncated", FindingAbout::resolver},
    {"resolver-silent", FindingAbout::resolver},
    {"resolver-partial", FindingAbout::resolver},
    {"all-filtered", FindingAbout::connection},
    {"interface-endpoints-filtered", FindingAbout::connection},
    {"zone-filtered", FindingAbout::connection},
    {"gateway-route-missing", FindingAbout::connection},
    {"endpoint-filtered", FindingAbout::connection},
    {"no-route", FindingAbout::connection},
    {"network-unreachable", FindingAbout::connection},
    {"layer-unreachable", FindingAbout::connection},
    {"endpoint-refused", FindingAbout::peer},
    {"tls-not-spoken", FindingAbout::peer},
    {"certificate-untrusted", FindingAbout::peer},
    {"certificate-name-mismatch", FindingAbout::peer},
    {"http-not-aws", FindingAbout::peer},
    {"denied-endpoint-policy", FindingAbout::policy},
    {"denied-identity-policy", FindingAbout::policy},
    {"single-zone-endpoint", FindingAbout::zones},
    {"zone-not-covered", FindingAbout::zones},
});

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

void add_contradiction(const Inside& inside, const Finding& finding, FindingAbout about,
                       Diagnosis& diagnosis) {
  Contradiction contradiction{"configuration-allows", finding.code, finding.endpoint, finding.addresses, ""};
  const std::vector<std::string> others = other_resolvers(inside.report);
  if (about == FindingAbout::connection)
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

void conclude(const Inside& inside, const Finding& finding, FindingAbout about, const Behind& behind,
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

/// Another host answers: by a name that leads to it, else by something on the path.
void explain_peer(const Inside& inside, const Finding& finding, Diagnosis& diagnosis) {
  const Elsewhere found = elsewhere(inside, finding, FindingAbout::peer);
  Behind behind;
  if (found.match == Match::yes) behind = behind_elsewhere(inside, finding, found);
  if (!behind.faults.empty()) return conclude(inside, finding, FindingAbout::peer, behind, diagnosis);
  std::string why = "groups, network ACLs, routes and DNS settings do not cause it";
  if (found.match == Match::unknown)
    for (const Fault& fault : behind_name(inside, finding, FindingAbout::name).faults)
      add_doubt(behind, fault.hop);
  if (!behind.doubts.empty())
    why = "groups, network ACLs and routes do not cause it; " +
          std::string(found.match == Match::yes ? "the name may get its address here: "
                                                : "whose address it is was not read, and ") +
          enumerate(behind.doubts, 3);
  diagnosis.unexplained.push_back({finding.code, finding.endpoint, why + through_words(inside, finding)});
}

}  // namespace

bool is_explained(std::string_view code) {
  return std::any_of(kCodes.begin(), kCodes.end(), [code](const CodeRow& row) {
    return row.code == code && row.about != FindingAbout::peer;
  });
}

void explain_finding(const Inside& inside, const Finding& finding, Diagnosis& diagnosis) {
  const auto row = std::find_if(kCodes.begin(), kCodes.end(),
                                [&](const CodeRow& code) { return code.code == finding.code; });
  if (!finding.masked_by.empty() || finding.severity == Severity::note) return;
  const bool is_error = finding.severity == Severity::error;
  if (row == kCodes.end()) {
    if (is_error)
      diagnosis.unexplained.push_back(
          {finding.code, finding.endpoint,
           "groups, network ACLs, routes and DNS settings do not cause it" + through_words(inside, finding)});
    return;
  }
  if (row->about == FindingAbout::peer) return is_error ? explain_peer(inside, finding, diagnosis) : void();
  if (row->about == FindingAbout::policy) return explain_policy(inside, finding, diagnosis);
  if (row->about == FindingAbout::zones) return explain_zones(inside, finding, diagnosis);
  if (is_answer_of_vpc(inside, finding)) return explain_own_range(inside, finding, diagnosis);
  const FindingAbout about = evidence_true(finding, "unresolved") ? FindingAbout::name : row->about;
  Behind behind = about == FindingAbout::connection ? behind_connection(inside, finding)
                                                    : behind_name(inside, finding, about);
  if (about == FindingAbout::connection) put_names_first(inside, finding, behind);
  if (about == FindingAbout::answer) put_path_first(inside, finding, behind);
  conclude(inside, finding, about, behind, diagnosis);
}

}  // namespace vpcprobe

// What works and is fragile, or is worth knowing: no stage.
#include <algorithm>

#include "agent/diagnosis/findings.h"
#include "agent/diagnosis/texts.h"
#include "agent/diagnosis/words.h"

namespace vpcprobe {
namespace {

/// Interface endpoints of the task's own region that answer at private addresses.
std::vector<const Subject*> private_endpoints(const std::vector<Subject>& subjects) {
  std::vector<const Subject*> found;
  for (const Subject& subject : subjects) {
    const bool is_interface =
        subject.planned.service != nullptr && subject.planned.expects == EndpointType::interface;
    if (is_interface && any_is(subject.addresses.inside, Reach::connects)) found.push_back(&subject);
  }
  return found;
}

bool in_own_subnet(const Subject& subject) {
  return std::any_of(subject.addresses.inside.begin(), subject.addresses.inside.end(),
                     [](const AddressReport* a) { return a->scope == Scope::subnet; });
}

/// IPv4 and IPv6 of one network interface are one place.
std::size_t places(const AddressList& addresses) {
  const auto ipv4 = static_cast<std::size_t>(std::count_if(
      addresses.begin(), addresses.end(), [](auto* a) { return a->seen.address.family == Family::ipv4; }));
  return std::max(ipv4, addresses.size() - ipv4);
}

Elapsed round_trip(const AddressReport& address) {
  const TcpObservation& tcp = *address.seen.tcp;
  return tcp.rtt_us > 0 ? Elapsed(tcp.rtt_us) : tcp.elapsed;
}

Elapsed best_round_trip(const AddressList& connecting) {
  Elapsed best = round_trip(*connecting.front());
  for (const AddressReport* address : connecting) best = std::min(best, round_trip(*address));
  return best;
}

struct Timed {
  const Subject* subject;
  AddressList connecting;
  Elapsed best;
};

Elapsed median_of_others(const std::vector<Timed>& timed, const Timed& one) {
  std::vector<Elapsed> others;
  for (const Timed& other : timed) {
    if (other.subject != one.subject) others.push_back(other.best);
  }
  if (others.empty()) return one.best;
  const auto middle = others.begin() + static_cast<std::ptrdiff_t>(others.size() / 2);
  std::nth_element(others.begin(), middle, others.end());
  return *middle;
}

bool is_no_proxy(std::string_view name) { return name == "NO_PROXY" || name == "no_proxy"; }

Findings check_single_zone_endpoint(const Case& scene, const Rule& rule) {
  Findings findings;
  const auto subjects = subjects_of(scene);
  for (const Subject* subject : private_endpoints(subjects)) {
    if (!subject->addresses.outside.empty() || places(subject->addresses.inside) != 1) continue;
    Finding finding =
        about(rule, *subject, subject->addresses.inside,
              subject->seen.host + " has the one address " + address_words(subject->addresses.inside));
    add_evidence(finding, "own_subnet", in_own_subnet(*subject));
    findings.push_back(std::move(finding));
  }
  return findings;
}

Findings check_zone_not_covered(const Case& scene, const Rule& rule) {
  if (scene.context.subnets.empty()) return {};
  Findings findings;
  const auto subjects = subjects_of(scene);
  const auto endpoints = private_endpoints(subjects);
  const bool others_do =
      std::any_of(endpoints.begin(), endpoints.end(), [](const Subject* s) { return in_own_subnet(*s); });
  for (const Subject* subject : endpoints) {
    if (in_own_subnet(*subject)) continue;
    const AddressList& inside = subject->addresses.inside;
    Finding finding = about(rule, *subject, inside,
                            address_words(inside) + (inside.size() == 1 ? " is" : " are") + " outside " +
                                scene.context.subnets.front().to_string() +
                                (others_do ? ", where other endpoints have an address" : ""));
    // Endpoints often live in subnets of their own, one per zone: alone that is nothing bad.
    finding.severity = others_do ? Severity::warning : Severity::note;
    add_evidence(finding, "others_in_own_subnet", others_do);
    findings.push_back(std::move(finding));
  }
  return findings;
}

Findings check_slow_endpoint(const Case& scene, const Rule& rule) {
  constexpr Elapsed slow_at_all = std::chrono::milliseconds(250);
  constexpr Elapsed slow_beside_others = std::chrono::milliseconds(100);
  constexpr int times_slower = 20;
  const auto subjects = subjects_of(scene);
  std::vector<Timed> timed;
  for (const Subject& subject : subjects) {
    // What lies in another region, or is not AWS's, may be far away and fine.
    if (subject.planned.service == nullptr || in_other_region(subject.planned, scene.plan)) continue;
    AddressList connecting = with(subject.addresses.all(), Reach::connects);
    if (connecting.empty()) continue;
    const Elapsed best = best_round_trip(connecting);
    timed.push_back({&subject, std::move(connecting), best});
  }
  Findings findings;
  for (const Timed& one : timed) {
    const Elapsed usual = median_of_others(timed, one);
    const bool worse = one.best > slow_beside_others && one.best > usual * times_slower;
    if (one.best <= slow_at_all && !worse) continue;
    Finding finding =
        about(rule, *one.subject, one.connecting,
              "round trip to " + address_words(one.connecting) + " is " + duration_words(one.best) +
                  "; to the other endpoints " + duration_words(usual));
    add_evidence(finding, "round_trip_ms", static_cast<double>(one.best.count()) / 1000.0);
    findings.push_back(std::move(finding));
  }
  return findings;
}

Findings check_packet_loss(const Case& scene, const Rule& rule) {
  Findings findings;
  for (const Subject& subject : subjects_of(scene)) {
    AddressList lossy;
    std::uint32_t lost = 0;
    for (const AddressReport* address : with(subject.addresses.all(), Reach::connects)) {
      if (address->seen.tcp->syn_retransmits == 0) continue;
      lossy.push_back(address);
      lost += address->seen.tcp->syn_retransmits;
    }
    if (lossy.empty()) continue;
    Finding finding =
        about(rule, subject, lossy,
              address_words(lossy) + " connects only after " + count_words(lost, "retransmitted SYN") +
                  ", in " + duration_words(lossy.front()->seen.tcp->elapsed));
    add_evidence(finding, "syn_retransmits", static_cast<std::int64_t>(lost));
    findings.push_back(std::move(finding));
  }
  return findings;
}

Findings check_proxy_in_environment(const Case& scene, const Rule& rule) {
  std::vector<std::string> names;
  for (const std::string& name : scene.context.proxy_variables) {
    if (!is_no_proxy(name)) names.push_back(name);
  }
  if (names.empty()) return {};
  Finding finding = about_all(rule, {}, {},
                              enumerate(names) + (names.size() == 1 ? " is" : " are") +
                                  " set; the probes went straight to the endpoints all the same");
  add_evidence(finding, "variables", names);
  return {finding};
}

Findings check_internet_egress_open(const Case& scene, const Rule& rule) {
  const EgressView egress = egress_of(scene.plan, scene.endpoints, scene.controls);
  if (egress.state != Egress::open) return {};
  Finding finding = about_all(rule, {}, {}, egress.witness + " connects at a public address");
  add_evidence(finding, "witness", egress.witness);
  return {finding};
}

constexpr const char* add_endpoint_subnet =
    "aws ec2 modify-vpc-endpoint --region {region} --vpc-endpoint-id <vpce-id> --add-subnet-ids <subnet-id>";

// What the conditions below name, besides what an endpoint is.
constexpr std::string_view kEvidence[] = {"others_in_own_subnet"};

constexpr Rule kRows[] = {
    {
        .code = "single-zone-endpoint",
        .meaning = "an interface endpoint has an address in one zone only",
        .title = "{name}: one address only, so one zone's failure takes it away",
        .severity = Severity::warning,
        .check = check_single_zone_endpoint,
        .one_fault_if_same = "",
        .causes = {{{"endpoint-in-one-subnet", "the endpoint was created in one subnet"},
                    {"other-zones-unhealthy", "its addresses in other zones are unhealthy"}}},
        .fix = {{{"Show the endpoint's subnets", show_all_endpoints, true},
                 {"Add a subnet of another zone", add_endpoint_subnet}}},
    },
    {
        .code = "zone-not-covered",
        .meaning = "an endpoint has no address in the task's own subnet; a warning where other endpoints "
                   "have one there, else a note, since endpoints often live in subnets of their own",
        .title = "{name}: no address in the task's own subnet {subnet_cidr}",
        .severity = Severity::note,
        .check = check_zone_not_covered,
        .one_fault_if_same = "",
        .causes = {{{"endpoints-in-own-subnets",
                     "the endpoints have subnets of their own: then nothing is wrong",
                     "!others_in_own_subnet"},
                    {"no-endpoint-interface-in-zone",
                     "the endpoint has no network interface in this zone: traffic crosses zones, which costs "
                     "and ties this zone to another"}}},
        .fix = {{{"Show the endpoint's subnets and their zones", show_all_endpoints, true},
                 {"Add a subnet of this zone, if none is there", add_endpoint_subnet}}},
        .masked_by = {"single-zone-endpoint"},
    },
    {
        .code = "slow-endpoint",
        .meaning =
            "the round trip is above 250 ms, or above 100 ms and twenty times that of the other endpoints",
        .title = "{name}: far away, with a round trip that slows every request",
        .severity = Severity::warning,
        .check = check_slow_endpoint,
        .one_fault_if_same = "",
        .causes = {{{"path-takes-detour",
                     "the traffic takes a detour: a central endpoint or firewall in another region, a VPN"},
                    {"name-leads-to-another-region", "the name leads to another region"},
                    {"path-overloaded", "the path is overloaded"}}},
        .fix = {{{"Show the subnet's route table", show_routes, true},
                 {"List the endpoints: does this VPC have one of its own?", show_all_endpoints, true}}},
    },
    {
        .code = "packet-loss",
        .meaning = "a SYN had to be sent again before the connection stood",
        .title = "{name}: connects, but packets get lost on the path",
        .severity = Severity::warning,
        .check = check_packet_loss,
        .one_fault_if_same = "",
        .causes =
            {{{"nat-or-firewall-overloaded", "the path is overloaded: a NAT instance, a firewall, a VPN"},
              {"packet-limit-reached",
               "the instance's or network interface's bandwidth or packet limit is used up"},
              {"firewall-delays-first-packet", "a firewall forwards the first packet of a connection late"}}},
        .fix = {{{"Run again: once may be chance, twice is not"},
                 {"Show the subnet's route table", show_routes, true}}},
    },
    {
        .code = "proxy-in-environment",
        .meaning = "a proxy variable is set: programs in this task may take another path than the probes did",
        .title = "{variables}: set, so programs here may go through a proxy",
        .severity = Severity::note,
        .task_wide = true,
        .check = check_proxy_in_environment,
        .causes = {{{"ecs-ignores-proxy-variables",
                     "what ECS itself does (image, secrets, logs) does not use these variables"}}},
        .fix =
            {{{"Put .amazonaws.com, 169.254.170.2 and 169.254.169.254 into NO_PROXY where endpoints exist"}}},
    },
    {
        .code = "internet-egress-open",
        .meaning = "a public address outside every gateway endpoint connects: this subnet has a path to the "
                   "internet",
        .title = "This subnet has a path to the internet",
        .severity = Severity::note,
        .task_wide = true,
        .check = check_internet_egress_open,
        .causes = {{{"nat-or-internet-gateway-route",
                     "a NAT route (or an internet gateway or a firewall) carries the traffic"}}},
        .fix = {{{"Show the subnet's route table", show_routes, true}}},
    },
};
static_assert(conditions_exist(kRows, kEvidence), "a cause or fix names a condition that no check sets");
static_assert(rows_are_complete(kRows), "a row lacks a code, a text, a cause or a fix");

}  // namespace

std::span<const Rule> resilience_rules() { return kRows; }

}  // namespace vpcprobe

// What works and is fragile, and what is worth knowing.
#include <algorithm>

#include "agent/diagnosis/findings.h"
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

}  // namespace

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

}  // namespace vpcprobe

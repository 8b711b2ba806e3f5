// Stage 2: whether addresses can be connected to, and what those that cannot have in common.
#include <algorithm>
#include <map>
#include <set>

#include "agent/diagnosis/findings.h"
#include "agent/diagnosis/words.h"

namespace vpcprobe {
namespace {

/// Addresses that most likely share a subnet. The real size of other subnets cannot be known from inside: a
/// known subnet counts, else /24 and /64, the usual ones. Only the grouping rests on it, no claim.
std::string neighbourhood(const IpAddress& address, const std::vector<Cidr>& known) {
  for (const Cidr& subnet : known) {
    if (subnet.contains(address)) return subnet.to_string();
  }
  const char* prefix = address.family == Family::ipv4 ? "/24" : "/64";
  return Cidr::parse(address.to_string() + prefix).value().to_string();
}

struct Neighbourhood {
  std::set<const Subject*> subjects;
  AddressList addresses;
};

/// Groups in which every address of at least two endpoints is silent.
std::map<std::string, Neighbourhood> shut_neighbourhoods(const std::vector<Subject>& subjects,
                                                         const Case& scene) {
  std::map<std::string, Neighbourhood> groups;
  for (const Subject& subject : subjects) {
    for (const AddressReport* address : subject.addresses.inside) {
      Neighbourhood& group = groups[neighbourhood(address->seen.address, scene.context.subnets)];
      group.subjects.insert(&subject);
      group.addresses.push_back(address);
    }
  }
  std::erase_if(groups, [](const auto& entry) {
    const Neighbourhood& group = entry.second;
    const bool partly_elsewhere =
        std::any_of(group.subjects.begin(), group.subjects.end(),
                    [](const Subject* s) { return any_is(s->addresses.inside, Reach::connects); });
    return group.subjects.size() < 2 || !all_are(group.addresses, Reach::silent) || !partly_elsewhere;
  });
  return groups;
}

/// Whether what is silent is all there is of one IP version.
bool by_family(const AddressList& silent, const AddressList& connecting) {
  const Family family = silent.front()->seen.address.family;
  const auto is_family = [&](const AddressReport* a) { return a->seen.address.family == family; };
  return std::all_of(silent.begin(), silent.end(), is_family) &&
         std::none_of(connecting.begin(), connecting.end(), is_family);
}

std::string_view version_of(const AddressList& addresses) {
  return addresses.front()->seen.address.family == Family::ipv4 ? "IPv4" : "IPv6";
}

void add_part_evidence(Finding& finding, const AddressList& silent, const AddressList& connecting) {
  add_evidence(finding, "by_family", by_family(silent, connecting));
  add_evidence(finding, "ip_version", std::string(version_of(silent)));
  add_evidence(finding, "public_part", !is_inside(silent.front()->scope));
}

Finding shut_zone(const Rule& rule, const std::vector<Subject>& subjects,
                  const std::map<std::string, Neighbourhood>& shut) {
  std::vector<const Subject*> covered;
  AddressList shown;
  std::vector<std::string> ranges;
  for (const auto& [range, group] : shut) {
    ranges.push_back(range);
    shown.insert(shown.end(), group.addresses.begin(), group.addresses.end());
  }
  AddressList connecting;
  for (const Subject& subject : subjects) {
    const bool touched = std::any_of(shut.begin(), shut.end(), [&](const auto& entry) {
      return entry.second.subjects.contains(&subject);
    });
    if (!touched) continue;
    covered.push_back(&subject);
    const AddressList own = with(subject.addresses.all(), Reach::connects);
    connecting.insert(connecting.end(), own.begin(), own.end());
  }
  Finding finding = about_all(rule, covered, shown,
                              connect_sentence(shown) + "; all of them in " + enumerate(ranges) +
                                  ", while the addresses elsewhere connect");
  add_part_evidence(finding, shown, connecting);
  add_evidence(finding, "silent_ranges", ranges);
  add_evidence(finding, "in_one_place", true);
  return finding;
}

void add_tcp_evidence(Finding& finding, const AddressList& addresses) {
  if (addresses.empty() || !addresses.front()->seen.tcp) return;
  const TcpObservation& tcp = *addresses.front()->seen.tcp;
  add_evidence(finding, "elapsed_ms", static_cast<double>(tcp.elapsed.count()) / 1000.0);
  add_evidence(finding, "syn_retransmits", static_cast<std::int64_t>(tcp.syn_retransmits));
}

void add_errno_evidence(Finding& finding, const AddressReport& address) {
  const TcpObservation& tcp = *address.seen.tcp;
  add_evidence(finding, "errno", errno_words(tcp.error));
  add_evidence(finding, "local_denial", !tcp.icmp && (tcp.error == EACCES || tcp.error == EPERM));
  add_evidence(finding, "icmp_from", tcp.icmp ? tcp.icmp->from : std::string());
  add_evidence(finding, "by_router", tcp.icmp.has_value());
}

AddressList all_addresses(const std::vector<Subject>& subjects) {
  AddressList all;
  for (const Subject& subject : subjects) {
    const AddressList own = subject.addresses.all();
    all.insert(all.end(), own.begin(), own.end());
  }
  return all;
}

std::vector<const Subject*> with_addresses(const std::vector<Subject>& subjects) {
  std::vector<const Subject*> found;
  for (const Subject& subject : subjects) {
    if (!subject.addresses.all().empty()) found.push_back(&subject);
  }
  return found;
}

bool can_be_interface(const Subject& subject) {
  return subject.planned.service != nullptr && !subject.addresses.inside.empty() &&
         (subject.planned.expects == EndpointType::interface || subject.planned.service->interface_too);
}

/// "S3 (52.218.30.10) connects" or the control: a way that works, empty if none does.
std::string other_way(const std::vector<Subject>& subjects, const EgressView& egress) {
  for (const Subject& subject : subjects) {
    const AddressList connecting = with(subject.addresses.all(), Reach::connects);
    if (!connecting.empty()) return subject.planned.id + " at " + connect_sentence({connecting.front()});
  }
  return egress.state == Egress::open ? egress.witness + " connects" : std::string();
}

}  // namespace

Findings check_network_unreachable(const Case& scene, const Rule& rule) {
  const auto subjects = subjects_of(scene);
  const auto covered = with_addresses(subjects);
  const AddressList all = all_addresses(subjects);
  if (covered.size() < 2 || !all_are(all, Reach::unreachable)) return {};
  Finding finding = about_all(rule, covered, all, "every address: " + connect_words(all));
  add_errno_evidence(finding, *all.front());
  return {finding};
}

Findings check_all_filtered(const Case& scene, const Rule& rule) {
  const auto subjects = subjects_of(scene);
  const auto covered = with_addresses(subjects);
  const AddressList all = all_addresses(subjects);
  const EgressView egress = egress_of(scene.plan, scene.endpoints, scene.controls);
  if (covered.size() < 2 || !all_are(all, Reach::silent) || egress.state == Egress::open) return {};
  std::vector<std::string> public_names;
  bool any_private = false;
  for (const Subject* subject : covered) {
    any_private |= !subject->addresses.inside.empty();
    if (connect_fault(*subject) == ConnectFault::private_name_missing)
      public_names.push_back(subject->planned.id);
  }
  std::string observed = "none of " + count_words(all.size(), "address") + " of " +
                         count_words(covered.size(), "endpoint") + " answers; " +
                         connect_sentence({all.front()});
  if (egress.state == Egress::closed) observed += "; nor does " + egress.witness;
  if (any_private && !public_names.empty()) {
    observed += "; besides, no private name is there for " + enumerate(public_names);
  }
  Finding finding = about_all(rule, covered, all, std::move(observed));
  add_tcp_evidence(finding, all);
  add_evidence(finding, "any_private_answer", any_private);
  add_evidence(finding, "public_names", public_names);
  return {finding};
}

Findings check_interface_endpoints_filtered(const Case& scene, const Rule& rule) {
  const auto subjects = subjects_of(scene);
  std::vector<const Subject*> covered;
  AddressList shown;
  for (const Subject& subject : subjects) {
    if (!can_be_interface(subject)) continue;
    if (!all_are(subject.addresses.inside, Reach::silent)) return {};
    if (any_is(subject.addresses.outside, Reach::connects)) continue;
    covered.push_back(&subject);
    shown.insert(shown.end(), subject.addresses.inside.begin(), subject.addresses.inside.end());
  }
  const EgressView egress = egress_of(scene.plan, scene.endpoints, scene.controls);
  const std::string works = other_way(subjects, egress);
  if (covered.size() < 2 || works.empty()) return {};
  Finding finding = about_all(rule, covered, shown,
                              "all " + count_words(covered.size(), "interface endpoint") + " stay silent (" +
                                  connect_sentence(shown) + ") while " + works);
  add_tcp_evidence(finding, shown);
  add_evidence(finding, "other_way", works);
  return {finding};
}

Findings check_zone_filtered(const Case& scene, const Rule& rule) {
  const auto subjects = subjects_of(scene);
  const auto shut = shut_neighbourhoods(subjects, scene);
  Findings findings;
  if (!shut.empty()) findings.push_back(shut_zone(rule, subjects, shut));
  for (const Subject& subject : subjects) {
    AddressList silent = partly(subject, Reach::silent);
    std::erase_if(silent, [&](const AddressReport* address) {
      return is_inside(address->scope) &&
             shut.contains(neighbourhood(address->seen.address, scene.context.subnets));
    });
    if (silent.empty()) continue;
    Finding finding = about(rule, subject, silent,
                            connect_sentence(silent) + "; its other addresses connect (" +
                                address_words(with(subject.addresses.all(), Reach::connects)) + ")");
    add_tcp_evidence(finding, silent);
    add_part_evidence(finding, silent, with(subject.addresses.all(), Reach::connects));
    findings.push_back(std::move(finding));
  }
  return findings;
}

Findings check_endpoint_filtered(const Case& scene, const Rule& rule) {
  Findings findings;
  const auto subjects = subjects_of(scene);
  for (const Subject& subject : subjects) {
    if (connect_fault(subject) != ConnectFault::endpoint_filtered) continue;
    const AddressList silent = with(subject.addresses.all(), Reach::silent);
    Finding finding =
        about(rule, subject, silent, connect_sentence(silent) + contrast(subjects, subject.planned.id));
    add_tcp_evidence(finding, silent);
    add_evidence(finding, "private_answer", !subject.addresses.inside.empty());
    add_evidence(finding, "unowned", all_unowned(subject.planned, silent));
    const bool other_region = in_other_region(subject.planned, scene.plan);
    const bool outside = subject.addresses.inside.empty() && subject.planned.expects == EndpointType::none;
    add_evidence(finding, "other_region", other_region);
    add_evidence(finding, "needs_internet", outside && !other_region);
    add_evidence(finding, "own_subnet", std::any_of(silent.begin(), silent.end(), [](auto* a) {
                   return a->scope == Scope::subnet;
                 }));
    findings.push_back(std::move(finding));
  }
  return findings;
}

Findings check_endpoint_refused(const Case& scene, const Rule& rule) {
  Findings findings;
  for (const Subject& subject : subjects_of(scene)) {
    const bool all = connect_fault(subject) == ConnectFault::endpoint_refused;
    const AddressList refused =
        all ? with(subject.addresses.all(), Reach::refused) : partly(subject, Reach::refused);
    if (refused.empty()) continue;
    Finding finding = about(rule, subject, refused, connect_sentence(refused));
    add_evidence(finding, "private_answer", is_inside(refused.front()->scope));
    findings.push_back(std::move(finding));
  }
  return findings;
}

Findings check_no_route(const Case& scene, const Rule& rule) {
  Findings findings;
  for (const Subject& subject : subjects_of(scene)) {
    const bool all = connect_fault(subject) == ConnectFault::no_route;
    const AddressList unreachable =
        all ? with(subject.addresses.all(), Reach::unreachable) : partly(subject, Reach::unreachable);
    if (unreachable.empty()) continue;
    Finding finding = about(rule, subject, unreachable, connect_sentence(unreachable));
    add_errno_evidence(finding, *unreachable.front());
    findings.push_back(std::move(finding));
  }
  return findings;
}

Findings check_gateway_route_missing(const Case& scene, const Rule& rule) {
  Findings findings;
  const auto subjects = subjects_of(scene);
  const EgressView egress = egress_of(scene.plan, scene.endpoints, scene.controls);
  for (const Subject& subject : subjects) {
    if (connect_fault(subject) != ConnectFault::gateway_route_missing) continue;
    const AddressList silent = with(subject.addresses.outside, Reach::silent);
    Finding finding =
        about(rule, subject, silent, connect_sentence(silent) + contrast(subjects, subject.planned.id));
    if (egress.state == Egress::open) finding.observed += "; " + egress.witness + " connects";
    add_tcp_evidence(finding, silent);
    add_evidence(finding, "internet_open", egress.state == Egress::open);
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace vpcprobe

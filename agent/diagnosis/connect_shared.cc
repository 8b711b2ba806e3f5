// Stage 2: addresses that cannot be connected to, where several endpoints share the fault.
#include <algorithm>
#include <map>
#include <set>

#include "agent/diagnosis/findings.h"
#include "agent/diagnosis/nat64.h"
#include "agent/diagnosis/refusing_router.h"
#include "agent/diagnosis/texts.h"
#include "agent/diagnosis/words.h"

namespace vpcprobe {
namespace {

struct Neighbourhood {
  std::set<const Subject*> subjects;
  AddressList addresses;
};

/// Groups in which every address of at least two endpoints is silent, and no router says why.
std::map<std::string, Neighbourhood> shut_neighbourhoods(const std::vector<Subject>& subjects,
                                                         const Case& scene, const Refusals& refusals) {
  std::map<std::string, Neighbourhood> groups;
  for (const Subject& subject : subjects) {
    for (const AddressReport* address : subject.addresses.inside) {
      if (behind_nat64(address->seen.address)) continue;  // one prefix, whatever is behind it
      Neighbourhood& group = groups[neighbourhood(address->seen.address, scene.context.subnets)];
      group.subjects.insert(&subject);
      group.addresses.push_back(address);
    }
  }
  std::erase_if(groups, [&](const auto& entry) {
    const Neighbourhood& group = entry.second;
    const bool partly_elsewhere =
        std::any_of(group.subjects.begin(), group.subjects.end(),
                    [](const Subject* s) { return any_is(s->addresses.inside, Reach::connects); });
    const bool explained = std::any_of(group.addresses.begin(), group.addresses.end(),
                                       [&](const AddressReport* a) { return refusals.contains(a); });
    return group.subjects.size() < 2 || !all_are(group.addresses, Reach::silent) || !partly_elsewhere ||
           explained;
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

/// What is silent by its IP version alone, of all endpoints together: one rule lacks.
struct FamilyPart {
  std::vector<const Subject*> subjects;
  AddressList silent;
  AddressList connecting;
  void add(const Subject& subject, const AddressList& quiet, const AddressList& others) {
    subjects.push_back(&subject);
    silent.insert(silent.end(), quiet.begin(), quiet.end());
    connecting.insert(connecting.end(), others.begin(), others.end());
  }
};

Finding shut_family(const Rule& rule, const FamilyPart& part) {
  const std::string observed = connect_sentence(part.silent) +
                               "; the addresses of the other IP version connect (" +
                               address_words(part.connecting) + ")";
  Finding finding = part.subjects.size() == 1 ? about(rule, *part.subjects.front(), part.silent, observed)
                                              : about_all(rule, part.subjects, part.silent, observed);
  add_tcp_evidence(finding, part.silent);
  add_part_evidence(finding, part.silent, part.connecting);
  return finding;
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

/// "S3 (52.218.30.10) connects" or the control: a path that works, empty if none does.
std::string other_path(const std::vector<Subject>& subjects, const EgressView& egress) {
  for (const Subject& subject : subjects) {
    const AddressList connecting = with(subject.addresses.all(), Reach::connects);
    if (!connecting.empty()) return subject.planned.id + " at " + connect_sentence({connecting.front()});
  }
  return egress.state == Egress::open ? egress.witness + " connects" : std::string();
}

Findings check_network_unreachable(const Case& scene, const Rule& rule) {
  const auto subjects = subjects_of(scene);
  const auto covered = with_addresses(subjects);
  const AddressList all = all_addresses(subjects);
  const Refusals refusals = router_refusals(subjects, scene.context.subnets);
  const AddressList unreachable = with(all, Reach::unreachable);
  const bool every = unreachable.size() + refusals.size() == all.size();
  if (covered.size() < 2 || unreachable.empty() || !every) return {};
  std::string observed = "every address: " + connect_words(unreachable);
  if (!refusals.empty()) observed += silence_beside(refusals.size());
  Finding finding = about_all(rule, covered, all, std::move(observed));
  add_errno_evidence(finding, *unreachable.front());
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
  add_nat64_evidence(finding, all, subjects);
  add_evidence(finding, "public_names", public_names);
  return {finding};
}

Findings check_interface_endpoints_filtered(const Case& scene, const Rule& rule) {
  const auto subjects = subjects_of(scene);
  std::vector<const Subject*> covered;
  AddressList shown;
  const Refusals refusals = router_refusals(subjects, scene.context.subnets);
  for (const Subject& subject : subjects) {
    if (!can_be_interface(subject)) continue;
    if (!explained(subject, refusals).empty()) return {};
    if (!all_are(subject.addresses.inside, Reach::silent)) return {};
    if (any_is(subject.addresses.outside, Reach::connects)) continue;
    covered.push_back(&subject);
    shown.insert(shown.end(), subject.addresses.inside.begin(), subject.addresses.inside.end());
  }
  const EgressView egress = egress_of(scene.plan, scene.endpoints, scene.controls);
  const std::string works = other_path(subjects, egress);
  if (covered.size() < 2 || works.empty()) return {};
  Finding finding = about_all(rule, covered, shown,
                              "all " + count_words(covered.size(), "interface endpoint") + " stay silent (" +
                                  connect_sentence(shown) + ") while " + works);
  add_tcp_evidence(finding, shown);
  add_nat64_evidence(finding, shown, subjects);
  add_evidence(finding, "other_path", works);
  return {finding};
}

Findings check_zone_filtered(const Case& scene, const Rule& rule) {
  const auto subjects = subjects_of(scene);
  const Refusals refusals = router_refusals(subjects, scene.context.subnets);
  const auto shut = shut_neighbourhoods(subjects, scene, refusals);
  Findings findings;
  if (!shut.empty()) findings.push_back(shut_zone(rule, subjects, shut));
  std::map<std::pair<std::string_view, bool>, FamilyPart> family_parts;
  for (const Subject& subject : subjects) {
    AddressList silent = partly(subject, Reach::silent);
    std::erase_if(silent, [&](const AddressReport* address) {
      return refusals.contains(address) ||
             (is_inside(address->scope) &&
              shut.contains(neighbourhood(address->seen.address, scene.context.subnets)));
    });
    if (silent.empty()) continue;
    const AddressList connecting = with(subject.addresses.all(), Reach::connects);
    if (by_family(silent, connecting)) {
      family_parts[{version_of(silent), behind_nat64(silent.front()->seen.address).has_value()}].add(
          subject, silent, connecting);
      continue;
    }
    Finding finding =
        about(rule, subject, silent,
              connect_sentence(silent) + "; its other addresses connect (" + address_words(connecting) + ")");
    add_tcp_evidence(finding, silent);
    add_part_evidence(finding, silent, connecting);
    findings.push_back(std::move(finding));
  }
  for (const auto& [version, part] : family_parts) {
    findings.push_back(shut_family(rule, part));
    add_nat64_evidence(findings.back(), part.silent, subjects);
  }
  return findings;
}

constexpr const char* show_endpoint_groups =
    "aws ec2 describe-vpc-endpoints --region {region} --filters Name=vpc-id,Values=<vpc-id> --query "
    "'VpcEndpoints[].[ServiceName,Groups]'";
constexpr const char* allow_task_out =
    "aws ec2 authorize-security-group-egress --region {region} --group-id <task-sg-id> --ip-permissions "
    "'IpProtocol=tcp,FromPort={port},ToPort={port},UserIdGroupPairs=[{GroupId=<endpoint-sg-id>}]'";

// What the conditions below name, besides what an endpoint is.
constexpr std::string_view kEvidence[] = {"any_private_answer", "by_family",  "by_router",
                                          "local_denial",       "nat64",      "nat64_connects",
                                          "nat64_inside",       "public_part"};

constexpr Rule kRows[] = {
    {
        .code = "network-unreachable",
        .meaning = "no address of any endpoint can be routed to; this machine or a router says so",
        .title = "This task has no route to any of its endpoints",
        .stage = 2,
        .task_wide = true,
        .check = check_network_unreachable,
        .ecs_reason = "dial tcp {address}:{port}: connect: network is unreachable",
        .causes = {{{"task-firewall-denies", "a firewall inside the task denies it", "local_denial"},
                    {"router-on-path-has-no-route", "a router on the path has no route", "by_router"},
                    {"task-without-network-interface",
                     "the task has no network interface of its own, or no default route (network mode none, "
                     "a broken CNI)"}}},
        .fix = {{{"Show the subnet's route table", show_routes, true},
                 {"Check the task definition's network mode: awsvpc gives the task its own interface"}}},
    },
    {
        .code = "all-filtered",
        .meaning = "every address of every endpoint stays silent, and so does everything else that was tried",
        .title = "Nothing this task needs can be reached: every address stays silent",
        .stage = 2,
        .task_wide = true,
        .check = check_all_filtered,
        .ecs_reason = "dial tcp {address}:{port}: i/o timeout",
        .causes = {{{"dns64-without-nat-route", no_nat64_route, "nat64"},
                    {"task-group-denies-443", "the task's security group lets nothing out on port 443"},
                    {"subnet-without-path-to-aws",
                     "the subnet has no path to AWS at all: no endpoints, and no NAT route either",
                     "!any_private_answer"},
                    {"task-subnet-acl-denies",
                     "the network ACL of the task's subnet drops port 443 out, or the answers to ports "
                     "1024-65535 in"},
                    {"shared-endpoint-group-and-s3-route",
                     "the security group that all interface endpoints share does not let this task in (and "
                     "S3, if it is among them, lacks its route)",
                     "any_private_answer"},
                    {"firewall-drops-all-traffic",
                     "a firewall that all traffic of this subnet passes drops it"}}},
        .fix = {{{"Show the egress rules of the task's security group", show_task_group, true},
                 {"Show the network ACL of the subnet", show_network_acl, true},
                 {"Show the security groups of the endpoints", show_endpoint_groups, true,
                  "any_private_answer"},
                 {"Show the subnet's route table", show_routes, true},
                 {"Route 64:ff9b::/96 to a NAT gateway", route_nat64, false, "nat64"},
                 {"Allow the endpoints in the task's security group", allow_task_out, false,
                  "any_private_answer"},
                 {"Allow the task in the endpoints' security groups", allow_task_in, false,
                  "any_private_answer"}}},
        .masked_by = {"no-private-names"},
    },
    {
        .code = "interface-endpoints-filtered",
        .meaning = "all interface endpoints stay silent while another path connects",
        .title = "No interface endpoint can be reached: all stay silent, while other paths work",
        .stage = 2,
        .task_wide = true,
        .check = check_interface_endpoints_filtered,
        .ecs_reason = "dial tcp {address}:{port}: i/o timeout",
        .causes = {{{"endpoint-denies-nat-gateway", nat_gateway_not_let_in, "nat64"},
                    {"shared-endpoint-group-denies-task",
                     "the security group that the endpoints share does not let this task in on port 443 (the "
                     "VPC's default group, which an endpoint gets by default, allows only its own members)",
                     "!nat64"},
                    {"task-group-denies-endpoints",
                     "the task's security group lets out to S3 or the internet, but not to the endpoints' "
                     "addresses"},
                    {"network-acl-between-subnets-denies",
                     "a network ACL between this subnet and the endpoints' subnets drops port 443, or the "
                     "answers to ports 1024-65535"},
                    {"endpoints-in-another-vpc-without-route",
                     "the endpoints are in another VPC and the route there or back is missing"}}},
        .fix = {{{"Show the security groups of the endpoints", show_endpoint_groups, true},
                 {"Show the egress rules of the task's security group", show_task_group, true},
                 {"Show the network ACL of the task's subnet", show_network_acl, true},
                 {"Allow the task in the endpoints' security groups", allow_task_in, false, "!nat64"},
                 {"Allow the NAT gateway's address in the endpoints' security groups", "", false, "nat64"},
                 {"Allow the endpoints in the task's security group", allow_task_out}}},
    },
    {
        .code = "zone-filtered",
        .meaning =
            "some addresses of an endpoint stay silent while others connect: a part of the connections fails",
        .title = "A part of {name} cannot be reached: no answer from {addresses}",
        .stage = 2,
        .check = check_zone_filtered,
        .ecs_reason = now_and_then,
        .causes = {{{"dns64-without-nat-route", no_nat64_route, "nat64 !nat64_connects"},
                    {"rules-without-nat64-range", no_nat64_rule, "nat64 !nat64_connects"},
                    {"endpoint-denies-nat-gateway", nat_gateway_not_let_in, "nat64 nat64_inside"},
                    {"path-behind-nat-gateway-drops",
                     "the route table or the network ACL of the NAT gateway's subnet drops it",
                     "nat64 nat64_connects"},
                    {"group-has-one-ip-version",
                     "the security group of the endpoint, or the task's, has rules for the other IP version "
                     "only: a rule for IPv4 lets no IPv6 through, and the reverse",
                     "by_family !public_part !nat64 !nat64_connects"},
                    {"group-allows-nat-gateway-only", group_allows_nat_gateway_only,
                     "by_family !public_part !nat64 nat64_connects"},
                    {"subnet-without-path-for-ip-version",
                     "the silent addresses are of the IP version that this subnet has no path out for",
                     "by_family public_part !nat64"},
                    {"zone-acl-denies",
                     "the network ACL of the subnet where these addresses are, or of the task's subnet "
                     "towards it, drops port {port} or the answers",
                     "!public_part !nat64"},
                    {"no-route-between-subnets",
                     "the route between the two subnets is missing or leads through a firewall that drops it",
                     "!public_part !by_family"},
                    {"group-names-some-zones", "a security group rule names the addresses of some zones only",
                     "!public_part !by_family"},
                    {"rules-list-some-ranges",
                     "a rule for some of the service's address ranges is missing: a network ACL or security "
                     "group that lists ranges instead of the prefix list, or a firewall",
                     "public_part !nat64"},
                    {"endpoint-interface-broken", "the endpoint's network interface in this zone is broken",
                     "!public_part !by_family"}}},
        .fix = {{{"Show which subnets and security groups these addresses are in", show_interfaces, true,
                  "!public_part"},
                 {"Show the network ACL of the task's subnet, then the one of the endpoint's subnet",
                  show_network_acl, true},
                 {"Show the subnet's route table", show_routes, true},
                 {"Show the egress rules of the task's security group", show_task_group, true},
                 {"Add the rule for {ip_version} to the group that lacks it", "", false,
                  "by_family !public_part !nat64 !nat64_connects"},
                 {"Route 64:ff9b::/96 to a NAT gateway", route_nat64, false, "nat64 !nat64_connects"},
                 {"Or turn DNS64 off for the subnet: the IPv4 addresses connect", turn_dns64_off, false,
                  "nat64"},
                 {"Allow the whole prefix list in the task's security group", allow_task_out_to_prefix_list,
                  false, "gateway !nat64"}}},
        .masks_its_addresses = true,
    },
};
static_assert(conditions_exist(kRows, kEvidence), "a cause or fix names a condition that no check sets");
static_assert(rows_are_complete(kRows), "a row lacks a code, a text, a cause or a fix");

}  // namespace

std::span<const Rule> connect_shared_rules() { return kRows; }

}  // namespace vpcprobe

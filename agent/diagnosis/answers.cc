// Stage 1: addresses that are not those of the VPC's endpoints.
#include <algorithm>
#include <set>

#include "agent/aws/amazon_resolver.h"
#include "agent/diagnosis/findings.h"
#include "agent/diagnosis/texts.h"
#include "agent/diagnosis/words.h"

namespace vpcprobe {
namespace {

/// Endpoints that a private subnet needs an interface endpoint for.
bool wants_interface(const Subject& subject) {
  return subject.planned.service != nullptr && subject.planned.expects == EndpointType::interface;
}

bool is_public_only(const Subject& subject) {
  const AddressList all = subject.addresses.all();
  return !all.empty() &&
         std::all_of(all.begin(), all.end(), [](auto* a) { return a->scope == Scope::public_; });
}

void add_egress(Finding& finding, const Case& scene) {
  const EgressView egress = egress_of(scene.plan, scene.endpoints, scene.controls);
  add_evidence(finding, "internet_open", egress.state == Egress::open);
  if (egress.state == Egress::closed) finding.observed += "; " + egress.witness + " is closed too";
}

/// A resolver that gives private and public addresses for one name at once.
bool mixes(const Subject& subject) {
  if (subject.addresses.inside.empty() || subject.addresses.outside.empty()) return false;
  if (!subject.seen.dns || subject.seen.dns->resolvers.empty()) return true;
  const auto values = [](const AddressList& list) {
    std::set<IpAddress> found;
    for (const AddressReport* address : list) found.insert(address->seen.address);
    return found;
  };
  const std::set<IpAddress> inside = values(subject.addresses.inside);
  const std::set<IpAddress> outside = values(subject.addresses.outside);
  const auto gives = [](const ResolverAnswer& answer, const std::set<IpAddress>& of) {
    return std::any_of(answer.addresses.begin(), answer.addresses.end(),
                       [&](const IpAddress& address) { return of.contains(address); });
  };
  const auto& resolvers = subject.seen.dns->resolvers;
  return std::any_of(resolvers.begin(), resolvers.end(), [&](const ResolverAnswer& answer) {
    return gives(answer, inside) && gives(answer, outside);
  });
}

Findings check_no_private_names(const Case& scene, const Rule& rule) {
  const auto subjects = subjects_of(scene);
  std::vector<const Subject*> covered;
  AddressList shown;
  for (const Subject& subject : subjects) {
    if (!wants_interface(subject) || subject.addresses.all().empty()) continue;
    // One private answer, or one public address that connects, and this is not the fault.
    if (connect_fault(subject) != ConnectFault::private_name_missing) return {};
    covered.push_back(&subject);
    shown.insert(shown.end(), subject.addresses.outside.begin(), subject.addresses.outside.end());
  }
  if (covered.size() < 2) return {};
  const std::size_t interfaces = covered.size();
  bool gateway_works = false;
  std::vector<std::string> gateways_closed;
  for (const Subject& subject : subjects) {
    if (subject.planned.expects != EndpointType::gateway || subject.planned.service == nullptr) continue;
    if (any_is(subject.addresses.all(), Reach::connects)) gateway_works = true;
    if (connect_fault(subject) != ConnectFault::gateway_route_missing) continue;
    covered.push_back(&subject);
    gateways_closed.emplace_back(subject.planned.service->name);
  }
  std::string observed = count_words(interfaces, "name") +
                         " that an interface endpoint should answer resolve to public " +
                         "addresses, and none connects; " + connect_sentence({shown.front()});
  if (!gateways_closed.empty()) {
    observed += "; " + enumerate(gateways_closed) +
                " is silent too: it needs its gateway endpoint (or the same path out) besides";
  }
  Finding finding = about_all(rule, covered, shown, std::move(observed));
  add_evidence(finding, "gateway_works", gateway_works);
  add_evidence(finding, "gateway_closed", gateways_closed);
  add_evidence(finding, "nothing_works", !gateway_works && contrast(subjects, "").empty());
  add_evidence(finding, "own_resolver", answers_are_of_own_resolver(scene));
  add_egress(finding, scene);
  return {finding};
}

Findings check_private_name_missing(const Case& scene, const Rule& rule) {
  Findings findings;
  const auto subjects = subjects_of(scene);
  const bool is_of_own_resolver = answers_are_of_own_resolver(scene);
  for (const Subject& subject : subjects) {
    if (connect_fault(subject) != ConnectFault::private_name_missing) continue;
    const AddressList& shown = subject.addresses.outside;
    std::string observed = subject.seen.host + " is public: " + connect_sentence(shown);
    bool others_private = false;
    for (const Subject& other : subjects) others_private |= !other.addresses.inside.empty();
    if (others_private) observed += "; other names resolve to private addresses";
    Finding finding = about(rule, subject, shown, std::move(observed));
    add_evidence(finding, "others_private", others_private);
    add_evidence(finding, "own_resolver", is_of_own_resolver);
    add_egress(finding, scene);
    findings.push_back(std::move(finding));
  }
  return findings;
}

Findings check_public_path(const Case& scene, const Rule& rule) {
  Findings findings;
  const EgressView egress = egress_of(scene.plan, scene.endpoints, scene.controls);
  for (const Subject& subject : subjects_of(scene)) {
    const bool has_endpoint = subject.planned.service != nullptr &&
                              (wants_interface(subject) || subject.planned.service->interface_too);
    if (!has_endpoint || !is_public_only(subject) || !any_is(subject.addresses.outside, Reach::connects))
      continue;
    // With a path to the internet, S3's public addresses may lead through a gateway endpoint all the same.
    // It cannot be decided from inside, so it is a note at most, and only with --require-private.
    const bool gateway = subject.planned.expects == EndpointType::gateway;
    if (gateway && (!scene.options.require_private || egress.state != Egress::open)) continue;
    const AddressList shown = with(subject.addresses.outside, Reach::connects);
    // Whose it is cannot be told: for those who asked for private paths it is not shown to be one.
    const bool unowned = all_unowned(subject.planned, shown);
    if (unowned && !scene.options.require_private) continue;
    Finding finding = about(rule, subject, shown, connect_sentence(shown));
    if (scene.options.require_private && !gateway) finding.severity = Severity::error;
    add_evidence(finding, "may_be_gateway", gateway);
    add_evidence(finding, "unowned", unowned);
    findings.push_back(std::move(finding));
  }
  return findings;
}

Findings check_mixed_answers(const Case& scene, const Rule& rule) {
  Findings findings;
  for (const Subject& subject : subjects_of(scene)) {
    if (!mixes(subject)) continue;
    const auto& [inside, outside] = subject.addresses;
    const bool inside_fails = !any_is(inside, Reach::connects) && !any_is(inside, Reach::unknown);
    const bool outside_fails = !any_is(outside, Reach::connects) && !any_is(outside, Reach::unknown);
    Finding finding = about(rule, subject, subject.addresses.all(),
                            connect_sentence(inside) + "; " + connect_sentence(outside));
    finding.severity = inside_fails || outside_fails ? Severity::error : Severity::warning;
    add_evidence(finding, "private_fails", inside_fails);
    add_evidence(finding, "public_fails", outside_fails);
    findings.push_back(std::move(finding));
  }
  return findings;
}

Findings check_answer_not_aws(const Case& scene, const Rule& rule) {
  Findings findings;
  for (const Subject& subject : subjects_of(scene)) {
    AddressList foreign;
    for (const AddressReport* address : subject.addresses.outside) {
      if (is_unowned(subject.planned, *address)) foreign.push_back(address);
    }
    if (foreign.empty()) continue;
    const std::string date(ranges_date());
    Finding finding = about(rule, subject, foreign,
                            address_words(foreign) + (foreign.size() == 1 ? " is" : " are") +
                                " in no address range that AWS had published by " + date);
    add_evidence(finding, "ranges_date", date);
    findings.push_back(std::move(finding));
  }
  return findings;
}

// Commands that several rows share. <placeholders> are what cannot be known from inside a task.
constexpr const char* show_endpoints =
    "aws ec2 describe-vpc-endpoints --region {region} --filters Name=vpc-id,Values=<vpc-id> "
    "Name=service-name,Values={service_names} --query "
    "'VpcEndpoints[].[ServiceName,State,PrivateDnsEnabled,SubnetIds]'";
constexpr const char* create_interface_endpoint =
    "aws ec2 create-vpc-endpoint --region {region} --vpc-endpoint-type Interface --vpc-id <vpc-id> "
    "--service-name {service_name} --subnet-ids <subnet-id> --security-group-ids <endpoint-sg-id> "
    "--private-dns-enabled";
constexpr const char* show_dns_hostnames =
    "aws ec2 describe-vpc-attribute --region {region} --vpc-id <vpc-id> --attribute enableDnsHostnames";
constexpr const char* turn_dns_hostnames_on =
    "aws ec2 modify-vpc-attribute --region {region} --vpc-id <vpc-id> --enable-dns-hostnames";
constexpr const char* ask_amazon_resolver = "vpc-probe run --region {region} --resolver 169.254.169.253";
// Causes that names which resolve to public addresses share.
constexpr const char* not_amazon_resolver =
    "the resolver {resolver} is not Amazon's, and does not forward these names to it: only Amazon's knows "
    "the private ones";
constexpr const char* forwards_elsewhere =
    "the resolver is one of your own and does not forward to Amazon's, which alone knows the private names";
constexpr const char* closed_path_out =
    "a NAT route is there to carry it, and the task's security group, the subnet's network ACL or a firewall "
    "drops port 443";

constexpr const char* vpc_dns_attributes_off =
    "enableDnsHostnames or enableDnsSupport is off in this VPC: private names need both";

// What the conditions below name, besides what an endpoint is.
constexpr std::string_view kEvidence[] = {"gateway_works", "may_be_gateway", "others_private", "own_resolver",
                                          "unowned"};

constexpr Rule kRows[] = {
    {
        .code = "no-private-names",
        .meaning = "every name that an interface endpoint should answer resolves to public addresses, and "
                   "that path is closed",
        .title = "{name} resolve to public addresses, and no path leads there from this subnet",
        .stage = 1,
        .task_wide = true,
        .check = check_no_private_names,
        .ecs_reason = "dial tcp {address}:{port}: i/o timeout",
        .causes =
            {{{"resolver-not-amazons", not_amazon_resolver, "own_resolver"},
              {"subnet-without-endpoints-and-nat",
               "this subnet has no path to AWS at all: no VPC endpoints, and no NAT route either",
               "!gateway_works"},
              {"no-interface-endpoints",
               "the VPC has no interface endpoints for these services: only the gateway endpoint is there",
               "gateway_works"},
              {"private-dns-off-at-endpoints",
               "the interface endpoints exist, but private DNS is off at them"},
              {"vpc-dns-attributes-off", vpc_dns_attributes_off},
              {"nat-path-drops-443", closed_path_out},
              {"own-resolver-does-not-forward", forwards_elsewhere, "!own_resolver"},
              {"endpoints-in-another-vpc",
               "the endpoints are in another VPC whose private names are not shared with this one"}}},
        .fix = {{{"Ask Amazon's resolver, which every VPC has", ask_amazon_resolver, true, "own_resolver"},
                 {"List the endpoints: do they exist, with private DNS?", show_all_endpoints, true},
                 {"Show both DNS attributes of the VPC (this one is often off)", show_dns_hostnames, true},
                 {"Show the subnet's route table: where does other traffic go?", show_routes, true},
                 {"If there is a NAT route, show the egress rules of the task's security group",
                  show_task_group, true},
                 {"And the network ACL of the task's subnet", show_network_acl, true},
                 {"Create each endpoint that does not exist", create_interface_endpoint},
                 {"Turn private DNS on at each one that does", turn_private_dns_on},
                 {"Turn the VPC's DNS host names on, where they are off", turn_dns_hostnames_on}}},
        .masked_by = {"network-unreachable"},
    },
    {
        .code = "private-name-missing",
        .meaning = "an interface endpoint is needed here, but the name resolves to public addresses and that "
                   "path is closed",
        .title = "{name}: the name resolves to public addresses, and no path leads there from this subnet",
        .stage = 1,
        .check = check_private_name_missing,
        .ecs_reason = "dial tcp {address}:{port}: i/o timeout",
        .causes = {{{"resolver-not-amazons", not_amazon_resolver, "own_resolver !others_private"},
                    {"no-interface-endpoint", "this VPC has no interface endpoint for {service_name}"},
                    {"private-dns-off",
                     "the endpoint exists, but private DNS is off at it, or was turned on a minute ago"},
                    {"vpc-dns-attributes-off", vpc_dns_attributes_off, "!others_private"},
                    {"endpoint-in-another-vpc",
                     "the endpoint exists in another VPC, and its private name is not shared with this one"},
                    {"own-resolver-does-not-forward", forwards_elsewhere, "!own_resolver"},
                    {"resolver-not-amazons", not_amazon_resolver, "own_resolver others_private"},
                    {"nat-path-drops-443", closed_path_out}}},
        .fix = {{{"Ask Amazon's resolver, which every VPC has", ask_amazon_resolver, true, "own_resolver"},
                 {"List the endpoints: does this one exist, with private DNS?", show_endpoints, true},
                 {"If there is a NAT route, show the egress rules of the task's security group",
                  show_task_group, true},
                 {"Create the endpoint", create_interface_endpoint},
                 {"Or turn its private DNS on", turn_private_dns_on}}},
        .masked_by = {"network-unreachable", "no-private-names", "all-filtered"},
    },
    {
        .code = "mixed-answers",
        .meaning = "one DNS answer holds private and public addresses: an error where one kind fails, a "
                   "warning where all work",
        .title = "{name}: private and public addresses at once",
        .stage = 1,
        .check = check_mixed_answers,
        .one_fault_if_same = "private_fails public_fails",
        .ecs_reason = now_and_then,
        .causes = {{{"own-zone-adds-addresses",
                     "a hosted zone or resolver of your own adds addresses to the endpoint's"},
                    {"endpoint-has-one-ip-version",
                     "the endpoint has IPv4 addresses only and the name's IPv6 addresses stay public, or the "
                     "reverse"},
                    {"endpoint-being-changed",
                     "the endpoint is being created or changed; DNS takes a few minutes"}}},
        .fix = {{{"List the private hosted zones of the VPC", show_hosted_zones, true},
                 {"Show the endpoint's addresses and its IP version", show_endpoints, true, "!custom"},
                 {"Leave the name to the endpoint's private DNS alone"}}},
        .masked_by = {"resolvers-disagree"},
    },
    {
        .code = "answer-not-aws",
        .meaning = "a public address outside the ranges that AWS has published: DNS interception, or younger "
                   "than the table",
        .title = "{name}: an address outside AWS's published ranges",
        .stage = 1,
        .severity = Severity::warning,
        .check = check_answer_not_aws,
        .one_fault_if_same = "",
        .causes = {{{"address-newer-than-table", "the address is younger than the table of {ranges_date}"},
                    {"answer-names-a-proxy",
                     "a resolver of your own or a DNS filter answers with the address of a proxy"},
                    {"vpc-uses-public-range",
                     "the VPC uses this public range for itself: say so with --vpc-cidr"}}},
        .fix = {{{"List the private hosted zones of the VPC", show_hosted_zones, true},
                 {show_resolvers, show_dhcp_options, true}}},
    },
    {
        .code = "public-path",
        .meaning =
            "the name resolves to public addresses and that path works; an error with --require-private, but "
            "for S3 and DynamoDB never more than a note, since it may be a gateway endpoint",
        .title = "{name}: reached at public addresses, not through an interface endpoint",
        .stage = 1,
        .severity = Severity::note,
        .check = check_public_path,
        .one_fault_if_same = "",
        .causes = {{{"vpc-uses-range-public-elsewhere",
                     "the VPC uses this range, which is public elsewhere, for itself: say so with --vpc-cidr",
                     "unowned"},
                    {"no-private-dns-endpoint-and-nat",
                     "there is no interface endpoint with private DNS, and NAT or an internet gateway "
                     "carries the traffic"},
                    {"may-be-gateway-endpoint",
                     "for S3 and DynamoDB it may be a gateway endpoint all the same: with a path to the "
                     "internet, from inside the two look the same",
                     "may_be_gateway"}}},
        .fix = {{{"List the endpoints of the VPC", show_all_endpoints, true},
                 {"Show the subnet's route table: a route to a pl-… by a vpce-… is a gateway endpoint",
                  show_routes, true, "may_be_gateway"},
                 {"Create an endpoint, where the traffic should stay in the VPC", create_interface_endpoint,
                  false, "interface"}}},
    },
};
static_assert(conditions_exist(kRows, kEvidence), "a cause or fix names a condition that no check sets");
static_assert(rows_are_complete(kRows), "a row lacks a code, a text, a cause or a fix");

}  // namespace

std::span<const Rule> answers_rules() { return kRows; }

}  // namespace vpcprobe

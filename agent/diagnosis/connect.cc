// Stage 2: one endpoint that cannot be connected to.
#include <algorithm>

#include "agent/diagnosis/findings.h"
#include "agent/diagnosis/refusing_router.h"
#include "agent/diagnosis/texts.h"
#include "agent/diagnosis/words.h"

namespace vpcprobe {
namespace {

Findings check_endpoint_filtered(const Case& scene, const Rule& rule) {
  Findings findings;
  const auto subjects = subjects_of(scene);
  const Refusals refusals = router_refusals(subjects, scene.context.subnets);
  for (const Subject& subject : subjects) {
    if (connect_fault(subject) != ConnectFault::endpoint_filtered) continue;
    if (is_refused_whole(subject, refusals)) continue;
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
  const auto subjects = subjects_of(scene);
  // Where nothing connects it is not each name that leads to a wrong host.
  const bool some_connect = std::any_of(subjects.begin(), subjects.end(), [](const Subject& subject) {
    return any_is(subject.addresses.all(), Reach::connects);
  });
  for (const Subject& subject : subjects) {
    const bool all = connect_fault(subject) == ConnectFault::endpoint_refused;
    const AddressList refused =
        all ? with(subject.addresses.all(), Reach::refused) : partly(subject, Reach::refused);
    if (refused.empty()) continue;
    Finding finding = about(rule, subject, refused, connect_sentence(refused));
    const bool alone = subjects.size() == 1;
    add_evidence(finding, "private_answer", is_inside(refused.front()->scope) && (some_connect || alone));
    findings.push_back(std::move(finding));
  }
  return findings;
}

Findings check_no_route(const Case& scene, const Rule& rule) {
  Findings findings;
  const auto subjects = subjects_of(scene);
  const Refusals refusals = router_refusals(subjects, scene.context.subnets);
  for (const Subject& subject : subjects) {
    const ConnectFault fault = connect_fault(subject);
    const bool all = fault == ConnectFault::no_route ||
                     (fault != ConnectFault::private_name_missing && is_refused_whole(subject, refusals));
    AddressList shown =
        all ? with(subject.addresses.all(), Reach::unreachable) : partly(subject, Reach::unreachable);
    const AddressList silent =
        fault == ConnectFault::private_name_missing ? AddressList() : explained(subject, refusals);
    if (shown.empty() && silent.empty()) continue;
    const AddressReport& witness = shown.empty() ? *refusals.at(silent.front()) : *shown.front();
    std::string observed =
        shown.empty() ? connect_sentence(silent) + ", as a router refuses " + witness.seen.address.to_string()
                      : connect_sentence(shown);
    if (!shown.empty() && !silent.empty()) observed += silence_beside(silent.size());
    shown.insert(shown.end(), silent.begin(), silent.end());
    Finding finding = about(rule, subject, shown, std::move(observed));
    add_errno_evidence(finding, witness);
    add_evidence(finding, "prohibited", is_prohibited(witness));
    findings.push_back(std::move(finding));
  }
  return findings;
}

Findings check_gateway_route_missing(const Case& scene, const Rule& rule) {
  Findings findings;
  const auto subjects = subjects_of(scene);
  const EgressView egress = egress_of(scene.plan, scene.endpoints, scene.controls);
  const Refusals refusals = router_refusals(subjects, scene.context.subnets);
  for (const Subject& subject : subjects) {
    if (connect_fault(subject) != ConnectFault::gateway_route_missing) continue;
    if (is_refused_whole(subject, refusals)) continue;
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

constexpr const char* allow_task_into_mount_target =
    "aws ec2 authorize-security-group-ingress --region {region} --group-id <mount-target-sg-id> --protocol "
    "tcp "
    "--port {port} --source-group <task-sg-id>";
// ECR's dual-stack names.
constexpr const char* no_endpoint_has_this_name =
    "no VPC endpoint answers this dual-stack name: it takes a path out to the internet (by IPv6 an "
    "egress-only internet gateway, by IPv4 NAT)";
constexpr const char* use_the_plain_name =
    "Use the plain name, {plain_host}, which endpoints answer, or give this subnet that path out";

// What the conditions below name, besides what an endpoint is.
constexpr std::string_view kEvidence[] = {
    "by_router",    "dual_stack_name", "internet_open",  "local_denial", "needs_internet",
    "other_region", "own_subnet",      "private_answer", "prohibited",   "unowned"};

constexpr Rule kRows[] = {
    {
        .code = "gateway-route-missing",
        .meaning = "public addresses of a service with a gateway endpoint (S3, DynamoDB) stay silent",
        .title = "{name} cannot be reached: the addresses stay silent on {port}",
        .stage = 2,
        .check = check_gateway_route_missing,
        .ecs_reason = "dial tcp {address}:{port}: i/o timeout",
        .causes = {{{"no-gateway-endpoint-route",
                     "the route table of this subnet has no route to a gateway endpoint for {service_name}",
                     "!internet_open"},
                    {"task-group-denies-prefix-list",
                     "the task's security group lets nothing out to the service's prefix list on {port}"},
                    {"network-acl-denies-public-addresses",
                     "the network ACL of the subnet drops the service's public addresses, or their answers "
                     "to ports 1024-65535"},
                    {"firewall-drops-service",
                     "a firewall on the path out drops this service's addresses and not all others",
                     "internet_open"}}},
        .fix =
            {{{"Show the subnet's route table: is there a route to a pl-… by a vpce-…?", show_routes, true},
              {"Show the egress rules of the task's security group", show_task_group, true},
              {"Find the service's prefix list", show_prefix_list, true},
              {"Create the gateway endpoint (it is free)", create_gateway_endpoint, false, "!internet_open"},
              {"Allow the prefix list in the task's security group", allow_task_out_to_prefix_list}}},
        .masked_by = {"no-private-names", "all-filtered"},
    },
    {
        .code = "endpoint-filtered",
        .meaning = "all addresses of one endpoint stay silent",
        .title = "{name} cannot be reached: the addresses stay silent on {port}",
        .stage = 2,
        .check = check_endpoint_filtered,
        .ecs_reason = "dial tcp {address}:{port}: i/o timeout",
        .causes =
            {{{"name-of-another-region",
               "the name belongs to another region, which no endpoint of this one leads to, and there is no "
               "NAT route: check the region in the task definition (awslogs-region, the image's registry)",
               "other_region"},
              {"dual-stack-name-without-endpoint", no_endpoint_has_this_name, "dual_stack_name"},
              {"no-nat-route-for-public-service",
               "this subnet has no NAT route, and AWS offers no VPC endpoint for this name: it takes NAT, or "
               "a copy inside AWS (an ECR pull-through cache, a mirror)",
               "needs_internet !dual_stack_name"},
              {"mount-target-group-denies-task",
               "the security group of this mount target does not let the task in on {port}", "mount_target"},
              {"endpoint-group-denies-task",
               "the security group of this endpoint does not let the task in on {port} (the VPC's default "
               "group, which an endpoint gets by default, allows only its own members)",
               "private_answer"},
              {"endpoint-group-denies-task-in-public-range",
               "the VPC uses this range, which is public elsewhere, for itself (say so with --vpc-cidr), and "
               "the endpoint's security group does not let the task in on {port}",
               "unowned"},
              {"endpoint-missing-and-address-newer-than-table",
               "the address is AWS's and younger than the table of ranges: then the VPC has no interface "
               "endpoint with private DNS for {service_name}",
               "unowned"},
              {"answer-not-of-service",
               "a resolver of your own or a DNS filter answers with an address that is not the service's",
               "unowned"},
              {"task-group-denies-address",
               "the task's security group lets nothing out to this address on {port}"},
              {"network-acl-denies-port",
               "a network ACL drops port {port}, or the answers to ports 1024-65535"},
              {"no-route-there-or-back", "nothing routes to this address from here, or nothing routes back",
               "!own_subnet"}}},
        .fix = {{{"Show whether an endpoint of this VPC has the address", show_interfaces, true, "unowned"},
                 {"Show which resources have these addresses, and their security groups", show_interfaces,
                  true, "private_answer"},
                 {"Show the egress rules of the task's security group", show_task_group, true},
                 {"Show the network ACL of the task's subnet", show_network_acl, true, "own_subnet"},
                 {"Show the subnet's route table", show_routes, true, "!own_subnet"},
                 {"Allow the task in the mount target's security group", allow_task_into_mount_target, false,
                  "mount_target !private_answer"},
                 {"Allow the task in the endpoint's security group", allow_task_in, false, "private_answer"},
                 {use_the_plain_name, "", false, "dual_stack_name"}}},
        .masked_by = {"all-filtered", "interface-endpoints-filtered", "zone-filtered"},
    },
    {
        .code = "endpoint-refused",
        .meaning = "an address answers the connection with a reset: something is there and does not listen",
        .title = "{name}: connections on {port} are refused",
        .stage = 2,
        .check = check_endpoint_refused,
        .one_fault_if_same = "private_answer",
        .ecs_reason = "dial tcp {address}:{port}: connect: connection refused",
        .causes = {{{"record-leads-to-another-host",
                     "the name leads to a host that is not this service: a record in a private hosted zone "
                     "or /etc/hosts that is wrong or old",
                     "private_answer"},
                    {"firewall-sends-reset", "a firewall or proxy on the path answers with a reset"},
                    {"nothing-listens", "nothing listens on {port} there", "custom"}}},
        .fix = {{{"Show which resource has the address", show_interfaces, true, "private_answer"},
                 {"List the private hosted zones of the VPC", show_hosted_zones, true, "!custom"},
                 {through_a_firewall, show_routes, true}}},
    },
    {
        .code = "no-route",
        .meaning = "this machine or a router says that the address cannot be reached",
        .title = "No route leads to {name}",
        .stage = 2,
        .check = check_no_route,
        .one_fault_if_same = "errno icmp_from",
        .ecs_reason = "dial tcp {address}:{port}: connect: no route to host",
        .causes = {{{"task-or-host-firewall-denies", "a firewall inside the task or its host denies it",
                     "local_denial"},
                    {"router-prohibits",
                     "the router {icmp_from} prohibits this traffic: a firewall or appliance on the path "
                     "(security groups and network ACLs drop without an answer)",
                     "prohibited"},
                    {"router-has-no-route", "the router that answered has no route, or rejects it",
                     "by_router"},
                    {"host-down-or-address-old", "the host at this address is down, or the address is old",
                     "!by_router !dual_stack_name"},
                    {"dual-stack-name-without-endpoint", no_endpoint_has_this_name, "dual_stack_name"},
                    {"task-has-no-route", "the task's own routing table has no route there", "!by_router"}}},
        .fix = {{{"Show the subnet's route table", show_routes, true},
                 {"Show which resource has the address", show_interfaces, true, "!dual_stack_name"},
                 {use_the_plain_name, "", false, "dual_stack_name"}}},
        .masked_by = {"network-unreachable"},
    },
};
static_assert(conditions_exist(kRows, kEvidence), "a cause or fix names a condition that no check sets");
static_assert(rows_are_complete(kRows), "a row lacks a code, a text, a cause or a fix");

}  // namespace

std::span<const Rule> connect_rules() { return kRows; }

}  // namespace vpcprobe

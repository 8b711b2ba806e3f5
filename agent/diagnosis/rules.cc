#include "agent/diagnosis/rules.h"

#include <algorithm>

#include "agent/diagnosis/findings.h"

namespace vpcprobe {
namespace {

// Commands that several rows share. <placeholders> are what cannot be known from inside a task.
constexpr const char* show_endpoints =
    "aws ec2 describe-vpc-endpoints --region {region} --filters Name=vpc-id,Values=<vpc-id> "
    "Name=service-name,Values={service_names} --query "
    "'VpcEndpoints[].[ServiceName,State,PrivateDnsEnabled,SubnetIds]'";
constexpr const char* show_all_endpoints =
    "aws ec2 describe-vpc-endpoints --region {region} --filters Name=vpc-id,Values=<vpc-id> --query "
    "'VpcEndpoints[].[ServiceName,State,PrivateDnsEnabled,SubnetIds]'";
constexpr const char* show_endpoint_groups =
    "aws ec2 describe-vpc-endpoints --region {region} --filters Name=vpc-id,Values=<vpc-id> --query "
    "'VpcEndpoints[].[ServiceName,Groups]'";
constexpr const char* create_interface_endpoint =
    "aws ec2 create-vpc-endpoint --region {region} --vpc-endpoint-type Interface --vpc-id <vpc-id> "
    "--service-name {service_name} --subnet-ids <subnet-id> --security-group-ids <endpoint-sg-id> "
    "--private-dns-enabled";
constexpr const char* create_gateway_endpoint =
    "aws ec2 create-vpc-endpoint --region {region} --vpc-endpoint-type Gateway --vpc-id <vpc-id> "
    "--service-name {service_name} --route-table-ids <rtb-id>";
constexpr const char* turn_private_dns_on =
    "aws ec2 modify-vpc-endpoint --region {region} --vpc-endpoint-id <vpce-id> --private-dns-enabled";
constexpr const char* add_endpoint_subnet =
    "aws ec2 modify-vpc-endpoint --region {region} --vpc-endpoint-id <vpce-id> --add-subnet-ids <subnet-id>";
constexpr const char* show_routes =
    "aws ec2 describe-route-tables --region {region} --filters Name=association.subnet-id,Values=<subnet-id>";
constexpr const char* show_network_acl =
    "aws ec2 describe-network-acls --region {region} --filters Name=association.subnet-id,Values=<subnet-id>";
constexpr const char* show_task_group =
    "aws ec2 describe-security-groups --region {region} --group-ids <task-sg-id> --query "
    "'SecurityGroups[].IpPermissionsEgress'";
constexpr const char* show_interfaces =
    "aws ec2 describe-network-interfaces --region {region} --filters "
    "Name=addresses.private-ip-address,Values={address_list} --query "
    "'NetworkInterfaces[].[PrivateIpAddress,Description,SubnetId,Groups]'";
constexpr const char* let_task_in =
    "aws ec2 authorize-security-group-ingress --region {region} --group-id <endpoint-sg-id> --protocol tcp "
    "--port {port} --source-group <task-sg-id>";
constexpr const char* let_task_into_mount_target =
    "aws ec2 authorize-security-group-ingress --region {region} --group-id <mount-target-sg-id> --protocol "
    "tcp "
    "--port {port} --source-group <task-sg-id>";
constexpr const char* let_task_out =
    "aws ec2 authorize-security-group-egress --region {region} --group-id <task-sg-id> --ip-permissions "
    "'IpProtocol=tcp,FromPort={port},ToPort={port},UserIdGroupPairs=[{GroupId=<endpoint-sg-id>}]'";
constexpr const char* let_task_out_to_prefix_list =
    "aws ec2 authorize-security-group-egress --region {region} --group-id <task-sg-id> --ip-permissions "
    "'IpProtocol=tcp,FromPort={port},ToPort={port},PrefixListIds=[{PrefixListId=<pl-id>}]'";
constexpr const char* show_prefix_list =
    "aws ec2 describe-managed-prefix-lists --region {region} --filters "
    "Name=prefix-list-name,Values={service_name}";
constexpr const char* show_dns_support =
    "aws ec2 describe-vpc-attribute --region {region} --vpc-id <vpc-id> --attribute enableDnsSupport";
constexpr const char* show_dns_hostnames =
    "aws ec2 describe-vpc-attribute --region {region} --vpc-id <vpc-id> --attribute enableDnsHostnames";
constexpr const char* turn_dns_support_on =
    "aws ec2 modify-vpc-attribute --region {region} --vpc-id <vpc-id> --enable-dns-support";
constexpr const char* turn_dns_hostnames_on =
    "aws ec2 modify-vpc-attribute --region {region} --vpc-id <vpc-id> --enable-dns-hostnames";
constexpr const char* show_dhcp_options =
    "aws ec2 describe-dhcp-options --region {region} --dhcp-options-ids <dopt-id>";
constexpr const char* show_hosted_zones =
    "aws route53 list-hosted-zones-by-vpc --vpc-id <vpc-id> --vpc-region {region}";
constexpr const char* show_resolver_rules =
    "aws route53resolver list-resolver-rule-associations --region {region} --filters "
    "Name=VPCId,Values=<vpc-id>";
constexpr const char* show_mount_targets =
    "aws efs describe-mount-targets --region {region} --file-system-id <fs-id>";
constexpr const char* show_dns_firewall =
    "aws route53resolver list-firewall-rule-group-associations --region {region} --vpc-id <vpc-id>";
constexpr const char* show_endpoint_policy =
    "aws ec2 describe-vpc-endpoints --region {region} --filters Name=vpc-id,Values=<vpc-id> "
    "Name=service-name,Values={service_names} --query 'VpcEndpoints[].[VpcEndpointId,PolicyDocument]'";
constexpr const char* set_endpoint_policy =
    "aws ec2 modify-vpc-endpoint --region {region} --vpc-endpoint-id <vpce-id> --policy-document "
    "file://<policy.json>";
constexpr const char* show_images =
    "aws ecr describe-images --region {service_region} --repository-name <repository> --query "
    "'imageDetails[].[imageTags,imagePushedAt]'";
constexpr const char* show_repositories =
    "aws ecr describe-repositories --region {service_region} --query 'repositories[].repositoryUri'";
constexpr const char* show_task_definition =
    "aws ecs describe-task-definition --region {region} --task-definition <family>";

constexpr const char* list_role_policies = "aws iam list-attached-role-policies --role-name {role_name}";
constexpr const char* list_inline_policies = "aws iam list-role-policies --role-name {role_name}";
constexpr const char* show_role = "aws iam get-role --role-name {role_name}";

constexpr const char* ask_amazon_resolver = "vpc-probe run --region {region} --resolver 169.254.169.253";

// Causes that names which resolve to public addresses share.
constexpr const char* not_amazon_resolver =
    "the resolver {resolver} is not Amazon's, and does not forward these names to it: only Amazon's knows "
    "the private ones";
constexpr const char* forwards_elsewhere =
    "the resolver is one of your own and does not forward to Amazon's, which alone knows the private names";
constexpr const char* closed_way_out =
    "a NAT route is there to carry it, and the task's security group, the subnet's network ACL or a firewall "
    "drops port 443";

// Causes that several refusals share.
constexpr const char* asked_as_another_role =
    "the probe asked as another role than the task's own call is made by: this says nothing of that one; run "
    "it as that role (--role execution)";
constexpr const char* refused_without_weight =
    "{name}: refused to the {asked_as} role, which asked; that does not settle the task's own call";
constexpr const char* only_other_principals =
    "the policy names principals: then the role that makes the task's own call may pass where this one does "
    "not; run it as that role to be sure (--role execution)";
constexpr const char* ecs_asks_itself =
    "ECS asks by its own service-linked role, AWSServiceRoleForECS: it is missing, or a policy of the "
    "organization refuses it";
constexpr const char* only_other_names =
    "the policy goes by names, and the probe asked about one that does not exist: name yours with --secret, "
    "--parameter or --log-group";

// What a registry outside AWS may mean by a refusal.
constexpr const char* private_image =
    "the image is private: ECS logs in with the container's repositoryCredentials, which are not for the "
    "probe to read";
constexpr const char* hidden_repository = "the repository does not exist: many registries do not say which";
constexpr const char* has_repository_credentials = "See whether the container has repositoryCredentials";

// A custom target that is no TLS server at all.
constexpr const char* no_tls_first =
    "the server does not begin with TLS (PostgreSQL, MySQL, Redis and others): then this is its usual answer";
constexpr const char* ask_by_tcp = "vpc-probe run --region {region} --target tcp://{host}:{port}";

// ECR's dual-stack names.
constexpr const char* no_endpoint_has_this_name =
    "no VPC endpoint answers this dual-stack name: it takes a way out to the internet (by IPv6 an "
    "egress-only internet gateway, by IPv4 NAT)";
constexpr const char* use_the_plain_name =
    "Use the plain name, {plain_host}, which endpoints answer, or give this subnet that way out";

constexpr const char* first_pull_through_cache =
    "the repository is a pull-through cache: the first pull of an image needs a way to the internet from the "
    "VPC, and ecr:BatchImportUpstreamImage for the role that pulls";

constexpr const char* not_listed =
    "the object is not there: S3 names {action} to whoever may not list the bucket, and says no more";

constexpr Rule table[] = {
    // ── Names
    // ──────────────────────────────────────────────────────────────────────────────────────────────────
    {
        .code = "resolver-silent",
        .meaning = "no configured DNS resolver answered any question",
        .title = "No DNS resolver answers: not one name can be looked up",
        .stage = 1,
        .task_wide = true,
        .check = check_resolver_silent,
        .ecs_reason = "dial tcp: lookup {host}: i/o timeout",
        .causes =
            {{{"vpc-dhcp-options-name",
               "the VPC's DHCP options name a resolver of your own that is down, or that this subnet cannot "
               "reach on port 53 (UDP and TCP)"},
              {"enablednssupport-off-amazon-resolver",
               "enableDnsSupport is off, so Amazon's resolver at the VPC's base address + 2 does not answer"},
              {"security-group-network-acl",
               "a security group or network ACL closes port 53 to a resolver of your own (Amazon's cannot be "
               "closed that way)"},
              {"task-no-route-resolver", "this task has no route to the resolver at all", "unreachable"}}},
        .fix = {{{"See whether the VPC serves DNS", show_dns_support, true},
                 {"See which resolvers the VPC hands out (id from describe-vpcs)", show_dhcp_options, true},
                 {"Turn Amazon's resolver on", turn_dns_support_on},
                 {"Or open port 53, UDP and TCP, from <task-sg-id> to the resolvers {resolvers}"}}},
    },
    {
        .code = "resolver-partial",
        .meaning = "a configured DNS resolver never answered while another one does",
        .title = "A DNS resolver stays silent while another one answers",
        .stage = 1,
        .severity = Severity::warning,
        .task_wide = true,
        .check = check_resolver_partial,
        .causes = {{{"resolver-down-port-53",
                     "the resolver is down, or port 53 to it is closed from this subnet"},
                    {"first-asked-each-lookup",
                     "it is the first one asked: each lookup waits for it, about 5 s in most programs",
                     "first_is_silent"}}},
        .fix = {{{"See which resolvers the VPC hands out (id from describe-vpcs)", show_dhcp_options, true},
                 {"Fix the resolver or remove it from the DHCP options"}}},
    },
    {
        .code = "resolvers-disagree",
        .meaning =
            "two resolvers give answers of different kinds for one name: private and public, or an address "
            "and none; an error where one of the answers leads nowhere, a warning where all work",
        .title = "The DNS resolvers do not agree on {name}",
        .stage = 1,
        .task_wide = true,
        .check = check_resolvers_disagree,
        .ecs_reason = "i/o timeout or no such host, now and then",
        .causes = {{{"resolver-amazon-forwards-knows",
                     "one resolver is Amazon's (or forwards to it) and knows the VPC's private names, "
                     "another one does not"},
                    {"resolver-forwards-only-some",
                     "one resolver forwards only some of the domains to Amazon's resolver"}}},
        .fix = {{{"See which resolvers the VPC hands out (id from describe-vpcs)", show_dhcp_options, true},
                 {"See which domains are forwarded", show_resolver_rules, true},
                 {"Forward the AWS domains from every resolver to Amazon's at the VPC's base address + 2, or "
                  "hand out AmazonProvidedDNS alone"}}},
    },
    {
        .code = "name-not-found",
        .meaning = "the name does not exist for these resolvers (NXDOMAIN)",
        .title = "{name}: the DNS name does not exist here (NXDOMAIN)",
        .stage = 1,
        .check = check_name_not_found,
        .one_fault_if_same = "resolver_answers",
        .ecs_reason = "dial tcp: lookup {host} on {resolver}: no such host",
        .causes = {{{"file-system-no-mount",
                     "the file system has no mount target in the task's zone, or is of another VPC",
                     "mount_target"},
                    {"enablednssupport-enablednshostnames-off-vpc",
                     "enableDnsSupport or enableDnsHostnames is off in this VPC", "mount_target"},
                    {"private-hosted-zone-vpc",
                     "a private hosted zone of this VPC covers the name's domain and has no record for it"},
                    {"dns-firewall-rule-answers", "a DNS firewall rule answers NXDOMAIN"},
                    {"resolver-your-not-know",
                     "a resolver of your own does not know the domain and does not forward it"},
                    {"service-not-exist-region",
                     "the service does not exist in this region, or the name is misspelt"}}},
        .fix = {{{"See where the file system has mount targets", show_mount_targets, true, "mount_target"},
                 {"See which private zones this VPC uses", show_hosted_zones, true},
                 {"See which DNS firewall rules it uses", show_dns_firewall, true},
                 {"See which domains are forwarded", show_resolver_rules, true},
                 {"Add the record to the private zone, or take the zone off this VPC"}}},
    },
    {
        .code = "name-empty",
        .meaning = "the name exists and has no address (NODATA)",
        .title = "{name}: the DNS name has no address (NODATA)",
        .stage = 1,
        .check = check_name_empty,
        .one_fault_if_same = "resolver_answers",
        .ecs_reason = "dial tcp: lookup {host} on {resolver}: no such host",
        .causes = {{{"file-system-no-mount",
                     "the file system has no mount target in the task's zone, or is of another VPC",
                     "mount_target"},
                    {"enablednssupport-enablednshostnames-off-vpc",
                     "enableDnsSupport or enableDnsHostnames is off in this VPC", "mount_target"},
                    {"dns-firewall-rule-answers-nodata", "a DNS firewall rule answers NODATA"},
                    {"private-hosted-zone-vpc-name",
                     "a private hosted zone of this VPC has the name, and no A record at it"},
                    {"name-addresses-other-ip", "the name has addresses of the other IP version only"}}},
        .fix = {{{"See where the file system has mount targets", show_mount_targets, true, "mount_target"},
                 {"See which DNS firewall rules this VPC uses", show_dns_firewall, true},
                 {"See which private zones it uses", show_hosted_zones, true},
                 {"Allow the domain in the DNS firewall, or complete the record"}}},
    },
    {
        .code = "name-server-failure",
        .meaning = "the resolver answers, but with SERVFAIL, REFUSED or something that is not DNS",
        .title = "{name} cannot be looked up: the resolver fails",
        .stage = 1,
        .check = check_name_server_failure,
        .one_fault_if_same = "resolver_answers",
        .ecs_reason = "dial tcp: lookup {host} on {resolver}: server misbehaving",
        .causes =
            {{{"forwarding-rule-sends-domain",
               "a forwarding rule sends the domain to a resolver that does not answer, or may not be asked"},
              {"resolver-your-cannot-reach",
               "a resolver of your own cannot reach Amazon's resolver, or refuses clients of this subnet"},
              {"dnssec-validation-fails-domain", "DNSSEC validation fails for the domain"}}},
        .fix = {{{"List the Resolver forwarding rules and their targets", show_resolver_rules, true},
                 {"See which resolvers the VPC hands out (id from describe-vpcs)", show_dhcp_options, true},
                 {"Forward the AWS domains to Amazon's resolver at the VPC's base address + 2"}}},
    },
    {
        .code = "name-timeout",
        .meaning = "the resolvers answer other questions, but not this one",
        .title = "{name} cannot be looked up: no answer for this name",
        .stage = 1,
        .check = check_name_timeout,
        .one_fault_if_same = "resolver_answers",
        .ecs_reason = "dial tcp: lookup {host} on {resolver}: i/o timeout",
        .causes = {{{"resolver-forwards-domain-server",
                     "the resolver forwards this domain to a server that does not answer"},
                    {"dns-answers-get-lost",
                     "DNS answers get lost: more than 1024 packets a second from one network interface are "
                     "dropped"},
                    {"answer-too-long-udp",
                     "the answer is too long for UDP, and port 53 is closed for TCP"}}},
        .fix = {{{"List the Resolver forwarding rules and their targets", show_resolver_rules, true},
                 {"Forward the domain to Amazon's resolver at the VPC's base address + 2"}}},
        .masked_by = {"resolver-silent"},
    },

    // ── Connecting: what all share
    // ─────────────────────────────────────────────────────────────────────────────
    {
        .code = "network-unreachable",
        .meaning = "no address of any endpoint can be routed to; this machine or a router says so",
        .title = "This task has no route to any of its endpoints",
        .stage = 2,
        .task_wide = true,
        .check = check_network_unreachable,
        .ecs_reason = "dial tcp {address}:{port}: connect: network is unreachable",
        .causes = {{{"firewall-inside-task-denies", "a firewall inside the task denies it", "local_denial"},
                    {"router-way-no-route", "a router on the way has no route", "by_router"},
                    {"task-no-network-interface",
                     "the task has no network interface of its own, or no default route (network mode none, "
                     "a broken CNI)"}}},
        .fix = {{{"See where this subnet's traffic goes", show_routes, true},
                 {"Check the task definition's network mode: awsvpc gives the task its own interface"}}},
    },

    // ── Answers
    // ────────────────────────────────────────────────────────────────────────────────────────────────
    {
        .code = "no-private-names",
        .meaning = "every name that an interface endpoint should answer resolves to public addresses, and "
                   "that way is closed",
        .title = "{name} resolve to public addresses, and no way leads there from this subnet",
        .stage = 1,
        .task_wide = true,
        .check = check_no_private_names,
        .ecs_reason = "dial tcp {address}:{port}: i/o timeout",
        .causes =
            {{{"resolver-not-amazon-not", not_amazon_resolver, "own_resolver"},
              {"subnet-no-way-aws-all",
               "this subnet has no way to AWS at all: no VPC endpoints, and no NAT route either",
               "!gateway_works"},
              {"vpc-no-interface-endpoints",
               "the VPC has no interface endpoints for these services: only the gateway endpoint is there",
               "gateway_works"},
              {"interface-endpoints-exist-private",
               "the interface endpoints exist, but private DNS is off at them"},
              {"enablednshostnames-enablednssupport-off-vpc",
               "enableDnsHostnames or enableDnsSupport is off in this VPC: private names need both"},
              {"nat-route-carry-task", closed_way_out},
              {"resolver-your-not-forward", forwards_elsewhere, "!own_resolver"},
              {"endpoints-another-vpc-whose",
               "the endpoints are in another VPC whose private names are not shared with this one"}}},
        .fix = {{{"Ask Amazon's resolver, which every VPC has", ask_amazon_resolver, true, "own_resolver"},
                 {"See whether the endpoints exist, with private DNS", show_all_endpoints, true},
                 {"See both DNS attributes of the VPC (this one is often off)", show_dns_hostnames, true},
                 {"See where this subnet's other traffic goes", show_routes, true},
                 {"If there is a NAT route, see what the task's security group lets out", show_task_group,
                  true},
                 {"And the network ACL of the task's subnet", show_network_acl, true},
                 {"Create each endpoint that does not exist", create_interface_endpoint},
                 {"Turn private DNS on at each one that does", turn_private_dns_on},
                 {"Turn the VPC's DNS host names on, where they are off", turn_dns_hostnames_on}}},
        .masked_by = {"network-unreachable"},
    },
    {
        .code = "all-filtered",
        .meaning = "every address of every endpoint stays silent, and so does everything else that was tried",
        .title = "Nothing this task needs can be reached: every address stays silent",
        .stage = 2,
        .task_wide = true,
        .check = check_all_filtered,
        .ecs_reason = "dial tcp {address}:{port}: i/o timeout",
        .causes = {{{"task-security-group-lets", "the task's security group lets nothing out on port 443"},
                    {"subnet-no-way-aws",
                     "the subnet has no way to AWS at all: no endpoints, and no NAT route either",
                     "!any_private_answer"},
                    {"network-acl-task-subnet",
                     "the network ACL of the task's subnet drops port 443 out, or the answers to ports "
                     "1024-65535 in"},
                    {"security-group-all-interface",
                     "the security group that all interface endpoints share does not let this task in (and "
                     "S3, if it is among them, lacks its route)",
                     "any_private_answer"},
                    {"firewall-all-traffic-subnet",
                     "a firewall that all traffic of this subnet passes drops it"}}},
        .fix = {{{"See what the task's security group lets out", show_task_group, true},
                 {"See the network ACL of the subnet", show_network_acl, true},
                 {"See the security groups of the endpoints", show_endpoint_groups, true,
                  "any_private_answer"},
                 {"See where this subnet's traffic goes", show_routes, true},
                 {"Let the task out to the endpoints", let_task_out, false, "any_private_answer"},
                 {"Let the endpoints take it in", let_task_in, false, "any_private_answer"}}},
        .masked_by = {"no-private-names"},
    },
    {
        .code = "interface-endpoints-filtered",
        .meaning = "all interface endpoints stay silent while another way connects",
        .title = "No interface endpoint can be reached: all stay silent, while other ways work",
        .stage = 2,
        .task_wide = true,
        .check = check_interface_endpoints_filtered,
        .ecs_reason = "dial tcp {address}:{port}: i/o timeout",
        .causes = {{{"security-group-endpoints-share",
                     "the security group that the endpoints share does not let this task in on port 443 (the "
                     "VPC's default group, which an endpoint gets by default, allows only its own members)"},
                    {"task-security-group-lets-s3",
                     "the task's security group lets out to S3 or the internet, but not to the endpoints' "
                     "addresses"},
                    {"network-acl-between-subnet",
                     "a network ACL between this subnet and the endpoints' subnets drops port 443, or the "
                     "answers to ports 1024-65535"},
                    {"endpoints-another-vpc-route",
                     "the endpoints are in another VPC and the route there or back is missing"}}},
        .fix = {{{"See the security groups of the endpoints", show_endpoint_groups, true},
                 {"See what the task's security group lets out", show_task_group, true},
                 {"See the network ACL of the task's subnet", show_network_acl, true},
                 {"Let the endpoints take the task in", let_task_in},
                 {"Let the task out to the endpoints", let_task_out}}},
    },
    {
        .code = "zone-filtered",
        .meaning =
            "some addresses of an endpoint stay silent while others connect: a part of the connections fails",
        .title = "A part of {name} cannot be reached: no answer from {addresses}",
        .stage = 2,
        .check = check_zone_filtered,
        .ecs_reason = "dial tcp {address}:{port}: i/o timeout (now and then)",
        .causes = {{{"security-group-endpoint-task",
                     "the security group of the endpoint, or the task's, has rules for the other IP version "
                     "only: a rule for IPv4 lets no IPv6 through, and the other way round",
                     "by_family !public_part"},
                    {"silent-addresses-ip-version",
                     "the silent addresses are of the IP version that this subnet has no way out for",
                     "by_family public_part"},
                    {"network-acl-subnet-these",
                     "the network ACL of the subnet where these addresses are, or of the task's subnet "
                     "towards it, drops port {port} or the answers",
                     "!public_part"},
                    {"route-between-two-subnets",
                     "the route between the two subnets is missing or leads through a firewall that drops it",
                     "!public_part !by_family"},
                    {"security-group-rule-names",
                     "a security group rule names the addresses of some zones only",
                     "!public_part !by_family"},
                    {"rule-some-service-address",
                     "a rule for some of the service's address ranges is missing: a network ACL or security "
                     "group that lists ranges instead of the prefix list, or a firewall",
                     "public_part"},
                    {"endpoint-network-interface-zone",
                     "the endpoint's network interface in this zone is broken", "!public_part !by_family"}}},
        .fix = {{{"See which subnets and security groups these addresses are in", show_interfaces, true,
                  "!public_part"},
                 {"See the network ACL of the task's subnet; then the same for the endpoint's subnet",
                  show_network_acl, true},
                 {"See where this subnet's traffic goes", show_routes, true},
                 {"See what the task's security group lets out", show_task_group, true},
                 {"Add the rule for {ip_version} to the group that lacks it", "", false,
                  "by_family !public_part"},
                 {"Let the whole prefix list out", let_task_out_to_prefix_list, false, "gateway"}}},
    },

    // ── Answers and connecting: one endpoint
    // ───────────────────────────────────────────────────────────────────
    {
        .code = "private-name-missing",
        .meaning = "an interface endpoint is needed here, but the name resolves to public addresses and that "
                   "way is closed",
        .title = "{name}: the name resolves to public addresses, and no way leads there from this subnet",
        .stage = 1,
        .check = check_private_name_missing,
        .ecs_reason = "dial tcp {address}:{port}: i/o timeout",
        .causes = {{{"resolver-not-amazon-not", not_amazon_resolver, "own_resolver !others_private"},
                    {"vpc-no-interface-endpoint", "this VPC has no interface endpoint for {service_name}"},
                    {"endpoint-exists-private-dns",
                     "the endpoint exists, but private DNS is off at it, or was turned on a minute ago"},
                    {"enablednshostnames-enablednssupport-off-vpc",
                     "enableDnsHostnames or enableDnsSupport is off in this VPC: private names need both",
                     "!others_private"},
                    {"endpoint-exists-another-vpc",
                     "the endpoint exists in another VPC, and its private name is not shared with this one"},
                    {"resolver-your-not-forward", forwards_elsewhere, "!own_resolver"},
                    {"resolver-not-amazon-not", not_amazon_resolver, "own_resolver others_private"},
                    {"nat-route-carry-task", closed_way_out}}},
        .fix = {{{"Ask Amazon's resolver, which every VPC has", ask_amazon_resolver, true, "own_resolver"},
                 {"See whether the endpoint exists, with private DNS", show_endpoints, true},
                 {"If there is a NAT route, see what the task's security group lets out", show_task_group,
                  true},
                 {"Create the endpoint", create_interface_endpoint},
                 {"Or turn its private DNS on", turn_private_dns_on}}},
        .masked_by = {"network-unreachable", "no-private-names", "all-filtered"},
    },
    {
        .code = "gateway-route-missing",
        .meaning = "public addresses of a service with a gateway endpoint (S3, DynamoDB) stay silent",
        .title = "{name} cannot be reached: the addresses stay silent on {port}",
        .stage = 2,
        .check = check_gateway_route_missing,
        .ecs_reason = "dial tcp {address}:{port}: i/o timeout",
        .causes = {{{"route-table-subnet-no",
                     "the route table of this subnet has no route to a gateway endpoint for {service_name}",
                     "!internet_open"},
                    {"task-security-group-lets-nothing",
                     "the task's security group lets nothing out to the service's prefix list on {port}"},
                    {"network-acl-subnet-drops",
                     "the network ACL of the subnet drops the service's public addresses, or their answers "
                     "to ports 1024-65535"},
                    {"firewall-way-drops-service",
                     "a firewall on the way out drops this service's addresses and not all others",
                     "internet_open"}}},
        .fix = {{{"See the route table of this subnet: is there a route to a pl-… by a vpce-…?", show_routes,
                  true},
                 {"See what the task's security group lets out", show_task_group, true},
                 {"Find the service's prefix list", show_prefix_list, true},
                 {"Create the gateway endpoint (it is free)", create_gateway_endpoint, false,
                  "!internet_open"},
                 {"Let the task out to the prefix list", let_task_out_to_prefix_list}}},
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
            {{{"name-belongs-another-region",
               "the name belongs to another region, which no endpoint of this one leads to, and there is no "
               "NAT route: check the region in the task definition (awslogs-region, the image's registry)",
               "other_region"},
              {"no-vpc-endpoint-answers", no_endpoint_has_this_name, "dual_stack_name"},
              {"subnet-no-nat-route",
               "this subnet has no NAT route, and AWS offers no VPC endpoint for this name: it takes NAT, or "
               "a copy inside AWS (an ECR pull-through cache, a mirror)",
               "needs_internet !dual_stack_name"},
              {"security-group-mount-target",
               "the security group of this mount target does not let the task in on {port}", "mount_target"},
              {"security-group-endpoint-not",
               "the security group of this endpoint does not let the task in on {port} (the VPC's default "
               "group, which an endpoint gets by default, allows only its own members)",
               "private_answer"},
              {"vpc-uses-range-public-elsewhere",
               "the VPC uses this range, which is public elsewhere, for itself (say so with --vpc-cidr), and "
               "the endpoint's security group does not let the task in on {port}",
               "unowned"},
              {"address-aws-younger-table",
               "the address is AWS's and younger than the table of ranges: then the VPC has no interface "
               "endpoint with private DNS for {service_name}",
               "unowned"},
              {"resolver-your-dns-filter-answers",
               "a resolver of your own or a DNS filter answers with an address that is not the service's",
               "unowned"},
              {"task-security-group-lets-nothing-address",
               "the task's security group lets nothing out to this address on {port}"},
              {"network-acl-drops-port",
               "a network ACL drops port {port}, or the answers to ports 1024-65535"},
              {"nothing-routes-address-nothing",
               "nothing routes to this address from here, or nothing routes back", "!own_subnet"}}},
        .fix = {{{"See whether an endpoint of this VPC has the address", show_interfaces, true, "unowned"},
                 {"See whose addresses these are, and their security groups", show_interfaces, true,
                  "private_answer"},
                 {"See what the task's security group lets out", show_task_group, true},
                 {"See the network ACL of the task's subnet", show_network_acl, true, "own_subnet"},
                 {"See where this subnet's traffic goes", show_routes, true, "!own_subnet"},
                 {"Allow the task in the mount target's security group", let_task_into_mount_target, false,
                  "mount_target !private_answer"},
                 {"Let the endpoint take the task in", let_task_in, false, "private_answer"},
                 {use_the_plain_name, "", false, "dual_stack_name"}}},
        .masked_by = {"all-filtered", "interface-endpoints-filtered", "zone-filtered"},
    },
    {
        .code = "endpoint-refused",
        .meaning = "an address answers the connection with a reset: something is there and does not listen",
        .title = "{name}: connections on {port} are refused",
        .stage = 2,
        .check = check_endpoint_refused,
        .ecs_reason = "dial tcp {address}:{port}: connect: connection refused",
        .causes = {{{"name-leads-host-not",
                     "the name leads to a host that is not this service: a record in a private hosted zone "
                     "or /etc/hosts that is wrong or old",
                     "private_answer"},
                    {"firewall-proxy-way-answers", "a firewall or proxy on the way answers with a reset"},
                    {"nothing-listens", "nothing listens on {port} there", "custom"}}},
        .fix = {{{"See whose address it is", show_interfaces, true, "private_answer"},
                 {"See which private zones this VPC uses", show_hosted_zones, true, "!custom"},
                 {"See whether this subnet's traffic goes through a firewall", show_routes, true}}},
    },
    {
        .code = "no-route",
        .meaning = "this machine or a router says that the address cannot be reached",
        .title = "No route leads to {name}",
        .stage = 2,
        .check = check_no_route,
        .one_fault_if_same = "errno icmp_from",
        .ecs_reason = "dial tcp {address}:{port}: connect: no route to host",
        .causes = {{{"firewall-inside-task-host", "a firewall inside the task or its host denies it",
                     "local_denial"},
                    {"router-answered-no-route", "the router that answered has no route, or rejects it",
                     "by_router"},
                    {"host-address-down-address", "the host at this address is down, or the address is old",
                     "!by_router !dual_stack_name"},
                    {"no-vpc-endpoint-answers", no_endpoint_has_this_name, "dual_stack_name"},
                    {"task-routing-table-no", "the task's own routing table has no way there",
                     "!by_router"}}},
        .fix = {{{"See where this subnet's traffic goes", show_routes, true},
                 {"See whose address it is", show_interfaces, true, "!dual_stack_name"},
                 {use_the_plain_name, "", false, "dual_stack_name"}}},
        .masked_by = {"network-unreachable"},
    },
    {
        .code = "mixed-answers",
        .meaning = "one DNS answer holds private and public addresses: an error where one kind fails, a "
                   "warning where all work",
        .title = "{name}: private and public addresses at once",
        .stage = 1,
        .check = check_mixed_answers,
        .ecs_reason = "dial tcp {address}:{port}: i/o timeout (now and then)",
        .causes = {{{"hosted-zone-resolver-your",
                     "a hosted zone or resolver of your own adds addresses to the endpoint's"},
                    {"endpoint-ipv4-addresses-only",
                     "the endpoint has IPv4 addresses only and the name's IPv6 addresses stay public, or the "
                     "other way round"},
                    {"endpoint-being-created-changed",
                     "the endpoint is being created or changed; DNS takes a few minutes"}}},
        .fix = {{{"See which private zones this VPC uses", show_hosted_zones, true},
                 {"See the endpoint's addresses and its IP version", show_endpoints, true, "!custom"},
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
        .causes = {{{"address-younger-table", "the address is younger than the table of {ranges_date}"},
                    {"resolver-your-dns-filter",
                     "a resolver of your own or a DNS filter answers with the address of a proxy"},
                    {"vpc-uses-public-range",
                     "the VPC uses this public range for itself: say so with --vpc-cidr"}}},
        .fix = {{{"See which private zones this VPC uses", show_hosted_zones, true},
                 {"See which resolvers the VPC hands out (id from describe-vpcs)", show_dhcp_options, true}}},
    },
    {
        .code = "public-path",
        .meaning =
            "the name resolves to public addresses and that way works; an error with --require-private, but "
            "for S3 and DynamoDB never more than a note, since it may be a gateway endpoint",
        .title = "{name}: reached at public addresses, not through an interface endpoint",
        .stage = 1,
        .severity = Severity::note,
        .check = check_public_path,
        .one_fault_if_same = "",
        .causes = {{{"vpc-uses-range-public",
                     "the VPC uses this range, which is public elsewhere, for itself: say so with --vpc-cidr",
                     "unowned"},
                    {"no-interface-endpoint-private",
                     "there is no interface endpoint with private DNS, and NAT or an internet gateway "
                     "carries the traffic"},
                    {"s3-dynamodb-may-gateway",
                     "for S3 and DynamoDB it may be a gateway endpoint all the same: with a way to the "
                     "internet, the two cannot be told apart from inside",
                     "may_be_gateway"}}},
        .fix = {{{"See which endpoints exist", show_all_endpoints, true},
                 {"See the route table of this subnet: a route to a pl-… by a vpce-… is a gateway endpoint",
                  show_routes, true, "may_be_gateway"},
                 {"Create an endpoint, where the traffic should stay in the VPC", create_interface_endpoint,
                  false, "interface"}}},
    },

    // ── TLS
    // ────────────────────────────────────────────────────────────────────────────────────────────────────
    {
        .code = "tls-stalled",
        .meaning = "TCP connects, then the TLS handshake gets no further",
        .title = "{name}: connects, but the TLS handshake stands still",
        .stage = 3,
        .check = check_tls_stalled,
        .one_fault_if_same = "part_came",
        .ecs_reason = "net/http: TLS handshake timeout",
        .causes = {{{"server-not-begin-tls", no_tls_first, "may_not_be_tls"},
                    {"packets-above-size-get",
                     "packets above a size get lost on the way (an MTU black hole: a VPN, a peering or an "
                     "appliance that drops large packets without saying so); a security group cannot be it, "
                     "as TCP connects"},
                    {"firewall-proxy-way-holds",
                     "a firewall or proxy on the way holds the handshake back: TLS inspection, an SNI rule "
                     "that drops"},
                    {"other-side-overloaded", "the other side is overloaded", "custom"}}},
        .fix =
            {{{"Ask no more than TCP of it", ask_by_tcp, true, "may_not_be_tls"},
              {"See whether this subnet's traffic goes through a firewall, VPN or transit gateway",
               show_routes, true},
              {"See whose addresses these are", show_interfaces, true, "private_answer"},
              {"Lower the MTU of the task's network, or clamp the TCP MSS where the traffic leaves the VPC"},
              {"Exempt {hosts} from inspection"}}},
    },
    {
        .code = "tls-reset",
        .meaning = "the handshake is cut after ClientHello: by a reset, a close, or a fatal alert other than "
                   "protocol_version",
        .title = "{name}: the TLS handshake is cut after ClientHello",
        .stage = 3,
        .check = check_tls_reset,
        .one_fault_if_same = "cut_by",
        .ecs_reason = "read tcp: read: connection reset by peer",
        .causes =
            {{{"server-not-begin-tls", no_tls_first, "may_not_be_tls"},
              {"firewall-way-filters-name",
               "a firewall on the way filters by the name in ClientHello (SNI) and does not allow {host}",
               "!by_alert"},
              {"proxy-way-not-take", "a proxy on the way does not take TLS for this name"},
              {"server-wants-something-client",
               "the server wants something of the client: a certificate, another cipher, another name",
               "by_alert"},
              {"name-leads-host-not-service", "the name leads to a host that is not this service",
               "!custom"}}},
        .fix = {{{"Ask no more than TCP of it", ask_by_tcp, true, "may_not_be_tls"},
                 {"See whether this subnet's traffic goes through a firewall", show_routes, true},
                 {"See whose addresses these are", show_interfaces, true, "private_answer"},
                 {"Allow {hosts} in the firewall's domain list"}}},
    },
    {
        .code = "tls-not-spoken",
        .meaning = "what answers on this port does not speak TLS, or breaks it",
        .title = "{name}: what answers on {port} does not speak TLS",
        .stage = 3,
        .check = check_tls_not_spoken,
        .one_fault_if_same = "tls_detail",
        .ecs_reason = "tls: first record does not look like a TLS handshake",
        .causes = {{{"server-not-begin-tls", no_tls_first, "may_not_be_tls"},
                    {"proxy-captive-portal-way",
                     "a proxy or captive portal on the way answers in plain text"},
                    {"name-leads-host-not-service", "the name leads to a host that is not this service"},
                    {"port-wrong", "the port is wrong", "custom"}}},
        .fix = {{{"Ask no more than TCP of it", ask_by_tcp, true, "may_not_be_tls"},
                 {"See whose addresses these are", show_interfaces, true, "private_answer"},
                 {"See whether this subnet's traffic goes through a proxy or firewall", show_routes, true},
                 {"See which private zones this VPC uses", show_hosted_zones, true, "!custom"}}},
    },
    {
        .code = "tls-version-refused",
        .meaning = "the other side accepts neither TLS 1.2 nor 1.3",
        .title = "{name}: accepts neither TLS 1.2 nor 1.3",
        .stage = 3,
        .check = check_tls_version_refused,
        .one_fault_if_same = "",
        .ecs_reason = "remote error: tls: protocol version not supported",
        .causes = {{{"old-proxy-inspection-device",
                     "an old proxy or inspection device on the way answers instead of AWS, which takes both",
                     "!custom"},
                    {"server-old-set-other", "the server is old or set to other versions", "custom"}}},
        .fix = {{{"See whether this subnet's traffic goes through a proxy or firewall", show_routes, true},
                 {"Exempt {hosts} from inspection, or allow TLS 1.2 and 1.3 there"}}},
    },
    {
        .code = "certificate-untrusted",
        .meaning = "the certificate chain ends at no trusted root; the issuer is named",
        .title = "{name}: no trusted root issued the certificate",
        .stage = 3,
        .check = check_certificate_untrusted,
        .one_fault_if_same = "last_issuer",
        .ecs_reason = "tls: failed to verify certificate: x509: certificate signed by unknown authority",
        .causes = {{{"chain-names-amazon-not",
                     "the chain names Amazon, but does not end at one of its roots: an incomplete chain or "
                     "an imitation",
                     "amazon_issuer"},
                    {"tls-inspection-device-proxy",
                     "a TLS inspection device or proxy on the way answers with a certificate of its own, by "
                     "\"{last_issuer}\"",
                     "!amazon_issuer"},
                    {"name-leads-host-not-service", "the name leads to a host that is not this service",
                     "!custom"},
                    {"server-private-certificate-authority",
                     "the server has a private certificate authority: name it with --ca-file", "custom"}}},
        .fix = {{{"See whether this subnet's traffic goes through a firewall or proxy", show_routes, true},
                 {"See whose addresses these are", show_interfaces, true, "private_answer"},
                 {"Exempt {hosts} from TLS inspection: what pulls images and secrets for ECS trusts public "
                  "roots only",
                  "", false, "!custom"},
                 {"Run again with --ca-file to trust this authority", "", false, "custom"}}},
    },
    {
        .code = "certificate-name-mismatch",
        .meaning = "the certificate is trusted, but for other names",
        .title = "{name}: the certificate is for other names",
        .stage = 3,
        .check = check_certificate_name_mismatch,
        .one_fault_if_same = "subject",
        .ecs_reason =
            "tls: failed to verify certificate: x509: certificate is valid for other names, not {host}",
        .causes = {{{"record-private-hosted-zone",
                     "a record in a private hosted zone or resolver of your own leads the name to another "
                     "endpoint, load balancer or proxy"},
                    {"record-points-endpoint-another",
                     "the record points to an endpoint of another service or region", "!custom"}}},
        .fix = {{{"See whose addresses these are", show_interfaces, true, "private_answer"},
                 {"See which private zones this VPC uses", show_hosted_zones, true},
                 {"Leave the name to the endpoint's private DNS", turn_private_dns_on, false, "interface"}}},
    },
    {
        .code = "certificate-expired",
        .meaning = "the certificate is trusted, but over",
        .title = "{name}: the certificate has expired",
        .stage = 3,
        .check = check_certificate_expired,
        .one_fault_if_same = "",
        .ecs_reason = "tls: failed to verify certificate: x509: certificate has expired or is not yet valid",
        .causes = {{{"clock-runs-ahead-several",
                     "the clock here runs ahead: several certificates are over at once", "task_wide"},
                    {"something-way-answers-old",
                     "something on the way answers with an old certificate: AWS renews its own long before",
                     "!custom"},
                    {"server-certificate-not-renewed", "the server's certificate was not renewed", "custom"},
                    {"clock-runs-ahead", "the clock here runs ahead", "!task_wide"}}},
        .fix = {{{"Compare `date -u` in the task with a clock you trust"},
                 {"See whose addresses these are", show_interfaces, true, "private_answer"}}},
    },
    {
        .code = "certificate-not-yet-valid",
        .meaning = "the certificate is trusted, but has not begun",
        .title = "{name}: the certificate is not valid yet",
        .stage = 3,
        .check = check_certificate_not_yet_valid,
        .one_fault_if_same = "",
        .ecs_reason = "tls: failed to verify certificate: x509: certificate has expired or is not yet valid",
        .causes = {{{"clock-behind", "the clock here is behind"},
                    {"something-way-answers-certificate",
                     "something on the way answers with a certificate that was just made", "!custom"}}},
        .fix = {{{"Compare `date -u` in the task with a clock you trust"}}},
    },

    // ── HTTP
    // ───────────────────────────────────────────────────────────────────────────────────────────────────
    {
        .code = "http-silent",
        .meaning = "TLS stands, but no complete HTTP answer comes: silence, a reset or a close",
        .title = "{name}: TLS stands, but no HTTP answer comes",
        .stage = 4,
        .check = check_http_silent,
        .one_fault_if_same = "http_status",
        .ecs_reason = "net/http: request canceled (Client.Timeout exceeded while awaiting headers)",
        .causes = {{{"packets-above-size-get-lost",
                     "packets above a size get lost on the way (an MTU black hole)"},
                    {"firewall-proxy-way-swallows",
                     "a firewall or proxy on the way swallows the request or the answer"},
                    {"server-not-answer-question", "the server does not answer this question", "custom"},
                    {"signed-request-larger-unsigned",
                     "a signed request is larger than an unsigned one by its session token, 1 KiB and more: "
                     "packets of that size get lost",
                     "signed"},
                    {"service-itself-disturbed-see",
                     "the service itself is disturbed: see the AWS Health Dashboard", "!custom"}}},
        .fix = {{{"See whether this subnet's traffic goes through a firewall, VPN or transit gateway",
                  show_routes, true},
                 {"Lower the MTU of the task's network, or clamp the TCP MSS where the traffic leaves the "
                  "VPC"}}},
    },
    {
        .code = "http-not-aws",
        .meaning = "an HTTP answer without any AWS request id, or something that is not HTTP",
        .title = "{name}: something else than AWS answers",
        .stage = 4,
        .check = check_http_not_aws,
        .one_fault_if_same = "http_status code server",
        .ecs_reason = "unexpected status code {code}",
        .causes = {{{"proxy-way-wants-login", "a proxy on the way wants a login", "wants_proxy_login"},
                    {"proxy-filter-load-balancer", "a proxy, filter or load balancer answers instead of AWS"},
                    {"name-leads-host-not-service", "the name leads to a host that is not this service"}}},
        .fix = {{{"See whose addresses these are", show_interfaces, true, "private_answer"},
                 {"See whether this subnet's traffic goes through a proxy or firewall", show_routes, true},
                 {"See which private zones this VPC uses", show_hosted_zones, true}}},
    },
    {
        .code = "clock-skewed",
        .meaning = "the local clock is more than 5 minutes off AWS's: signed requests are rejected",
        .title = "The local clock is wrong: {offset}",
        .stage = 5,
        .task_wide = true,
        .check = check_clock_skewed,
        .ecs_reason = "SignatureDoesNotMatch or RequestTimeTooSkewed",
        .causes = {{{"host-clock-not-synchronised",
                     "the host's clock is not synchronised (on EC2: chrony does not reach 169.254.169.123)"},
                    {"something-container-changes-clock",
                     "something in the container changes the clock it sees (libfaketime, a VM's clock)"}}},
        .fix = {{{"Compare `date -u` in the task with a clock you trust"},
                 {"On EC2, see whether chrony is synchronised: chronyc tracking", "", true},
                 {"On Fargate, stop the task and start another: it lands on another host"}}},
    },

    {
        .code = "credentials-missing",
        .meaning = "there are no credentials to sign a call with: permissions could not be checked; a note "
                   "where nothing that is known of the task needs any",
        .title = "There are no credentials to sign a call with",
        .stage = 5,
        .task_wide = true,
        .check = check_credentials,
        .causes = {{{"aws-access-key-id",
                     "AWS_ACCESS_KEY_ID is set, and the rest of the key is missing or malformed",
                     "in_environment"},
                    {"task-definition-names-no",
                     "the task definition names no role for this (executionRoleArn, taskRoleArn; a container "
                     "gets the credentials of taskRoleArn alone)"},
                    {"ec2-instance-no-role",
                     "on EC2: the instance has no role, or its metadata cannot be reached from the container",
                     "!asked_directly"}}},
        .fix = {{{"See which roles the task definition names", show_task_definition, true},
                 {"Give the task definition the role that is missing, and register it again"},
                 {"Or check as the execution role: run the task once with it as its task role, and --role "
                  "execution",
                  "aws ecs run-task --region {region} --cluster <cluster> --task-definition <family> "
                  "--launch-type FARGATE --network-configuration "
                  "'awsvpcConfiguration={subnets=[<subnet-id>],securityGroups=[<task-sg-id>]}' --overrides "
                  "'{\"taskRoleArn\":\"<execution-role-arn>\"}'"}}},
    },
    {
        .code = "credentials-unreachable",
        .meaning = "the place where the role's credentials come from does not answer, or with an error",
        .title = "The role's credentials cannot be fetched: their address does not answer as it should",
        .stage = 5,
        .task_wide = true,
        .check = check_credentials,
        .causes =
            {{{"agent-no-credentials-id",
               "the agent has no credentials for this id (yet): the role is new, gone, or its trust policy "
               "does not name ecs-tasks.amazonaws.com",
               "answered"},
              {"proxy-variable-sends-request",
               "a proxy variable sends the request to a proxy: 169.254.170.2 is missing in NO_PROXY",
               "!asked_directly"},
              {"container-no-way-169",
               "this container has no way to 169.254.170.2: something in it changes routes or iptables, as a "
               "service mesh does",
               "asked_directly"},
              {"ec2-agent-down-iptables",
               "on EC2: the agent is down, or iptables on the instance does not let the container through"},
              {"hop-limit-instance-metadata",
               "the hop limit of the instance metadata is 1 and the container is one hop further",
               "!asked_directly"}}},
        .fix = {{{"Put 169.254.170.2 and 169.254.169.254 into NO_PROXY", "", false, "!asked_directly"},
                 {"See which roles the task definition names", show_task_definition, true},
                 {"See the role and the metadata options of the instance, on EC2",
                  "aws ec2 describe-instances --region {region} --instance-ids <instance-id> --query "
                  "'Reservations[].Instances[].[IamInstanceProfile,MetadataOptions]'",
                  true}}},
    },
    {
        .code = "credentials-expired",
        .meaning = "the credentials are over",
        .title = "The credentials have expired",
        .stage = 5,
        .task_wide = true,
        .check = check_credentials_expired,
        .ecs_reason = "ExpiredTokenException",
        .causes = {{{"fixed-credentials-task-environment",
                     "fixed credentials in the task's environment go before the role's"},
                    {"program-keeps-credentials-not",
                     "the program keeps credentials and does not renew them"},
                    {"clock-wrong", "the clock here is wrong"}}},
        .fix = {{{"Take fixed credentials out of the task definition's environment", show_task_definition,
                  true},
                 {"Start the task again: it gets new ones"}}},
        .masked_by = {"clock-skewed"},
    },
    {
        .code = "signature-rejected",
        .meaning = "AWS does not accept the request's signature or its key",
        .title = "{name}: the request's signature is not accepted",
        .stage = 5,
        .check = check_calls,
        .one_fault_if_same = "error",
        .blame = Blame::permission,
        .ecs_reason = "{error}",
        .causes = {{{"access-key-wrong-deleted",
                     "the access key is wrong, deleted, or belongs to another partition or to a region not "
                     "enabled"},
                    {"clock-wrong", "the clock here is wrong"},
                    {"proxy-way-changes-request", "a proxy on the way changes the request"}}},
        .fix = {{{"Compare `date -u` in the task with a clock you trust"},
                 {"See whose credentials these are", "aws sts get-caller-identity", true}}},
        .masked_by = {"clock-skewed"},
    },
    {
        .code = "throttled",
        .meaning = "the other side refuses for now: too many requests, or an error of its own (5xx)",
        .title = "{name} refuses for now: too many requests, or an error of its own",
        .stage = 5,
        .severity = Severity::warning,
        .check = check_calls,
        .causes = {{{"many-tasks-start-once", "many tasks start at once and pull or ask at the same time"},
                    {"public-registry-counts-address",
                     "a public registry counts by address: all tasks behind one NAT gateway share its limit"},
                    {"service-itself-disturbed-answer",
                     "the service itself is disturbed (an answer 5xx): see the AWS Health Dashboard"}}},
        .fix = {{{"Run again: what was refused was not checked"},
                 {"Start fewer tasks at once, or let them retry"},
                 {"Keep public images in ECR (a pull-through cache), or log in to the registry",
                  "aws ecr describe-pull-through-cache-rules --region {service_region}", true}}},
    },
    {
        .code = "api-error-unknown",
        .meaning = "a signed call gets an error that speaks of no policy: what the policies say is not known",
        .title = "{name} refuses a signed call but speaks of no policy: whether it lets the task's call "
                 "through is not known",
        .stage = 5,
        .severity = Severity::warning,
        .check = check_calls,
        .causes = {{{"answers-not-aws-api",
                     "what answers there is not AWS's API alone: a proxy on the way changes its answers",
                     "unreadable"},
                    {"name-asked-about-not",
                     "the name that was asked about is not one that the service takes"},
                    {"service-wants-call-another",
                     "the service wants this call in another way than the probe makes it, in this region or "
                     "by this endpoint"}}},
        .fix = {{{"Compare the name with the one in the task definition", show_task_definition, true},
                 {"Make the same call with the AWS CLI, and read its error"}}},
    },

    // ── Refusals
    // ───────────────────────────────────────────────────────────────────────────────────────────────
    {
        .code = "denied-endpoint-policy",
        .meaning = "the policy of the VPC endpoint does not allow the call, whoever makes it; a note where "
                   "the probe asked for a name of its own",
        .title = "{name}: reached, and the policy of its VPC endpoint refuses",
        .stage = 5,
        .check = check_calls,
        .refuses = Refuses::anyone,
        .blame = Blame::permission,
        .ecs_reason = "{error}: {message}",
        .causes =
            {{{"policy-goes-names-probe", only_other_names, "made_up"},
              {"object-not-s3-names", not_listed, "other_action"},
              {"endpoint-policy-not-allow",
               "the endpoint's policy does not allow {action} for this role, account or resource",
               "!explicit_deny"},
              {"statement-endpoint-policy-denies",
               "a statement of the endpoint's policy denies {action} for this role, account or resource",
               "explicit_deny"},
              {"policy-names-principals-role", only_other_principals, "other_role"}}},
        .fix = {{{"See the endpoint's policy", show_endpoint_policy, true},
                 {"Allow the call there, and take out or narrow a Deny that fits it; other policies may "
                  "refuse next: a denial names only one",
                  set_endpoint_policy, false, "!made_up"}}},
    },
    {
        .code = "denied-identity-policy",
        .meaning = "no policy of the role allows the call, or one denies it; a note where the task makes the "
                   "call as another role",
        .title_of_note = refused_without_weight,
        .title = "{name}: reached, and the role's own policy refuses",
        .stage = 5,
        .check = check_calls,
        .one_fault_if_same = "principal other_role beyond_managed_policy explicit_deny",
        .refuses = Refuses::role,
        .blame = Blame::permission,
        .ecs_reason = "{error}: {message}",
        .causes = {{{"probe-asked-another-role", asked_as_another_role, "other_role"},
                    {"policy-goes-names-probe", only_other_names, "made_up"},
                    {"object-not-s3-names", not_listed, "other_action"},
                    {"role-policies-not-allow", "the role's policies do not allow {actions} on this resource",
                     "!explicit_deny"},
                    {"statement-policy-role-denies",
                     "a statement in a policy of the role denies {actions}: a Deny wins over whatever else "
                     "allows it",
                     "explicit_deny"},
                    {"another-role-you-think",
                     "it is another role than you think: pull, secrets and awslogs use the execution role, "
                     "the program in the container the task role"}}},
        .fix = {{{"See the role's managed policies", list_role_policies, true},
                 {"See its inline policies", list_inline_policies, true},
                 {"Give the execution role what ECS needs; other policies may refuse next: a denial names "
                  "only one",
                  "aws iam attach-role-policy --role-name {role_name} --policy-arn "
                  "arn:{partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
                  false, "!beyond_managed_policy"},
                 {"Allow {actions} in a policy of the role (AWS's own execution role policy does not); other "
                  "policies may refuse next: a denial names only one",
                  "aws iam put-role-policy --role-name {role_name} --policy-name <policy-name> "
                  "--policy-document file://<policy.json>",
                  false, "wants_own_policy"},
                 {"Find the Deny statement that fits {actions} and take it out or narrow it; other policies "
                  "may refuse next: a denial names only one",
                  "", false, "wants_deny_gone"}}},
    },
    {
        .code = "denied-resource-policy",
        .meaning = "the policy on the resource, or the trust policy of a role, does not allow the call; a "
                   "note where the task makes the call as another role",
        .title_of_note = refused_without_weight,
        .title = "{name}: the policy on the resource, or the role's trust policy, refuses",
        .stage = 5,
        .check = check_calls,
        .refuses = Refuses::role,
        .blame = Blame::permission,
        .ecs_reason = "{error}: {message}",
        .causes = {{{"policy-goes-names-probe", only_other_names, "made_up"},
                    {"probe-asked-another-role", asked_as_another_role, "other_role"},
                    {"resource-policy-repository-secret",
                     "the resource's own policy (repository, secret, bucket, key) does not allow this role "
                     "or account",
                     "!explicit_deny !assumes_role"},
                    {"statement-resource-policy-repository",
                     "a statement in the resource's own policy (repository, secret, bucket, key) denies this "
                     "role or account",
                     "explicit_deny"},
                    {"trust-policy-role-not",
                     "the trust policy of the role does not name ecs-tasks.amazonaws.com, or its conditions "
                     "(account, source ARN) do not hold"},
                    {"role-gone-task-definition", "the role is gone, or the task definition misspells it",
                     "assumes_role"}}},
        .fix = {{{"See the secret's policy, where a secret is refused",
                  "aws secretsmanager get-resource-policy --region {service_region} --secret-id {secret}",
                  true, "!assumes_role"},
                 {"See the repository's policy, where an image is refused",
                  "aws ecr get-repository-policy --region {service_region} --repository-name <repository>",
                  true, "!assumes_role"},
                 {"See the role's trust policy", show_role, true},
                 {"Allow the call there; other policies may refuse next: a denial names only one"}}},
    },
    {
        .code = "denied-scp",
        .meaning = "a service control policy of the organization refuses, whichever role of the account asks",
        .title = "{name}: reached, and a service control policy refuses",
        .stage = 5,
        .check = check_calls,
        .one_fault_if_same = "explicit_deny",
        .refuses = Refuses::account,
        .blame = Blame::permission,
        .ecs_reason = "{error}: {message}",
        .causes = {{{"policy-goes-names-probe", only_other_names, "made_up"},
                    {"organization-not-allow-account",
                     "the organization does not allow {actions} in this account or region", "!explicit_deny"},
                    {"statement-policy-organization-denies",
                     "a statement in a policy of the organization denies {actions} in this account or region",
                     "explicit_deny"},
                    {"policy-names-principals-role", only_other_principals, "other_role"}}},
        .fix = {{{"Ask those who run the organization; they see it with",
                  "aws organizations list-policies-for-target --target-id {account} --filter "
                  "SERVICE_CONTROL_POLICY",
                  true},
                 {"Then run again: other policies may refuse next, a denial names only one"}}},
    },
    {
        .code = "denied-rcp",
        .meaning = "a resource control policy of the organization refuses, whichever role asks",
        .title = "{name}: reached, and a resource control policy refuses",
        .stage = 5,
        .check = check_calls,
        .one_fault_if_same = "explicit_deny",
        .refuses = Refuses::account,
        .blame = Blame::permission,
        .ecs_reason = "{error}: {message}",
        .causes = {{{"policy-goes-names-probe", only_other_names, "made_up"},
                    {"organization-owns-resource-not",
                     "the organization that owns the resource does not allow {actions} for this role",
                     "!explicit_deny"},
                    {"policy-organization-owns-resource",
                     "a policy of the organization that owns the resource denies {actions} for this role",
                     "explicit_deny"},
                    {"policy-names-principals-role", only_other_principals, "other_role"}}},
        .fix = {{{"Ask those who run the organization that owns the resource: only they see its policies"},
                 {"Then run again: other policies may refuse next, a denial names only one"}}},
    },
    {
        .code = "denied-boundary",
        .meaning =
            "the role's permissions boundary refuses; a note where the task makes the call as another role",
        .title_of_note = refused_without_weight,
        .title = "{name}: reached, and the role's permissions boundary refuses",
        .stage = 5,
        .check = check_calls,
        .one_fault_if_same = "principal other_role explicit_deny",
        .refuses = Refuses::role,
        .blame = Blame::permission,
        .ecs_reason = "{error}: {message}",
        .causes = {{{"probe-asked-another-role", asked_as_another_role, "other_role"},
                    {"policy-goes-names-probe", only_other_names, "made_up"},
                    {"boundary-role-not-hold",
                     "the boundary of the role does not hold {actions}, whatever its policies allow",
                     "!explicit_deny"},
                    {"statement-boundary-role-denies",
                     "a statement in the boundary of the role denies {actions}, whatever its policies allow",
                     "explicit_deny"}}},
        .fix = {{{"See which boundary the role has", show_role, true},
                 {"Then run again: other policies may refuse next, a denial names only one"}}},
    },
    {
        .code = "denied-session-policy",
        .meaning = "the policy of the session refuses; a note where the task makes the call as another role",
        .title_of_note = refused_without_weight,
        .title = "{name}: reached, and the session's policy refuses",
        .stage = 5,
        .check = check_calls,
        .one_fault_if_same = "principal other_role explicit_deny",
        .refuses = Refuses::role,
        .blame = Blame::permission,
        .ecs_reason = "{error}: {message}",
        .causes =
            {{{"probe-asked-another-role", asked_as_another_role, "other_role"},
              {"policy-goes-names-probe", only_other_names, "made_up"},
              {"whoever-took-role-gave",
               "whoever took on the role gave the session a policy of its own, which does not hold {actions}",
               "!explicit_deny"},
              {"whoever-took-role-gave-session",
               "whoever took on the role gave the session a policy of its own, which denies {actions}",
               "explicit_deny"}}},
        .fix = {{{"Look for the AssumeRole call in CloudTrail and its policy",
                  "aws cloudtrail lookup-events --region {region} --lookup-attributes "
                  "AttributeKey=EventName,AttributeValue=AssumeRole",
                  true},
                 {"Then run again: other policies may refuse next, a denial names only one"}}},
    },
    {
        .code = "denied-unspecified",
        .meaning = "the call is refused, and the answer does not say by which policy; a note where the task "
                   "makes the call as another role",
        .title_of_note = refused_without_weight,
        .title = "{name}: reached, and refuses without naming the policy",
        .stage = 5,
        .check = check_calls,
        .refuses = Refuses::role,
        .blame = Blame::permission,
        .ecs_reason = "{error}: {message}",
        .causes = {{{"probe-asked-another-role", asked_as_another_role, "other_role"},
                    {"policy-goes-names-probe", only_other_names, "made_up"},
                    {"ecs-asks-service-linked", ecs_asks_itself, "by_ecs"},
                    {"role-policies-not-allow-call", "the role's policies do not allow the call",
                     "!elsewhere !by_ecs"},
                    {"vpc-endpoint-policy-not", "the VPC endpoint's policy does not allow it",
                     "!elsewhere !by_ecs"},
                    {"resource-policy-kms-key", "the resource's own policy, or its KMS key's, does not",
                     "!elsewhere !by_ecs"},
                    {"image-private-ecs-logs", private_image, "elsewhere"},
                    {"repository-not-exist-many", hidden_repository, "elsewhere"}}},
        .fix = {{{has_repository_credentials, show_task_definition, true, "elsewhere"},
                 {"See ECS's own role", "aws iam get-role --role-name AWSServiceRoleForECS", true, "by_ecs"},
                 {"Make it, if it is missing",
                  "aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com", false, "by_ecs"},
                 {"See the role's managed policies", list_role_policies, true, "!elsewhere !by_ecs"},
                 {"See the endpoint's policy", show_endpoint_policy, true, "!elsewhere !by_ecs"},
                 {"Look for the call in CloudTrail: its error often says more",
                  "aws cloudtrail lookup-events --region {region} --lookup-attributes "
                  "AttributeKey=Username,AttributeValue=<session-name>",
                  true, "!elsewhere"}}},
    },

    // ── Objects
    // ─────────────────────────────────────────────────────────────────────────────────────────────────
    {
        .code = "secret-not-found",
        .meaning = "Secrets Manager has no such secret",
        .title = "{name} has no such secret in {service_region}, in this account",
        .stage = 6,
        .check = check_objects,
        .blame = Blame::missing,
        .ecs_reason = "{message}",
        .causes = {{{"arn-another-region-account",
                     "the ARN is of another region or account, or its six random characters are wrong"},
                    {"secret-deleted-marked", "the secret is deleted, or marked for it"},
                    {"no-value-yet-no", "it has no value yet, or no version with this stage"}}},
        .fix = {{{"See whether it is there",
                  "aws secretsmanager describe-secret --region {service_region} --secret-id {secret}", true},
                 {"Take it back, if it is marked for deletion",
                  "aws secretsmanager restore-secret --region {service_region} --secret-id {secret}"}}},
    },
    {
        .code = "parameter-not-found",
        .meaning = "Parameter Store has no such parameter",
        .title = "{name} has no such parameter in {service_region}, in this account",
        .stage = 6,
        .check = check_objects,
        .blame = Blame::missing,
        .ecs_reason = "{parameter}",
        .causes = {{{"name-misspelt-lacks-leading",
                     "the name is misspelt, or lacks its leading slash or path"},
                    {"another-region-account-bare",
                     "it is in another region or account; a bare name means the task's own region"}}},
        .fix = {{{"See whether it is there",
                  "aws ssm describe-parameters --region {service_region} --parameter-filters "
                  "Key=Name,Option=Contains,Values=<name>",
                  true}}},
    },
    {
        .code = "log-group-not-found",
        .meaning = "CloudWatch Logs has no such log group",
        .title = "{name} has no such log group in {service_region}, in this account",
        .stage = 6,
        .check = check_objects,
        .blame = Blame::missing,
        .ecs_reason = "ResourceNotFoundException: The specified log group does not exist.",
        .causes = {{{"group-never-created-awslogs",
                     "the group was never created: awslogs does that only with awslogs-create-group"},
                    {"awslogs-region-names-another", "awslogs-region names another region than the group's"},
                    {"name-misspelt", "the name is misspelt"}}},
        .fix =
            {{{"See which groups there are",
               "aws logs describe-log-groups --region {service_region} --log-group-name-prefix {log_group}",
               true},
              {"Create it",
               "aws logs create-log-group --region {service_region} --log-group-name {log_group}"}}},
    },
    {
        .code = "environment-file-not-found",
        .meaning = "S3 has no such environment file or FireLens configuration, or no such bucket",
        .title = "{name} has no such environment file or FireLens configuration",
        .stage = 6,
        .check = check_objects,
        .blame = Blame::missing,
        .ecs_reason = "{error}: {message}",
        .causes = {{{"file-never-uploaded-key",
                     "the file was never uploaded, or its key is misspelt: keys tell capitals apart"},
                    {"arn-names-another-bucket", "the ARN names another bucket"},
                    {"file-deleted-bucket", "the file is deleted, or the bucket is"}}},
        .fix = {{{"See which files there are",
                  "aws s3api list-objects-v2 --bucket <bucket> --prefix <prefix>", true},
                 {"Upload it", "aws s3api put-object --bucket <bucket> --key <key> --body <file>"},
                 {"Or correct the ARN in the task definition", show_task_definition, true}}},
    },

    // ── Images
    // ───────────────────────────────────────────────────────────────────────────────────────────────────
    {
        .code = "registry-answer-unusable",
        .meaning = "a pull gets an answer that no client can use: a server error, no or broken JSON, too "
                   "much, silence, redirects in a circle or away from https",
        .title = "{name}: an answer to the image pull cannot be used",
        .stage = 4,
        .check = check_registry_answer_unusable,
        .ecs_reason = "{failure}",
        .causes = {{{"registry-store-behind-disturbed", "the registry, or the store behind it, is disturbed",
                     "server_error"},
                    {"set-up-wrongly-sends",
                     "it is set up wrongly: it sends the pull where no client may follow", "bad_redirect"},
                    {"packets-above-size-get-lost",
                     "packets above a size get lost on the way (an MTU black hole)", "stalled"},
                    {"proxy-filter-way-answers",
                     "a proxy or filter on the way answers instead, or cuts the answer"},
                    {"registry-store-behind-disturbed", "the registry, or the store behind it, is disturbed",
                     "cut_off"}}},
        .fix =
            {{{"Ask for the manifest from elsewhere: docker buildx imagetools inspect {image}", "", true},
              {"See whether this subnet's traffic goes through a proxy or firewall", show_routes, true},
              {"Take the proxy or filter off the way to {hop_host}, or ask the registry's owner to fix it"}}},
    },
    {
        .code = "repository-not-found",
        .meaning = "the registry has no such repository",
        .title = "{name} has no such repository",
        .stage = 6,
        .check = check_repository_not_found,
        .blame = Blame::missing,
        .ecs_reason = "not found",
        .causes = {{{"name-account-region-image",
                     "the name, the account or the region in the image reference is wrong", "!elsewhere"},
                    {"another-account-policy-not",
                     "it is in another account, and its policy does not show it to this role", "!elsewhere"},
                    {"repository-pull-through-cache", first_pull_through_cache, "!elsewhere"},
                    {"image-private-name-misspelt", "the image is private there, or its name is misspelt",
                     "elsewhere"}}},
        .fix = {{{"See which repositories there are", show_repositories, true, "!elsewhere"},
                 {"Write the image as ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG", "", false,
                  "!elsewhere"},
                 {"Correct the repository's name in the task definition, or create it there", "", false,
                  "elsewhere"}}},
    },
    {
        .code = "image-not-found",
        .meaning = "the repository has no such tag or digest",
        .title = "{name} has the repository, and no such image in it",
        .stage = 6,
        .check = check_image_not_found,
        .blame = Blame::missing,
        .ecs_reason = "not found",
        .causes = {{{"tag-never-pushed-misspelt", "the tag was never pushed, or is misspelt"},
                    {"lifecycle-policy-deleted", "a lifecycle policy has deleted it", "!elsewhere"},
                    {"pushed-another-region-account", "it was pushed to another region or account",
                     "!elsewhere"},
                    {"repository-pull-through-cache", first_pull_through_cache, "!elsewhere"}}},
        .fix = {{{"See which images there are", show_images, true, "!elsewhere"},
                 {"Push it, or name one that is there; a digest cannot move, a tag can"}}},
    },
    {
        .code = "image-platform-mismatch",
        .meaning = "the image is for another platform than the task runs on",
        .title = "The image is for another platform than the task runs on",
        .stage = 6,
        .check = check_image_platform_mismatch,
        .blame = Blame::missing,
        .ecs_reason = "image Manifest does not contain descriptor matching platform",
        .causes = {{{"built-machine-other-kind",
                     "it was built on a machine of the other kind: an Apple or Graviton processor makes "
                     "arm64, the task runs on X86_64, or the other way round"},
                    {"runtimeplatform-task-definition-missing",
                     "runtimePlatform in the task definition is missing: then it is Linux on X86_64"},
                    {"entry-point-script-without", "the entry point is a script without a #! line",
                     "!platform_seen"}}},
        .fix = {{{"See what the task definition says", show_task_definition, true},
                 {"Build for both: docker buildx build --platform linux/amd64,linux/arm64"},
                 {"Or set runtimePlatform.cpuArchitecture to the image's"}}},
    },
    {
        .code = "layer-unreachable",
        .meaning = "the registry answers, and the host it sends to for the layers does not: no name, no TCP, "
                   "no TLS or no answer",
        .title = "The image's layers cannot be fetched: their host does not answer",
        .stage = 6,
        .check = check_layer_unreachable,
        .ecs_reason = "{failure}",
        .causes = {{{"name-layers-host-not",
                     "the name of the layers' host does not resolve here: a private hosted zone or a DNS "
                     "firewall rule stands over it",
                     "unresolved"},
                    {"task-security-group-lets-443",
                     "the task's security group lets 443 out to some addresses of S3 only: it needs the "
                     "whole prefix list {service_name}",
                     "closed gateway !other_region"},
                    {"route-table-subnet-routes",
                     "the route table of this subnet has routes to some of S3 only, not the gateway "
                     "endpoint's prefix list",
                     "closed gateway !other_region"},
                    {"registry-another-region-gateway",
                     "the registry is in another region: a gateway endpoint serves its own region only",
                     "closed other_region"},
                    {"subnet-no-way-host",
                     "this subnet has no way to the host where the registry keeps its layers",
                     "closed other_store"},
                    {"packets-above-size-get-lost",
                     "packets above a size get lost on the way (an MTU black hole)", "stalled"},
                    {"firewall-proxy-way-not",
                     "a firewall or proxy on the way does not let {hop_host} through", "!unresolved"}}},
        .fix =
            {{{"See which private zones this VPC uses", show_hosted_zones, true, "unresolved"},
              {"See which domains are forwarded", show_resolver_rules, true, "unresolved"},
              {"Put {hop_host} into the zone that stands over it, or take the zone or rule away", "", false,
               "unresolved"},
              {"See where this subnet's traffic goes", show_routes, true, "!unresolved"},
              {"See what the task's group lets out", show_task_group, true, "closed"},
              {"See the prefix list's id", show_prefix_list, true, "closed gateway !other_region"},
              {"Open 443 to the prefix list, if that is missing", let_task_out_to_prefix_list, false,
               "closed gateway !other_region"},
              {"Create the gateway endpoint, if there is none", create_gateway_endpoint, false,
               "closed gateway !other_region"},
              {"Give this subnet a way to {hop_host} (a NAT route), or keep the image in ECR of this region",
               "", false, "!unresolved"}}},
        .masked_by = {"resolver-silent",
                      "name-not-found",
                      "name-empty",
                      "name-server-failure",
                      "name-timeout",
                      "no-private-names",
                      "network-unreachable",
                      "all-filtered",
                      "interface-endpoints-filtered",
                      "private-name-missing",
                      "gateway-route-missing",
                      "endpoint-filtered",
                      "endpoint-refused",
                      "no-route",
                      "tls-stalled",
                      "tls-reset",
                      "tls-not-spoken",
                      "tls-version-refused",
                      "certificate-untrusted",
                      "certificate-name-mismatch",
                      "certificate-expired",
                      "certificate-not-yet-valid",
                      "http-silent",
                      "http-not-aws"},
    },
    {
        .code = "layer-denied",
        .meaning = "the host of an image layer refuses the registry's link (HTTP 403): for ECR, the policy "
                   "of the S3 endpoint",
        .title = "The image's layers are refused: the manifest came, {name} answers 403",
        .stage = 6,
        .check = check_layer_denied,
        .blame = Blame::permission,
        .ecs_reason = "unexpected status code",
        .causes =
            {{{"link-layer-had-expired",
               "the link to the layer had expired: the clock here is wrong, or the pull is very slow",
               "link_expired"},
              {"policy-s3-endpoint-not",
               "the policy of the S3 endpoint does not allow s3:GetObject on ECR's own bucket, "
               "arn:{partition}:s3:::{layer_bucket}/* (a NAT route cannot go around a gateway endpoint)",
               "!other_store"},
              {"registry-store-wants-login",
               "the registry or its store wants a login that it did not get, or does not serve this address",
               "other_store"},
              {"link-layer-had-expired",
               "the link to the layer had expired: the clock here is wrong, or the pull is very slow",
               "!link_expired"},
              {"policy-organization-proxy-refuses", "a policy of the organization or a proxy refuses",
               "!other_store"},
              {"proxy-filter-way-refuses-2", "a proxy or filter on the way refuses", "other_store"}}},
        .fix = {{{"See the policy of the S3 endpoint", show_endpoint_policy, true, "!other_store"},
                 {"Allow s3:GetObject on arn:{partition}:s3:::{layer_bucket}/* there", set_endpoint_policy,
                  false, "!other_store"},
                 {"Ask those who run the registry why {hop_host} refuses", "", false, "other_store"}}},
    },
    {
        .code = "registry-login-required",
        .meaning = "a registry refuses without a login of its own, so its image was not checked any further; "
                   "a warning where its 403 has no registry's words",
        .title = "{name} refuses without a login: its image was not checked any further",
        .severity = Severity::note,
        .check = check_registry_login_required,
        .causes = {{{"proxy-filter-way-refuses",
                     "a proxy or filter on the way refuses instead: the answer has no registry's words",
                     "unexplained"},
                    {"image-private-ecs-logs", private_image},
                    {"repository-not-exist-many", hidden_repository}}},
        .fix = {{{has_repository_credentials, show_task_definition, true},
                 {"Try the name with a login: docker manifest inspect {image}"}}},
    },

    // ── It works and is fragile, or is worth knowing
    // ───────────────────────────────────────────────────────────
    {
        .code = "single-zone-endpoint",
        .meaning = "an interface endpoint has an address in one zone only",
        .title = "{name}: one address only, so one zone's failure takes it away",
        .severity = Severity::warning,
        .check = check_single_zone_endpoint,
        .one_fault_if_same = "",
        .causes = {{{"endpoint-created-subnet", "the endpoint was created in one subnet"},
                    {"addresses-other-zones-unhealthy", "its addresses in other zones are unhealthy"}}},
        .fix = {{{"See the endpoint's subnets", show_all_endpoints, true},
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
        .causes = {{{"endpoints-subnets-nothing-wrong",
                     "the endpoints have subnets of their own: then nothing is wrong",
                     "!others_in_own_subnet"},
                    {"endpoint-no-network-interface",
                     "the endpoint has no network interface in this zone: traffic crosses zones, which costs "
                     "and ties this zone to another"}}},
        .fix = {{{"See the endpoint's subnets and their zones", show_all_endpoints, true},
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
        .causes = {{{"traffic-takes-detour-central",
                     "the traffic takes a detour: a central endpoint or firewall in another region, a VPN"},
                    {"name-leads-another-region", "the name leads to another region"},
                    {"way-overloaded", "the way is overloaded"}}},
        .fix = {{{"See where this subnet's traffic goes", show_routes, true},
                 {"See whether this VPC has an endpoint of its own", show_all_endpoints, true}}},
    },
    {
        .code = "packet-loss",
        .meaning = "a SYN had to be sent again before the connection stood",
        .title = "{name}: connects, but packets get lost on the way",
        .severity = Severity::warning,
        .check = check_packet_loss,
        .one_fault_if_same = "",
        .causes = {{{"way-overloaded-nat-instance",
                     "the way is overloaded: a NAT instance, a firewall, a VPN"},
                    {"instance-network-interface-bandwidth",
                     "the instance's or network interface's bandwidth or packet limit is used up"},
                    {"firewall-forwards-first-packet",
                     "a firewall forwards the first packet of a connection late"}}},
        .fix = {{{"Run again: once may be chance, twice is not"},
                 {"See where this subnet's traffic goes", show_routes, true}}},
    },
    {
        .code = "proxy-in-environment",
        .meaning = "a proxy variable is set: programs in this task may take another way than the probes did",
        .title = "{variables}: set, so programs here may go through a proxy",
        .severity = Severity::note,
        .task_wide = true,
        .check = check_proxy_in_environment,
        .causes = {{{"ecs-itself-image-secrets",
                     "what ECS itself does (image, secrets, logs) does not use these variables"}}},
        .fix =
            {{{"Put .amazonaws.com, 169.254.170.2 and 169.254.169.254 into NO_PROXY where endpoints exist"}}},
    },
    {
        .code = "internet-egress-open",
        .meaning =
            "a public address outside every gateway endpoint connects: this subnet has a way to the internet",
        .title = "This subnet has a way to the internet",
        .severity = Severity::note,
        .task_wide = true,
        .check = check_internet_egress_open,
        .causes = {{{"nat-route-internet-gateway",
                     "a NAT route (or an internet gateway or a firewall) carries the traffic"}}},
        .fix = {{{"See where this subnet's traffic goes", show_routes, true}}},
    },
};

// What a Condition may name, besides what an endpoint is. An evidence that no check sets would never hold, so
// a typo must not build.
constexpr std::string_view flags[] = {"interface",
                                      "gateway",
                                      "none",
                                      "mount_target",
                                      "custom",
                                      "task_wide",
                                      "unreachable",
                                      "first_is_silent",
                                      "local_denial",
                                      "by_router",
                                      "gateway_works",
                                      "any_private_answer",
                                      "by_family",
                                      "public_part",
                                      "other_region",
                                      "needs_internet",
                                      "others_private",
                                      "internet_open",
                                      "private_answer",
                                      "own_subnet",
                                      "may_be_gateway",
                                      "by_alert",
                                      "amazon_issuer",
                                      "wants_proxy_login",
                                      "others_in_own_subnet",
                                      "in_environment",
                                      "answered",
                                      "other_role",
                                      "made_up",
                                      "sample",
                                      "signed",
                                      "asked_directly",
                                      "beyond_managed_policy",
                                      "wants_own_policy",
                                      "explicit_deny",
                                      "wants_deny_gone",
                                      "other_action",
                                      "server_error",
                                      "bad_redirect",
                                      "stalled",
                                      "elsewhere",
                                      "platform_seen",
                                      "other_store",
                                      "closed",
                                      "unresolved",
                                      "link_expired",
                                      "unexplained",
                                      "cut_off",
                                      "unreadable",
                                      "unowned",
                                      "own_resolver",
                                      "may_not_be_tls",
                                      "dual_stack_name",
                                      "assumes_role",
                                      "by_ecs"};

constexpr bool is_flag(std::string_view word) {
  if (word.starts_with('!')) word.remove_prefix(1);
  return std::find(std::begin(flags), std::end(flags), word) != std::end(flags);
}

constexpr bool conditions_exist() {
  for (const Rule& rule : table) {
    for (const RuleCause& cause : rule.causes) {
      if (!all_words(cause.when, is_flag)) return false;
    }
    for (const RuleFix& fix : rule.fix) {
      if (!all_words(fix.when, is_flag)) return false;
    }
  }
  return true;
}

/// A mask names a code of an earlier row: so every one exists, and none goes round in circles.
constexpr bool masks_name_earlier_rows() {
  for (std::size_t row = 0; row < std::size(table); ++row) {
    for (const char* mask : table[row].masked_by) {
      if (mask == nullptr) continue;
      bool found = false;
      for (std::size_t earlier = 0; earlier < row; ++earlier) {
        if (std::string_view(table[earlier].code) == mask) found = true;
      }
      if (!found) return false;
    }
  }
  return true;
}

constexpr bool rows_are_complete() {
  for (const Rule& rule : table) {
    const std::string_view texts[] = {rule.code, rule.meaning, rule.title};
    for (const std::string_view text : texts) {
      if (text.empty()) return false;
    }
    // (A check that is missing shows in the tests: under sanitizers g++ cannot compare it here.)
    if (rule.causes[0].text == nullptr || rule.fix[0].text == nullptr) return false;
  }
  return true;
}

static_assert(conditions_exist(), "a cause or fix names a condition that no check sets");
static_assert(masks_name_earlier_rows(), "masked_by names a code that is no earlier row");
static_assert(rows_are_complete(), "a rule lacks a code, a text, a check, a cause or a fix");

}  // namespace

std::span<const Rule> rules() { return table; }

}  // namespace vpcprobe

#pragma once
// Commands and causes that rows of several files share. <placeholders> are what cannot be known from inside a
// task.

namespace vpcprobe {

inline constexpr const char* show_all_endpoints =
    "aws ec2 describe-vpc-endpoints --region {region} --filters Name=vpc-id,Values=<vpc-id> --query "
    "'VpcEndpoints[].[ServiceName,State,PrivateDnsEnabled,SubnetIds]'";
inline constexpr const char* create_gateway_endpoint =
    "aws ec2 create-vpc-endpoint --region {region} --vpc-endpoint-type Gateway --vpc-id <vpc-id> "
    "--service-name {service_name} --route-table-ids <rtb-id>";
inline constexpr const char* turn_private_dns_on =
    "aws ec2 modify-vpc-endpoint --region {region} --vpc-endpoint-id <vpce-id> --private-dns-enabled";
inline constexpr const char* show_routes =
    "aws ec2 describe-route-tables --region {region} --filters Name=association.subnet-id,Values=<subnet-id>";
inline constexpr const char* show_network_acl =
    "aws ec2 describe-network-acls --region {region} --filters Name=association.subnet-id,Values=<subnet-id>";
inline constexpr const char* show_task_group =
    "aws ec2 describe-security-groups --region {region} --group-ids <task-sg-id> --query "
    "'SecurityGroups[].IpPermissionsEgress'";
inline constexpr const char* show_interfaces =
    "aws ec2 describe-network-interfaces --region {region} --filters "
    "Name=addresses.private-ip-address,Values={address_list} --query "
    "'NetworkInterfaces[].[PrivateIpAddress,Description,SubnetId,Groups]'";
inline constexpr const char* allow_task_in =
    "aws ec2 authorize-security-group-ingress --region {region} --group-id <endpoint-sg-id> --protocol tcp "
    "--port {port} --source-group <task-sg-id>";
inline constexpr const char* allow_task_out_to_prefix_list =
    "aws ec2 authorize-security-group-egress --region {region} --group-id <task-sg-id> --ip-permissions "
    "'IpProtocol=tcp,FromPort={port},ToPort={port},PrefixListIds=[{PrefixListId=<pl-id>}]'";
inline constexpr const char* show_prefix_list =
    "aws ec2 describe-managed-prefix-lists --region {region} --filters "
    "Name=prefix-list-name,Values={service_name}";
inline constexpr const char* show_dhcp_options =
    "aws ec2 describe-dhcp-options --region {region} --dhcp-options-ids <dopt-id>";
inline constexpr const char* show_hosted_zones =
    "aws route53 list-hosted-zones-by-vpc --vpc-id <vpc-id> --vpc-region {region}";
inline constexpr const char* show_resolver_rules =
    "aws route53resolver list-resolver-rule-associations --region {region} --filters "
    "Name=VPCId,Values=<vpc-id>";
inline constexpr const char* show_endpoint_policy =
    "aws ec2 describe-vpc-endpoints --region {region} --filters Name=vpc-id,Values=<vpc-id> "
    "Name=service-name,Values={service_names} --query 'VpcEndpoints[].[VpcEndpointId,PolicyDocument]'";
inline constexpr const char* set_endpoint_policy =
    "aws ec2 modify-vpc-endpoint --region {region} --vpc-endpoint-id <vpce-id> --policy-document "
    "file://<policy.json>";
inline constexpr const char* show_task_definition =
    "aws ecs describe-task-definition --region {region} --task-definition <family>";
inline constexpr const char* private_image =
    "the image is private: ECS logs in with the container's repositoryCredentials, which are not for the "
    "probe to read";
inline constexpr const char* hidden_repository =
    "the repository does not exist: many registries do not say which";
inline constexpr const char* has_repository_credentials =
    "Check whether the container has repositoryCredentials";
inline constexpr const char* show_resolvers =
    "Show the resolvers in the VPC's DHCP options (id from describe-vpcs)";
inline constexpr const char* through_a_proxy =
    "Show the subnet's route table: does traffic go through a proxy or firewall?";
inline constexpr const char* through_a_firewall =
    "Show the subnet's route table: does traffic go through a firewall?";
inline constexpr const char* through_a_tunnel =
    "Show the subnet's route table: does traffic go through a firewall, VPN or transit gateway?";
inline constexpr const char* compare_clocks = "Compare `date -u` in the task with a clock you trust";
inline constexpr const char* lower_mtu =
    "Lower the MTU of the task's network, or clamp the TCP MSS where the traffic leaves the VPC";
inline constexpr const char* list_resolver_rules = "List the Resolver forwarding rules and their targets";
inline constexpr const char* mtu_black_hole = "packets above a size get lost on the path (an MTU black hole)";
inline constexpr const char* leads_elsewhere = "the name leads to a host that is not this service";
inline constexpr const char* now_and_then = "dial tcp {address}:{port}: i/o timeout (now and then)";
inline constexpr const char* show_dns_firewall =
    "aws route53resolver list-firewall-rule-group-associations --region {region} --vpc-id <vpc-id>";

}  // namespace vpcprobe

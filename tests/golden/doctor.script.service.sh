#!/bin/sh
# Prints the configuration of a task's VPC for: vpc-probe doctor --config FILE
# It makes Describe, List and Get calls of the AWS CLI only, and changes nothing.
#   sh read-vpc.sh > vpc.json
set -u
export AWS_PAGER= AWS_DEFAULT_OUTPUT=json
region='eu-west-1'
export AWS_DEFAULT_REGION="$region" AWS_REGION="$region"
cluster='prod'
service='web'
subnet_ids=${SUBNETS:-}
group_ids=${GROUPS_OF_TASK:-}
addresses=''

answer=$(mktemp) && trap 'rm -f "$answer"' EXIT

# PART ARGUMENTS...: what the AWS CLI prints, or why the part was not seen.
read_part() {
  part=$1
  shift
  if problem=$({ aws "$@" > "$answer"; } 2>&1); then
    cat "$answer"
  else
    problem=$(printf '%s' "$problem" | tr -s '[:cntrl:] ' ' ' | LC_ALL=C tr -cd ' -~' | tr -d '"\\')
    printf '{"NotSeen":[{"what":"%s","why":"%.160s"}]}\n' "$part" "${problem# }"
  fi
}

# Each word once, without the CLI's word for nothing.
words() { tr -s ' \t' '\n\n' | grep -v -x -e None -e '' | sort -u; }

service_ids=$service

tasks=${TASKS:-$(aws ecs list-tasks --cluster "$cluster" --service-name "$service" --desired-status STOPPED \
  --query 'taskArns[]' --output text 2>&- | words | head -n 100)}
task_definition_ids=$(aws ecs describe-services --cluster "$cluster" --services "$service" \
  --query 'services[].taskDefinition' --output text 2>&- | words)
network='services[].networkConfiguration.awsvpcConfiguration'
subnet_ids=${subnet_ids:-$(aws ecs describe-services --cluster "$cluster" --services "$service" \
  --query "$network.subnets[]" --output text 2>&- | words)}
group_ids=${group_ids:-$(aws ecs describe-services --cluster "$cluster" --services "$service" \
  --query "$network.securityGroups[]" --output text 2>&- | words)}
# subnets, security groups and task definition of the service
for service in $service_ids; do read_part services ecs describe-services --cluster $cluster --services $service; done
if [ -n "$tasks" ]; then
# why tasks stopped, and their subnet
read_part tasks ecs describe-tasks --cluster $cluster --tasks $tasks
fi
# what the task needs: images, secrets, logs
for task_definition in $task_definition_ids; do read_part taskDefinition ecs describe-task-definition --task-definition $task_definition; done

vpc_ids=$({
  for subnet in $subnet_ids; do
    aws ec2 describe-subnets --subnet-ids $subnet --query 'Subnets[].VpcId' --output text
  done
  for group in $group_ids; do
    aws ec2 describe-security-groups --group-ids $group --query 'SecurityGroups[].VpcId' --output text
  done
  for address in $addresses; do
    aws ec2 describe-network-interfaces --filters Name=addresses.private-ip-address,Values=$address \
      --query 'NetworkInterfaces[].VpcId' --output text
  done
} 2>&- | words)

# the VPC's ranges and its DHCP options
for vpc in $vpc_ids; do read_part Vpcs ec2 describe-vpcs --vpc-ids $vpc; done
# whether Amazon's resolver answers
for vpc in $vpc_ids; do read_part EnableDnsSupport ec2 describe-vpc-attribute --vpc-id $vpc --attribute enableDnsSupport; done
# whether private DNS can work
for vpc in $vpc_ids; do read_part EnableDnsHostnames ec2 describe-vpc-attribute --vpc-id $vpc --attribute enableDnsHostnames; done
# ranges, zones and free addresses
for vpc in $vpc_ids; do read_part Subnets ec2 describe-subnets --filters Name=vpc-id,Values=$vpc; done
# rules of the task's groups and of the endpoints' groups
for vpc in $vpc_ids; do read_part SecurityGroups ec2 describe-security-groups --filters Name=vpc-id,Values=$vpc; done
# entries of the subnets' network ACLs
for vpc in $vpc_ids; do read_part NetworkAcls ec2 describe-network-acls --filters Name=vpc-id,Values=$vpc; done
# routes of the subnets
for vpc in $vpc_ids; do read_part RouteTables ec2 describe-route-tables --filters Name=vpc-id,Values=$vpc; done
# endpoints with their state, groups, private DNS and policy
for vpc in $vpc_ids; do read_part VpcEndpoints ec2 describe-vpc-endpoints --filters Name=vpc-id,Values=$vpc; done
# addresses of endpoints, of the task and of appliances
for vpc in $vpc_ids; do read_part NetworkInterfaces ec2 describe-network-interfaces --filters Name=vpc-id,Values=$vpc; done
# AWS's prefix lists with their ranges
read_part PrefixLists ec2 describe-prefix-lists
# which DNS servers the task asks, and which options a fix can choose
read_part DhcpOptions ec2 describe-dhcp-options
# state, subnet and kind of NAT gateways
for vpc in $vpc_ids; do read_part NatGateways ec2 describe-nat-gateways --filter Name=vpc-id,Values=$vpc; done
# whether the internet gateway is attached
for vpc in $vpc_ids; do read_part InternetGateways ec2 describe-internet-gateways --filters Name=attachment.vpc-id,Values=$vpc; done
# state of peering connections that this VPC asked for
for vpc in $vpc_ids; do read_part VpcPeeringConnections ec2 describe-vpc-peering-connections --filters Name=requester-vpc-info.vpc-id,Values=$vpc; done
# state of peering connections that this VPC accepted
for vpc in $vpc_ids; do read_part VpcPeeringConnections ec2 describe-vpc-peering-connections --filters Name=accepter-vpc-info.vpc-id,Values=$vpc; done
# state and subnets of attachments to transit gateways
for vpc in $vpc_ids; do read_part TransitGatewayAttachments ec2 describe-transit-gateway-vpc-attachments --filters Name=vpc-id,Values=$vpc; done
# private zones that answer for AWS's names
for vpc in $vpc_ids; do read_part HostedZoneSummaries route53 list-hosted-zones-by-vpc --vpc-id $vpc --vpc-region $region; done
# rules that forward names to other DNS servers
for vpc in $vpc_ids; do read_part ResolverRuleAssociations route53resolver list-resolver-rule-associations --filters Name=VPCId,Values=$vpc; done
# whether DNS Firewall can block names
for vpc in $vpc_ids; do read_part FirewallRuleGroupAssociations route53resolver list-firewall-rule-group-associations --vpc-id $vpc; done
# whether the VPC belongs to the caller's account
read_part Account sts get-caller-identity

prefix_list_ids=$({
  for vpc in $vpc_ids; do
    aws ec2 describe-route-tables --filters Name=vpc-id,Values=$vpc \
      --query 'RouteTables[].Routes[].DestinationPrefixListId' --output text
    aws ec2 describe-security-groups --filters Name=vpc-id,Values=$vpc \
      --query 'SecurityGroups[].[IpPermissions, IpPermissionsEgress][][].PrefixListIds[].PrefixListId' --output text
  done
} 2>&- | words)
resolver_rule_ids=$({
  for vpc in $vpc_ids; do
    aws route53resolver list-resolver-rule-associations --filters Name=VPCId,Values=$vpc \
      --query 'ResolverRuleAssociations[].ResolverRuleId' --output text
  done
} 2>&- | words)

# ranges of prefix lists that rules and routes name
for prefix_list in $prefix_list_ids; do read_part PrefixLists ec2 get-managed-prefix-list-entries --prefix-list-id $prefix_list --query "{PrefixListId: '$prefix_list', Entries: Entries}"; done
# which names a rule takes, and to which servers
for resolver_rule in $resolver_rule_ids; do read_part ResolverRules route53resolver get-resolver-rule --resolver-rule-id $resolver_rule; done
echo '{"ResolverRules":[]}'

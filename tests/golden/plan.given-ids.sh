#!/bin/sh
# Creates the endpoints that a task needs in a subnet without a path to the internet, in eu-west-1.
# Put ids where <placeholders> are; the script does nothing while one is left.
# Left open:
# - The region is assumed: eu-west-1 is the only one that the task definition names. If the task
#   runs in another, give it with --region.
set -eu

vpc_id='vpc-0123456789abcdef0'  # both DNS attributes must be on
subnet_ids='subnet-0123456789abcdef0 subnet-0123456789abcdef1'  # one in each zone
task_ranges='10.0.0.0/16 fd00::/56'  # the task's subnets
route_table_ids='rtb-0123456789abcdef0'  # of all the task's subnets
case "$vpc_id$subnet_ids$route_table_ids" in
  *'<'*) echo "put ids where <placeholders> are, at the top of this script" >&2; exit 2 ;;
esac

# The endpoints' security group: 443 from the task
endpoint_group=$(aws ec2 create-security-group --region eu-west-1 \
  --group-name vpc-endpoints --description 'HTTPS from tasks to VPC endpoints' \
  --vpc-id "$vpc_id" --query GroupId --output text)
for range in $task_ranges; do
  case $range in *:*) ranges="Ipv6Ranges=[{CidrIpv6=$range}]" ;; *) ranges="IpRanges=[{CidrIp=$range}]" ;; esac
  aws ec2 authorize-security-group-ingress --region eu-west-1 \
  --group-id "$endpoint_group" --ip-permissions "IpProtocol=tcp,FromPort=443,ToPort=443,$ranges"
done

# Amazon ECR API
#   image of container web
aws ec2 create-vpc-endpoint --region eu-west-1 --vpc-endpoint-type Interface \
  --vpc-id "$vpc_id" --service-name com.amazonaws.eu-west-1.ecr.api \
  --subnet-ids $subnet_ids --security-group-ids "$endpoint_group" --private-dns-enabled

# Amazon ECR registry
#   image of container web
aws ec2 create-vpc-endpoint --region eu-west-1 --vpc-endpoint-type Interface \
  --vpc-id "$vpc_id" --service-name com.amazonaws.eu-west-1.ecr.dkr \
  --subnet-ids $subnet_ids --security-group-ids "$endpoint_group" --private-dns-enabled

# Amazon S3
#   image layers of container web
#   environment file of container web
aws ec2 create-vpc-endpoint --region eu-west-1 --vpc-endpoint-type Gateway \
  --vpc-id "$vpc_id" --service-name com.amazonaws.eu-west-1.s3 \
  --route-table-ids $route_table_ids \
  --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":["arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*","arn:aws:s3:::web-service-configuration/production.env"]},{"Effect":"Allow","Principal":"*","Action":"s3:GetBucketLocation","Resource":["arn:aws:s3:::web-service-configuration"]}]}'

# AWS Secrets Manager
#   secret DB_PASSWORD of container web
aws ec2 create-vpc-endpoint --region eu-west-1 --vpc-endpoint-type Interface \
  --vpc-id "$vpc_id" --service-name com.amazonaws.eu-west-1.secretsmanager \
  --subnet-ids $subnet_ids --security-group-ids "$endpoint_group" --private-dns-enabled

# AWS Systems Manager
#   parameter FEATURES of container web
aws ec2 create-vpc-endpoint --region eu-west-1 --vpc-endpoint-type Interface \
  --vpc-id "$vpc_id" --service-name com.amazonaws.eu-west-1.ssm \
  --subnet-ids $subnet_ids --security-group-ids "$endpoint_group" --private-dns-enabled

# CloudWatch Logs
#   logs of container web
#   logs of container nginx
aws ec2 create-vpc-endpoint --region eu-west-1 --vpc-endpoint-type Interface \
  --vpc-id "$vpc_id" --service-name com.amazonaws.eu-west-1.logs \
  --subnet-ids $subnet_ids --security-group-ids "$endpoint_group" --private-dns-enabled

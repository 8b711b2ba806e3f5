# The endpoints that a task needs in a subnet without a path to the internet, in eu-west-1.
# Left open:
# - The region is assumed: eu-west-1 is the only one that the task definition names. If the task
#   runs in another, give it with --region.

variable "vpc_id" {
  type        = string
  description = "The VPC; both its DNS attributes must be on."
}

variable "subnet_ids" {
  type        = list(string)
  description = "Subnets for the endpoints, one in each zone."
}

variable "task_security_group_id" {
  type        = string
  description = "The task's security group."
}

variable "route_table_ids" {
  type        = list(string)
  description = "Route tables of all the task's subnets."
}

resource "aws_security_group" "vpc_endpoints" {
  name        = "vpc-endpoints"
  description = "HTTPS from tasks to VPC endpoints"
  vpc_id      = var.vpc_id

  ingress {
    description      = "HTTPS from tasks"
    protocol         = "tcp"
    from_port        = 443
    to_port          = 443
    security_groups  = [var.task_security_group_id]
  }
}

# Amazon ECR API
#   image of container web
resource "aws_vpc_endpoint" "ecr_api" {
  vpc_id              = var.vpc_id
  service_name        = "com.amazonaws.eu-west-1.ecr.api"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = var.subnet_ids
  security_group_ids  = [aws_security_group.vpc_endpoints.id]
  private_dns_enabled = true
}

# Amazon ECR registry
#   image of container web
resource "aws_vpc_endpoint" "ecr_dkr" {
  vpc_id              = var.vpc_id
  service_name        = "com.amazonaws.eu-west-1.ecr.dkr"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = var.subnet_ids
  security_group_ids  = [aws_security_group.vpc_endpoints.id]
  private_dns_enabled = true
}

# Amazon S3
#   image layers of container web
#   environment file of container web
resource "aws_vpc_endpoint" "s3" {
  vpc_id              = var.vpc_id
  service_name        = "com.amazonaws.eu-west-1.s3"
  vpc_endpoint_type   = "Gateway"
  route_table_ids     = var.route_table_ids
  policy              = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"Resource\":[\"arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*\",\"arn:aws:s3:::web-service-configuration/production.env\"]},{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetBucketLocation\",\"Resource\":[\"arn:aws:s3:::web-service-configuration\"]}]}"
}

# AWS Secrets Manager
#   secret DB_PASSWORD of container web
resource "aws_vpc_endpoint" "secretsmanager" {
  vpc_id              = var.vpc_id
  service_name        = "com.amazonaws.eu-west-1.secretsmanager"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = var.subnet_ids
  security_group_ids  = [aws_security_group.vpc_endpoints.id]
  private_dns_enabled = true
}

# AWS Systems Manager
#   parameter FEATURES of container web
resource "aws_vpc_endpoint" "ssm" {
  vpc_id              = var.vpc_id
  service_name        = "com.amazonaws.eu-west-1.ssm"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = var.subnet_ids
  security_group_ids  = [aws_security_group.vpc_endpoints.id]
  private_dns_enabled = true
}

# CloudWatch Logs
#   logs of container web
#   logs of container nginx
resource "aws_vpc_endpoint" "logs" {
  vpc_id              = var.vpc_id
  service_name        = "com.amazonaws.eu-west-1.logs"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = var.subnet_ids
  security_group_ids  = [aws_security_group.vpc_endpoints.id]
  private_dns_enabled = true
}

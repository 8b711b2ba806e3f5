data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.id
  topic_arn = var.topic_arn == "" ? aws_sns_topic.doctor[0].arn : var.topic_arn
  bus       = var.event_bus == "" ? "" : "events:${var.event_bus}"
  pages     = var.pages ? "s3:${aws_s3_bucket.pages[0].id}" : ""
  probes    = var.probe == "lambda"
  rule_arns = concat([aws_cloudwatch_event_rule.ecs.arn], [for rule in aws_cloudwatch_event_rule.schedule : rule.arn])
}

resource "aws_cloudwatch_log_group" "doctor" {
  name              = "/aws/lambda/vpc-probe-doctor"
  retention_in_days = var.log_retention_days
}

# What it said of which service. It writes it; Terraform only makes and deletes it.
resource "aws_ssm_parameter" "state" {
  name        = "/vpc-probe/doctor"
  description = "What vpc-probe doctor said of which service"
  type        = "String"
  tier        = "Standard"
  value       = "{}"

  lifecycle {
    ignore_changes = [value]
  }
}

# Outside of the VPC: it reads the configuration by public APIs, whatever is broken inside.
resource "aws_lambda_function" "doctor" {
  function_name = "vpc-probe-doctor"
  description   = "Finds the rule or route at fault where tasks of ECS fail to start"
  runtime       = "provided.al2023"
  handler       = "doctor"
  architectures = [var.architecture]
  role          = aws_iam_role.doctor.arn
  s3_bucket     = var.code_bucket
  s3_key        = var.code_key
  timeout       = local.probes ? 900 : 300
  memory_size   = 512

  # It reads, changes and writes what it said: two at once would say it twice.
  reserved_concurrent_executions = 1

  environment {
    variables = merge(
      {
        VPC_PROBE_NOTIFY = join(",", compact(["sns:${local.topic_arn}", local.bus, local.pages]))
        VPC_PROBE_STATE  = aws_ssm_parameter.state.name
      },
      local.probes ? { VPC_PROBE_PROBE = "lambda" } : {},
    )
  }
}

resource "aws_lambda_function_event_invoke_config" "doctor" {
  function_name                = aws_lambda_function.doctor.function_name
  qualifier                    = "$LATEST"
  maximum_event_age_in_seconds = 3600
  maximum_retry_attempts       = 2

  destination_config {
    on_failure {
      destination = aws_sqs_queue.failed.arn
    }
  }

  # Lambda checks that the role may send to the queue.
  depends_on = [aws_iam_role_policy.doctor]
}

resource "aws_s3_bucket" "pages" {
  count = var.pages ? 1 : 0

  bucket = "vpc-probe-doctor-${local.account}-${local.region}"
}

resource "aws_s3_bucket_public_access_block" "pages" {
  count = var.pages ? 1 : 0

  bucket                  = aws_s3_bucket.pages[0].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_lifecycle_configuration" "pages" {
  count = var.pages ? 1 : 0

  bucket = aws_s3_bucket.pages[0].id

  rule {
    id     = "pages"
    status = "Enabled"

    filter {
      prefix = "vpc-probe/"
    }

    expiration {
      days = var.pages_days
    }
  }
}

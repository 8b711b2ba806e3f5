resource "aws_iam_role" "scheduler" {
  name = var.scheduler_role_name

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "scheduler.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })
}

resource "aws_iam_role_policy" "scheduler" {
  name = "run"
  role = aws_iam_role.scheduler.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "StartTheCanary"
        Effect = "Allow"
        Action = ["ecs:RunTask"]
        Resource = [
          aws_ecs_task_definition.canary.arn_without_revision,
          "${aws_ecs_task_definition.canary.arn_without_revision}:*",
        ]
        Condition = { ArnEquals = { "ecs:cluster" = var.cluster_arn } }
      },
      {
        Sid       = "GiveItItsRole"
        Effect    = "Allow"
        Action    = ["iam:PassRole"]
        Resource  = [var.execution_role_arn]
        Condition = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
      },
    ]
  })
}

resource "aws_scheduler_schedule" "canary" {
  for_each = toset(var.subnet_ids)

  name                = "${var.name}-${each.key}"
  description         = "Probes what tasks of this subnet need"
  schedule_expression = "rate(${var.every_minutes} minutes)"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = var.cluster_arn
    role_arn = aws_iam_role.scheduler.arn

    retry_policy {
      maximum_retry_attempts = 0
    }

    ecs_parameters {
      task_definition_arn = aws_ecs_task_definition.canary.arn_without_revision
      launch_type         = "FARGATE"

      network_configuration {
        subnets          = [each.key]
        security_groups  = var.security_group_ids
        assign_public_ip = false
      }
    }
  }
}

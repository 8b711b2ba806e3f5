# A task of a service that runs says little of the other tasks: SERVICE_STEADY_STATE ends the fault of a service,
# a task that runs the fault of a job.
resource "aws_cloudwatch_event_rule" "ecs" {
  name        = "vpc-probe-doctor"
  description = "Tasks that stopped, deployments and services that failed or work again"

  event_pattern = jsonencode({
    source        = ["aws.ecs"]
    "detail-type" = ["ECS Task State Change", "ECS Deployment State Change", "ECS Service Action"]
    detail = {
      "$or" = [
        { lastStatus = ["STOPPED"] },
        {
          lastStatus    = ["RUNNING"]
          desiredStatus = ["RUNNING"]
          group         = [{ "anything-but" = { prefix = "service:" } }]
        },
        {
          eventName = [
            "SERVICE_DEPLOYMENT_FAILED",
            "SERVICE_TASK_START_IMPAIRED",
            "SERVICE_DEPLOYMENT_COMPLETED",
            "SERVICE_STEADY_STATE",
          ]
        },
      ]
    }
  })
}

resource "aws_cloudwatch_event_target" "ecs" {
  rule      = aws_cloudwatch_event_rule.ecs.name
  target_id = "doctor"
  arn       = aws_lambda_function.doctor.arn

  retry_policy {
    maximum_event_age_in_seconds = 3600
    maximum_retry_attempts       = 10
  }

  dead_letter_config {
    arn = aws_sqs_queue.failed.arn
  }
}

resource "aws_lambda_permission" "ecs" {
  function_name = aws_lambda_function.doctor.function_name
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.ecs.arn
}

resource "aws_cloudwatch_event_rule" "schedule" {
  count = var.schedule == "" ? 0 : 1

  name                = "vpc-probe-doctor-schedule"
  description         = "Looks again at each service with an open fault"
  schedule_expression = var.schedule
}

resource "aws_cloudwatch_event_target" "schedule" {
  count = var.schedule == "" ? 0 : 1

  rule      = aws_cloudwatch_event_rule.schedule[0].name
  target_id = "doctor"
  arn       = aws_lambda_function.doctor.arn

  retry_policy {
    maximum_event_age_in_seconds = 3600
    maximum_retry_attempts       = 10
  }

  dead_letter_config {
    arn = aws_sqs_queue.failed.arn
  }
}

resource "aws_lambda_permission" "schedule" {
  count = var.schedule == "" ? 0 : 1

  function_name = aws_lambda_function.doctor.function_name
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.schedule[0].arn
}

resource "aws_sqs_queue" "failed" {
  name                      = "vpc-probe-doctor-failed"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue_policy" "failed" {
  queue_url = aws_sqs_queue.failed.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "LetTheRulesKeepWhatFailed"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = ["sqs:SendMessage"]
      Resource  = [aws_sqs_queue.failed.arn]
      Condition = { ArnEquals = { "aws:SourceArn" = local.rule_arns } }
    }]
  })
}

resource "aws_sns_topic" "alarm" {
  name = var.topic_name
}

resource "aws_sns_topic_policy" "alarm" {
  arn = aws_sns_topic.alarm.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "LetTheRuleAndTheAlarmPublish"
      Effect    = "Allow"
      Principal = { Service = ["events.amazonaws.com", "cloudwatch.amazonaws.com"] }
      Action    = ["sns:Publish"]
      Resource  = [aws_sns_topic.alarm.arn]
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })
}

resource "aws_sns_topic_subscription" "email" {
  for_each = toset(var.emails)

  topic_arn = aws_sns_topic.alarm.arn
  protocol  = "email"
  endpoint  = each.key
}

resource "aws_cloudwatch_event_rule" "stopped" {
  name = var.name

  event_pattern = jsonencode({
    source        = ["aws.ecs"]
    "detail-type" = ["ECS Task State Change"]
    detail = {
      group      = ["family:${var.name}"]
      lastStatus = ["STOPPED"]
      "$or" = [
        { containers = { exitCode = [{ "anything-but" = 0 }] } },
        { stopCode = ["TaskFailedToStart"] },
      ]
    }
  })
}

resource "aws_cloudwatch_event_target" "alarm" {
  rule      = aws_cloudwatch_event_rule.stopped.name
  target_id = "alarm"
  arn       = aws_sns_topic.alarm.arn

  input_transformer {
    input_paths = {
      exit   = "$.detail.containers[0].exitCode"
      zone   = "$.detail.availabilityZone"
      task   = "$.detail.taskArn"
      reason = "$.detail.stoppedReason"
    }
    input_template = "\"vpc-probe in <zone>: exit code <exit>. <reason> (<task>)\""
  }
}

resource "aws_cloudwatch_metric_alarm" "failed" {
  alarm_name          = var.name
  alarm_description   = "The canary failed twice in a row, or is not heard of"
  namespace           = "VpcProbe"
  metric_name         = "Failed"
  dimensions          = { Region = data.aws_region.current.id }
  statistic           = "Maximum"
  period              = var.every_minutes * 60
  evaluation_periods  = 2
  datapoints_to_alarm = 2
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "breaching"
  alarm_actions       = [aws_sns_topic.alarm.arn]
}

resource "aws_cloudwatch_dashboard" "canary" {
  dashboard_name = var.dashboard_name
  dashboard_body = replace(replace(file("${path.module}/../../canary/dashboard.json"), "eu-west-1", data.aws_region.current.id), "/vpc-probe/canary", aws_cloudwatch_log_group.canary.name)
}

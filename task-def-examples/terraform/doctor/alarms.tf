resource "aws_sns_topic" "doctor" {
  count = var.topic_arn == "" ? 1 : 0

  name = "vpc-probe-doctor"
}

resource "aws_sns_topic_policy" "doctor" {
  count = var.topic_arn == "" ? 1 : 0

  arn = aws_sns_topic.doctor[0].arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "LetTheAlarmsPublish"
      Effect    = "Allow"
      Principal = { Service = "cloudwatch.amazonaws.com" }
      Action    = ["sns:Publish"]
      Resource  = [aws_sns_topic.doctor[0].arn]
      Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
    }]
  })
}

resource "aws_sns_topic_subscription" "email" {
  count = var.topic_arn == "" && var.email != "" ? 1 : 0

  topic_arn = aws_sns_topic.doctor[0].arn
  protocol  = "email"
  endpoint  = var.email
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "vpc-probe-doctor-errors"
  alarm_description   = "vpc-probe doctor itself failed; its log says why"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.doctor.function_name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [local.topic_arn]
}

resource "aws_cloudwatch_metric_alarm" "failed" {
  alarm_name          = "vpc-probe-doctor-failed"
  alarm_description   = "vpc-probe doctor gave up events; they are in the queue vpc-probe-doctor-failed"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.failed.name }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [local.topic_arn]
}

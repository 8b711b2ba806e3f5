output "topic_arn" {
  description = "ARN of the topic that gets the alarms."
  value       = aws_sns_topic.alarm.arn
}

output "task_definition_arn" {
  description = "ARN of the task definition, without its revision."
  value       = aws_ecs_task_definition.canary.arn_without_revision
}

output "function_arn" {
  description = "ARN of the doctor."
  value       = aws_lambda_function.doctor.arn
}

output "topic_arn" {
  description = "ARN of the topic that gets faults, their end, and the alarms."
  value       = local.topic_arn
}

output "failed_queue" {
  description = "URL of the queue with the events that it gave up."
  value       = aws_sqs_queue.failed.id
}

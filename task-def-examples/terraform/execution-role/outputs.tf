output "arn" {
  description = "ARN of the execution role."
  value       = aws_iam_role.execution.arn
}

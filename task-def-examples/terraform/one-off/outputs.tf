output "run_command" {
  description = "The AWS CLI command that starts the task once and prints its ARN."
  value       = "aws ecs run-task --cluster ${var.cluster} --launch-type FARGATE --task-definition ${aws_ecs_task_definition.vpc_probe.family} --network-configuration '${local.network}' --overrides '${local.overrides}' --query 'tasks[].taskArn'"
}

output "verdict_command" {
  description = "The AWS CLI command that prints the exit code of a stopped task. Replace <task-id> with the last part of the ARN that run_command prints."
  value       = "aws ecs describe-tasks --cluster ${var.cluster} --tasks <task-id> --query 'tasks[].[stopCode,stoppedReason,containers[].[name,exitCode]]'"
}

output "task_definition_arn" {
  description = "ARN of the task definition, with its revision."
  value       = aws_ecs_task_definition.vpc_probe.arn
}

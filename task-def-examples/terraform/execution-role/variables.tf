variable "name" {
  type        = string
  description = "Name of the execution role."
  default     = "vpc-probe-execution"
}

variable "repository_arn" {
  type        = string
  description = "ARN of the ECR repository that holds the vpc-probe image."
}

variable "log_groups" {
  type        = list(string)
  description = "Names of the log groups that the task may write to. Empty: the task writes no log."
  default     = ["/vpc-probe/*"]
}

variable "name" {
  type        = string
  description = "Name of the canary: its task family, schedules, rule and alarm."
  default     = "vpc-probe-canary"
}

variable "cluster_arn" {
  type        = string
  description = "ARN of the ECS cluster."
}

variable "image" {
  type        = string
  description = "The vpc-probe image with its tag or digest."
}

variable "architecture" {
  type        = string
  description = "CPU architecture of the task: ARM64 or X86_64. The image has both."
  default     = "ARM64"

  validation {
    condition     = contains(["ARM64", "X86_64"], var.architecture)
    error_message = "architecture must be ARM64 or X86_64."
  }
}

variable "execution_role_arn" {
  type        = string
  description = "ARN of the task's execution role, for example from the module execution-role."
}

variable "subnet_ids" {
  type        = list(string)
  description = "One canary runs in each of these subnets."
}

variable "security_group_ids" {
  type        = list(string)
  description = "The security groups of the tasks that fail or that must work."
}

variable "options" {
  type        = list(string)
  description = "More options of vpc-probe run, for example --also and ssm,kms."
  default     = []
}

variable "every_minutes" {
  type        = number
  description = "Minutes between two rounds; the period of the alarm follows it."
  default     = 5

  validation {
    condition     = var.every_minutes >= 2 && var.every_minutes <= 60 && floor(var.every_minutes) == var.every_minutes
    error_message = "every_minutes must be a whole number from 2 to 60."
  }
}

variable "log_group" {
  type        = string
  description = "Log group that the module makes for the reports."
  default     = "/vpc-probe/canary"
}

variable "log_retention_days" {
  type        = number
  description = "Days that CloudWatch Logs keeps the reports. 0: without end."
  default     = 0
}

variable "scheduler_role_name" {
  type        = string
  description = "Name of the role that starts the tasks."
  default     = "vpc-probe-scheduler"
}

variable "topic_name" {
  type        = string
  description = "Name of the SNS topic that gets the alarms."
  default     = "vpc-probe-alarm"
}

variable "emails" {
  type        = list(string)
  description = "Addresses that the topic sends mail to. Each one must confirm the first mail."
  default     = []
}

variable "dashboard_name" {
  type        = string
  description = "Name of the CloudWatch dashboard."
  default     = "vpc-probe"
}

variable "family" {
  type        = string
  description = "Family of the task definition."
  default     = "vpc-probe"
}

variable "cluster" {
  type        = string
  description = "Name of the ECS cluster."
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
  description = "The subnets that the task may start in. Name one subnet to look at that subnet."
}

variable "security_group_ids" {
  type        = list(string)
  description = "The security groups of the tasks that fail or that must work."
}

variable "options" {
  type        = map(string)
  description = "Options of vpc-probe as variables, for example VPC_PROBE_ALSO = \"ssm,kms\"."
  default     = {}
}

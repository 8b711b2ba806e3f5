variable "image" {
  type        = string
  description = "The vpc-probe image with its tag or digest."
}

variable "repository_arn" {
  type        = string
  description = "ARN of the ECR repository that holds the image."
}

variable "execution_role_name" {
  type        = string
  description = "Name of the task's execution role. It is allowed to pull the image."
}

variable "wait_seconds" {
  type        = number
  description = "Seconds until the gate gives up and the task stops. Fargate allows a container at most 120 s to start."
  default     = 100

  validation {
    condition     = var.wait_seconds >= 1 && var.wait_seconds <= 115
    error_message = "wait_seconds must be between 1 and 115, so that the gate ends before ECS stops it at 120 s."
  }
}

variable "options" {
  type        = list(string)
  description = "More options of vpc-probe wait, for example --strict."
  default     = []
}

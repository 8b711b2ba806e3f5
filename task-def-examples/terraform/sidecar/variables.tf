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

variable "log_group" {
  type        = string
  description = "Log group of the application. The execution role must already be allowed to write to it."
}

variable "options" {
  type        = list(string)
  description = "Options of vpc-probe run, for example --target and api.internal.example:8443."
  default     = []
}

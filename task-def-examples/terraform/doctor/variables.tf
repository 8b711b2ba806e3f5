variable "code_bucket" {
  type        = string
  description = "The S3 bucket of this region that has the zip file."
}

variable "code_key" {
  type        = string
  description = "Name of the zip file in this bucket. Another version needs another name, or Terraform sees no change."
  default     = "vpc-probe-arm64.zip"
}

variable "architecture" {
  type        = string
  description = "CPU architecture of the program in the zip file: arm64 or x86_64."
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture must be arm64 or x86_64."
  }
}

variable "probe" {
  type        = string
  description = "none: it reads the configuration only. lambda: it also makes a function in each subnet of the failing task, and deletes it."
  default     = "none"

  validation {
    condition     = contains(["none", "lambda"], var.probe)
    error_message = "probe must be none or lambda."
  }
}

variable "topic_arn" {
  type        = string
  description = "ARN of a topic of SNS in this region. Empty: the module makes one. Terraform must know it when it plans."
  default     = ""
}

variable "email" {
  type        = string
  description = "Address that the module's own topic sends mail to. It must confirm the first mail."
  default     = ""
}

variable "event_bus" {
  type        = string
  description = "Name of an event bus of this region that also gets each diagnosis. Empty: none does."
  default     = ""
}

variable "pages" {
  type        = bool
  description = "Whether the module makes an S3 bucket, and each message has its HTML page there."
  default     = false
}

variable "pages_days" {
  type        = number
  description = "Days that S3 keeps a page."
  default     = 90
}

variable "schedule" {
  type        = string
  description = "How often it looks again at each service with an open fault. Empty: only events start it."
  default     = "rate(15 minutes)"
}

variable "log_retention_days" {
  type        = number
  description = "Days that CloudWatch Logs keeps its log. 0: without end."
  default     = 30
}

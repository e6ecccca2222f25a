# What carries it out

variable "operator_function_arn" {
  description = "The function that carries out orders in this region: the output `operator_function_arn` of the module promoter."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[^:]+:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]{1,64}$", var.operator_function_arn))
    error_message = "operator_function_arn is not the ARN of a function: set it to the output operator_function_arn of the module promoter, such as arn:aws:lambda:us-east-1:123456789012:function:promoter-operator."
  }
  validation {
    condition     = try(split(":", var.operator_function_arn)[3] == local.region, true)
    error_message = "operator_function_arn is of another region than ${local.region}: a function promotes the cluster of its own region. Give each region's module its own."
  }
}

variable "promoter_function_arn" {
  description = "The function that checks in this region: the output `function_arn` of the module promoter. It is asked for a check at the end, whose last step are the records. Left out: nobody is asked; a promoter that checks again and again sees to its records by itself."
  type        = string
  default     = null

  validation {
    condition     = var.promoter_function_arn == null || can(regex("^arn:[^:]+:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]{1,64}$", var.promoter_function_arn))
    error_message = "promoter_function_arn is not the ARN of a function: set it to the output function_arn of the module promoter, such as arn:aws:lambda:us-east-1:123456789012:function:promoter, or leave it out."
  }
  validation {
    condition     = try(split(":", var.promoter_function_arn)[3] == local.region, true)
    error_message = "promoter_function_arn is of another region than ${local.region}: a function points the records at the cluster of its own region. Give each region's module its own."
  }
}

variable "watch" {
  description = "Of several watches of these functions, the one that the orders are for. Left out: all of them."
  type        = string
  default     = null

  validation {
    condition     = var.watch == null || try(length(trimspace(var.watch)) > 0, false)
    error_message = "watch is empty: set it to the name of a watch, or leave it out."
  }
}

variable "group" {
  description = "Of a watch with a datastore and a global cluster, the id of the one that the orders are for: the `global_cluster_id`. Left out: both, where there are both."
  type        = string
  default     = null

  validation {
    condition     = var.group == null || can(regex("^[A-Za-z][A-Za-z0-9-]{0,62}$", var.group))
    error_message = "group is not the id of a global cluster: set it to that of global_cluster_id, such as orders, or leave it out."
  }
}

variable "maximum_lag_seconds" {
  description = "What a switchover is refused for, 0 to 86400: a cluster that is further behind. Left out: the function's own, 1."
  type        = number
  default     = null

  validation {
    condition     = var.maximum_lag_seconds == null || try(var.maximum_lag_seconds >= 0 && var.maximum_lag_seconds <= 86400, false)
    error_message = "maximum_lag_seconds is out of range: set it to a number of seconds from 0 to 86400, or leave it out."
  }
}

variable "notify_topic_arn" {
  description = "SNS topic of this region to tell what came of an execution, with the cause where it failed; not FIFO. If a KMS key of yours encrypts it, let the role (output `role_name`) use `kms:GenerateDataKey*` and `kms:Decrypt` on that key. Left out: nobody is told but by the functions' own topic."
  type        = string
  default     = null

  validation {
    condition     = var.notify_topic_arn == null || can(regex("^arn:[^:]+:sns:[a-z]{2,}(-[a-z]+)+-[0-9]:[0-9]{12}:[A-Za-z0-9_-]+$", var.notify_topic_arn))
    error_message = "notify_topic_arn is not the ARN of an SNS topic, or of a FIFO one: set it to one such as arn:aws:sns:us-east-1:123456789012:alerts."
  }
  validation {
    condition     = try(split(":", var.notify_topic_arn)[3] == local.region, true)
    error_message = "notify_topic_arn is of another region than ${local.region}, and would be out of reach when that region is: give each region's module a topic of its own."
  }
}

# The state machines

variable "name" {
  description = "Beginning of the names of the state machines, `NAME-switchover` and `NAME-unplanned`; the role's is this and the region."
  type        = string
  default     = "promoter-aurora"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,40}$", var.name))
    error_message = "name cannot be in the name of a state machine: set it to 1 to 40 letters, digits, hyphens and underscores."
  }
}

variable "log_level" {
  description = "What is logged of executions: `ALL`, `ERROR`, `FATAL` or `OFF`. Step Functions itself shows each for 90 days, whatever is logged."
  type        = string
  default     = "ALL"
  nullable    = false

  validation {
    condition     = contains(["ALL", "ERROR", "FATAL", "OFF"], var.log_level)
    error_message = "log_level is wrong: set it to ALL, ERROR, FATAL or OFF."
  }
}

variable "log_retention_days" {
  description = "Days that the log is kept; 0 is for ever."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition = contains([
      0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
    ], var.log_retention_days)
    error_message = "log_retention_days is none that CloudWatch Logs offers: set it to 0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }
}

variable "log_kms_key_arn" {
  description = "KMS key for the log, if not the service's own. Its policy must let CloudWatch Logs of this region use it."
  type        = string
  default     = null

  validation {
    condition     = var.log_kms_key_arn == null || can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/.+$", var.log_kms_key_arn))
    error_message = "log_kms_key_arn is not the ARN of a key: set it to one such as arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab."
  }
}

variable "tracing_enabled" {
  description = "Trace executions with X-Ray."
  type        = bool
  default     = false
  nullable    = false
}

variable "permissions_boundary_arn" {
  description = "Permissions boundary of the role, where your organisation demands one."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary_arn == null || can(regex("^arn:[^:]+:iam::(aws|[0-9]{12}):policy/.+$", var.permissions_boundary_arn))
    error_message = "permissions_boundary_arn is not the ARN of a policy: set it to one such as arn:aws:iam::123456789012:policy/boundary."
  }
}

variable "tags" {
  description = "Tags of all that the module makes."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "primary_region" {
  description = "A region of the Global Datastore."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2,}(-[a-z]+)+-[0-9]$", var.primary_region))
    error_message = "primary_region is no region: set it to one such as us-east-1."
  }
}

variable "secondary_region" {
  description = "Its other region."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2,}(-[a-z]+)+-[0-9]$", var.secondary_region))
    error_message = "secondary_region is no region: set it to one such as us-west-2."
  }
  validation {
    condition     = var.secondary_region != var.primary_region
    error_message = "secondary_region is primary_region: set it to the datastore's other region."
  }
}

variable "hosted_zone_id" {
  description = "Route 53 hosted zone of the record. Not needed with `record_targets`."
  type        = string
  default     = null
}

variable "dns_name" {
  description = "Name of the failover record."
  type        = string
  nullable    = false
}

variable "global_datastore_id" {
  description = "The ElastiCache Global Datastore, with the prefix that AWS gave it."
  type        = string
  nullable    = false
}

variable "package_file" {
  description = "The zip to deploy. Left out: `dist/promoter-ARCHITECTURE.zip` of this checkout, which `make package` builds."
  type        = string
  default     = null
}

variable "architecture" {
  description = "What the package was built for: `x86_64` or `arm64`. Left out: what the name of the package says, or the one that is in `dist/`."
  type        = string
  default     = null

  validation {
    condition     = var.architecture == null || contains(["x86_64", "arm64"], coalesce(var.architecture, "-"))
    error_message = "architecture is unknown to Lambda: set it to x86_64 or arm64, whichever the package was built for, or leave it out."
  }
}

variable "name" {
  description = "Name of the function in both regions."
  type        = string
  default     = null
}

variable "record_targets" {
  description = "Region → names or addresses of its targets: the record set, where Route 53's API shall not be asked for it."
  type        = map(list(string))
  default     = null
}

variable "record_regions" {
  description = "Set identifier → region, where no region can be read from a target's name."
  type        = map(string)
  default     = null
}

variable "confirmations" {
  description = "Checks in a row that must see a promotion wanted. Left out: 2."
  type        = number
  default     = null
}

variable "hold_down_seconds" {
  description = "Least time between two promotions. Left out: 300."
  type        = number
  default     = null
}

variable "promote_in_status" {
  description = "Statuses of the datastore in which a promotion is tried. Left out: `available`."
  type        = list(string)
  default     = null
}

variable "cache_max_age_seconds" {
  description = "Read the datastore's members at least this often. Left out: 300."
  type        = number
  default     = null
}

variable "dry_run" {
  description = "Say what would be promoted, and promote nothing."
  type        = bool
  default     = null
}

variable "paused" {
  description = "Check nothing and promote nothing."
  type        = bool
  default     = null
}

variable "check_interval_seconds" {
  description = "Keep checking inside an invocation, this often; 0 is a check a minute, at a quarter of the cost. Left out: 1."
  type        = number
  default     = null
}

variable "max_replication_lag_seconds" {
  description = "Hold while the local member is further behind than this. Left out: promote whatever the lag."
  type        = number
  default     = null
}

variable "when_lag_unknown" {
  description = "`promote` or `hold` where the lag is not known. Left out: `hold`."
  type        = string
  default     = null
}

variable "when_failover_refused" {
  description = "`hold`, or `detach` the local member where AWS goes on refusing the failover; the datastore must be rebuilt by people then. Left out: `hold`."
  type        = string
  default     = null
}

variable "detach_after_seconds" {
  description = "How long a promotion has to be wanted and refused before the member is detached. Left out: 300."
  type        = number
  default     = null
}

variable "alert_after_seconds" {
  description = "Tell when a promotion is wanted for so long and has not come about; 0 is never. Left out: 300."
  type        = number
  default     = null
}

variable "metrics" {
  description = "Write CloudWatch metrics. Left out: true."
  type        = bool
  default     = null
}

variable "pause_enabled" {
  description = "Let people pause promotions without a deployment. Left out: true, but false in a VPC, where it takes an `ssm` endpoint."
  type        = bool
  default     = null
}

variable "create_operator_function" {
  description = "Make the function that carries out orders. Left out: true."
  type        = bool
  default     = null
}

variable "notify_topic_arns" {
  description = "Region → SNS topic to tell of promotions."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(setsubtract(keys(var.notify_topic_arns), [var.primary_region, var.secondary_region])) == 0
    error_message = "notify_topic_arns has a key that is neither primary_region nor secondary_region: its promotions would be told to nobody."
  }
}

variable "environment" {
  description = "Settings of the AWS SDKs for the function, such as `AWS_USE_FIPS_ENDPOINT`."
  type        = map(string)
  default     = null
}

variable "reserved_concurrent_executions" {
  description = "1, or -1 in an account whose concurrency quota is too small to reserve any of it. Left out: 1."
  type        = number
  default     = null
}

variable "log_retention_days" {
  description = "Days that the logs are kept. Left out: 30."
  type        = number
  default     = null
}

variable "alarm_actions" {
  description = "Region → ARNs to tell of alarms: an alarm can only reach a topic of its own region."
  type        = map(list(string))
  default     = {}
  nullable    = false

  validation {
    condition     = length(setsubtract(keys(var.alarm_actions), [var.primary_region, var.secondary_region])) == 0
    error_message = "alarm_actions has a key that is neither primary_region nor secondary_region: its alarms would tell nobody."
  }
}

variable "vpc_configs" {
  description = "Region → subnets and security groups, for functions that must run in a VPC."
  type = map(object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = length(setsubtract(keys(var.vpc_configs), [var.primary_region, var.secondary_region])) == 0
    error_message = "vpc_configs has a key that is neither primary_region nor secondary_region: set it to a map from one of these."
  }
}

variable "tags" {
  description = "Tags of all that is made."
  type        = map(string)
  default     = null
}

# What to watch

variable "hosted_zone_id" {
  description = "Route 53 hosted zone of the record, with or without `/hostedzone/`."
  type        = string
  default     = null

  validation {
    condition     = var.hosted_zone_id == null || can(regex("^(/hostedzone/)?[A-Za-z0-9]{1,32}$", var.hosted_zone_id))
    error_message = "hosted_zone_id is not the id of a hosted zone: set it to one such as Z0123456789ABCDEFGHIJ, from `aws route53 list-hosted-zones`."
  }
  validation {
    condition     = var.hosted_zone_id != null || length(var.record_targets) > 0 || length(var.watches) > 0
    error_message = "hosted_zone_id is missing: set it to the id of the hosted zone of dns_name, such as Z0123456789ABCDEFGHIJ."
  }
}

variable "dns_name" {
  description = "Name of the failover record, in any case, with or without final dot."
  type        = string
  default     = null

  validation {
    condition = var.dns_name == null || try(
      length(trimsuffix(var.dns_name, ".")) <= 253 &&
      can(regex("^[A-Za-z0-9_-]{1,63}([.][A-Za-z0-9_-]{1,63})+[.]?$", var.dns_name)), false
    )
    error_message = "dns_name is not the name of a record: set it to one such as app.example.com."
  }
  validation {
    condition     = var.dns_name != null || length(var.watches) > 0
    error_message = "dns_name is missing: set it to the name of the failover record, such as app.example.com."
  }
}

variable "global_datastore_id" {
  description = "The ElastiCache Global Datastore, with the prefix that AWS gave it, such as `ldgnf-sessions`, in any case."
  type        = string
  default     = null

  validation {
    condition     = var.global_datastore_id == null || can(regex("^[A-Za-z0-9-]+$", var.global_datastore_id))
    error_message = "global_datastore_id is not the id of a Global Datastore: set it to one such as ldgnf-sessions, from `aws elasticache describe-global-replication-groups`."
  }
  validation {
    condition     = var.global_datastore_id != null || var.global_cluster_id != null || length(var.watches) > 0
    error_message = "global_datastore_id is missing: set it to the id of the ElastiCache Global Datastore, such as ldgnf-sessions."
  }
}

variable "global_cluster_id" {
  description = "Not in this version: the function refuses to start with it. An Aurora global cluster to promote instead of or beside the datastore."
  type        = string
  default     = null

  validation {
    condition     = var.global_cluster_id == null || can(regex("^[A-Za-z][A-Za-z0-9-]{0,62}$", var.global_cluster_id))
    error_message = "global_cluster_id is not the id of an Aurora global cluster: set it to one such as orders, from `aws rds describe-global-clusters`."
  }
}

variable "record_regions" {
  description = "Set identifier → region, where no region can be read from a target's name: `{ blue = \"us-east-1\" }`."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for region in values(var.record_regions) : can(regex("^[a-z]{2,}(-[a-z]+)+-[0-9]$", region))])
    error_message = "record_regions has a value that is no region: set it to a map from set identifier to region, such as { blue = \"us-east-1\" }."
  }
}

variable "record_targets" {
  description = "Not in this version: the function refuses to start with it. Region → names of its targets: the record set without Route 53."
  type        = map(list(string))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for region in keys(var.record_targets) : can(regex("^[a-z]{2,}(-[a-z]+)+-[0-9]$", region))])
    error_message = "record_targets has a key that is no region: set it to a map from region to target names, such as { us-east-1 = [\"app.us-east-1.elb.amazonaws.com\"] }."
  }
  validation {
    condition = alltrue([for targets in values(var.record_targets) : length(targets) > 0 && alltrue([for target in targets :
    can(regex("^[A-Za-z0-9_-]{1,63}([.][A-Za-z0-9_-]{1,63})+[.]?$", target))])])
    error_message = "record_targets has a region without targets, or a target that is no host name: give each region at least one name such as app.us-east-1.elb.amazonaws.com."
  }
}

variable "watches" {
  description = "Not in this version: the function refuses to start with it. Several records and datastores in one function; what a watch leaves out is taken from the other variables."
  type = list(object({
    name                   = optional(string)
    hosted_zone_id         = optional(string)
    dns_name               = optional(string)
    global_datastore_id    = optional(string)
    global_cluster_id      = optional(string)
    confirmations          = optional(number)
    hold_down_seconds      = optional(number)
    promote_in_status      = optional(list(string))
    cache_max_age_seconds  = optional(number)
    record_targets         = optional(map(list(string)))
    record_regions         = optional(map(string))
    check_interval_seconds = optional(number)
    notify_topic_arn       = optional(string)
    dry_run                = optional(bool)
    paused                 = optional(bool)
  }))
  default  = []
  nullable = false
}

# When to promote

variable "confirmations" {
  description = "Checks in a row that must see a promotion wanted before it is made, 1 to 100. The program's own default is 1."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.confirmations >= 1 && var.confirmations <= 100 && floor(var.confirmations) == var.confirmations
    error_message = "confirmations is out of range: set it to a whole number from 1 to 100."
  }
}

variable "hold_down_seconds" {
  description = "Least time between two promotions by this function, up to a day. The program's own default is 0."
  type        = number
  default     = 300
  nullable    = false

  validation {
    condition     = var.hold_down_seconds >= 0 && var.hold_down_seconds <= 86400 && floor(var.hold_down_seconds) == var.hold_down_seconds
    error_message = "hold_down_seconds is out of range: set it to a whole number of seconds from 0 to 86400."
  }
}

variable "promote_in_status" {
  description = "Statuses of the datastore in which a promotion is tried."
  type        = list(string)
  default     = ["available"]
  nullable    = false

  validation {
    condition = length(var.promote_in_status) > 0 && alltrue([for status in var.promote_in_status :
    contains(["available", "creating", "deleting", "modifying", "primary-only"], status)])
    error_message = "promote_in_status is wrong: set it to one or more of available, creating, deleting, modifying, primary-only."
  }
}

variable "cache_max_age_seconds" {
  description = "Read the datastore's members at least this often, up to a day; 0 is never while nothing changes, which is the program's own default."
  type        = number
  default     = 300
  nullable    = false

  validation {
    condition     = var.cache_max_age_seconds >= 0 && var.cache_max_age_seconds <= 86400 && floor(var.cache_max_age_seconds) == var.cache_max_age_seconds
    error_message = "cache_max_age_seconds is out of range: set it to a whole number of seconds from 0 to 86400."
  }
}

variable "dry_run" {
  description = "Say what would be promoted, and promote nothing."
  type        = bool
  default     = false
  nullable    = false
}

variable "paused" {
  description = "Check nothing and promote nothing."
  type        = bool
  default     = false
  nullable    = false
}

variable "notify_topic_arn" {
  description = "Not in this version: the function refuses to start with it. SNS topic to tell of promotions."
  type        = string
  default     = null

  validation {
    condition     = var.notify_topic_arn == null || can(regex("^arn:[^:]+:sns:[^:]+:[0-9]{12}:[^:]+$", var.notify_topic_arn))
    error_message = "notify_topic_arn is not the ARN of an SNS topic: set it to one such as arn:aws:sns:us-east-1:123456789012:alerts."
  }
}

# How often

variable "schedule_minutes" {
  description = "Start a check this often, in minutes, 1 to 60. Above 1, each check reads the datastore, and a promotion starts that much later."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.schedule_minutes >= 1 && var.schedule_minutes <= 60 && floor(var.schedule_minutes) == var.schedule_minutes
    error_message = "schedule_minutes is out of range: set it to a whole number of minutes from 1 to 60."
  }
}

variable "check_interval_seconds" {
  description = "Above 0 not in this version: the function refuses to start with it. Keep checking inside an invocation, this often, until the next one starts; 0 is one check an invocation."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition     = var.check_interval_seconds >= 0 && var.check_interval_seconds <= 60 && floor(var.check_interval_seconds) == var.check_interval_seconds
    error_message = "check_interval_seconds is out of range: set it to a whole number of seconds from 0 to 60."
  }
}

variable "timeout_seconds" {
  description = "Timeout of the function, 10 to 900. Left out: 15, or with `check_interval_seconds` as long as the schedule's interval."
  type        = number
  default     = null

  validation {
    condition     = var.timeout_seconds == null || try(var.timeout_seconds >= 10 && var.timeout_seconds <= 900 && floor(var.timeout_seconds) == var.timeout_seconds, false)
    error_message = "timeout_seconds is out of range: set it to a whole number of seconds from 10 to 900, or leave it out."
  }
  validation {
    condition     = var.timeout_seconds == null || try(var.timeout_seconds > var.check_interval_seconds, false)
    error_message = "timeout_seconds leaves no time for a second check: set it to more than check_interval_seconds, or leave it out."
  }
  validation {
    condition     = var.timeout_seconds == null || try(var.timeout_seconds <= var.schedule_minutes * 60, false)
    error_message = "timeout_seconds is longer than schedule_minutes: while one check hangs, the next would be refused. Set it to the interval at most, or leave it out."
  }
}

# The function

variable "name" {
  description = "Name of the function, its rule and its alarms; the role's is this and the region."
  type        = string
  default     = "promoter"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,40}$", var.name))
    error_message = "name cannot be the name of a function: set it to 1 to 40 letters, digits, hyphens and underscores."
  }
}

variable "package_file" {
  description = "The zip of the release, or of `make package`, for `architecture`."
  type        = string
  nullable    = false

  validation {
    condition     = fileexists(var.package_file)
    error_message = "package_file does not exist: build it with `make package`, or set it to the path of a downloaded promoter-x86_64.zip or promoter-arm64.zip."
  }
}

variable "architecture" {
  description = "What the package was built for: `x86_64` or `arm64`, which costs a fifth less."
  type        = string
  default     = "x86_64"
  nullable    = false

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "architecture is unknown to Lambda: set it to x86_64 or arm64, whichever the package was built for."
  }
  validation {
    # The names that `make package` and releases give; any other name is believed.
    condition     = length(regexall("promoter-(x86_64|arm64)[.]zip$", var.package_file)) == 0 || endswith(var.package_file, "promoter-${var.architecture}.zip")
    error_message = "architecture and package_file disagree: the function would not start. Set architecture to what the package was built for."
  }
}

variable "memory_size" {
  description = "Memory in MB, 128 to 10240. More memory is more CPU: a shorter cold start."
  type        = number
  default     = 128
  nullable    = false

  validation {
    condition     = var.memory_size >= 128 && var.memory_size <= 10240 && floor(var.memory_size) == var.memory_size
    error_message = "memory_size is out of range: set it to a whole number of MB from 128 to 10240."
  }
}

variable "reserved_concurrent_executions" {
  description = "1, or -1 in an account whose concurrency quota is too small to reserve any of it (new ones have 10)."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = contains([1, -1], var.reserved_concurrent_executions)
    error_message = "reserved_concurrent_executions must be 1, so that checks do not overlap, or -1 for none where the account's quota allows none. To stop the function set paused."
  }
}

variable "environment" {
  description = "Settings of the AWS SDKs, such as `AWS_USE_FIPS_ENDPOINT` or `AWS_MAX_ATTEMPTS`."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.environment) : can(regex("^AWS_[A-Z0-9_]+$", name))])
    error_message = "environment is for the AWS_… settings of the SDKs: each of promoter's own settings has a variable of this module, such as confirmations for CONFIRMATIONS."
  }
  validation {
    condition = alltrue([for name in keys(var.environment) : !can(regex(
      "^AWS_(REGION|DEFAULT_REGION|ACCESS_KEY|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|EXECUTION_ENV|LAMBDA_.*|XRAY_.*)$", name
    ))])
    error_message = "environment has a variable that Lambda sets by itself: leave it out. The region is that of the provider, the credentials are the role's, the log level is log_level."
  }
}

variable "vpc_config" {
  description = "Run in a VPC, as a record in a private hosted zone needs it. Its subnets need a way to Route 53's and ElastiCache's public endpoints, and a resolver that answers as your clients' does."
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
  })
  default = null

  validation {
    condition     = var.vpc_config == null || try(length(var.vpc_config.subnet_ids) > 0 && length(var.vpc_config.security_group_ids) > 0, false)
    error_message = "vpc_config is incomplete: give it at least one subnet and one security group, or leave it out."
  }
}

variable "on_failure_arn" {
  description = "SQS queue or SNS topic for invocations that failed, not FIFO. If a KMS key of yours encrypts it, let the role (output `role_name`) use the key, too."
  type        = string
  default     = null

  validation {
    condition     = var.on_failure_arn == null || can(regex("^arn:[^:]+:(sqs|sns):[^:]+:[0-9]{12}:[^:]+$", var.on_failure_arn))
    error_message = "on_failure_arn is not the ARN of a queue or topic: set it to one such as arn:aws:sqs:us-east-1:123456789012:failures."
  }
  validation {
    condition     = !endswith(coalesce(var.on_failure_arn, "-"), ".fifo")
    error_message = "on_failure_arn is a FIFO queue or topic, which Lambda does not take: set it to a standard one."
  }
}

variable "tracing_enabled" {
  description = "Trace invocations with X-Ray."
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

# Logs and alarms

variable "log_level" {
  description = "Least level of the function's own log lines. `INFO` is a line a check; the alarm `blind` needs `WARN` or a lower one."
  type        = string
  default     = "INFO"
  nullable    = false

  validation {
    condition     = contains(["TRACE", "DEBUG", "INFO", "WARN"], var.log_level)
    error_message = "log_level is wrong: set it to TRACE, DEBUG, INFO or WARN. Above WARN, nobody would see that it holds for want of information."
  }
}

variable "system_log_level" {
  description = "Least level of Lambda's log lines about the function. `INFO` has the duration of each invocation."
  type        = string
  default     = "INFO"
  nullable    = false

  validation {
    condition     = contains(["DEBUG", "INFO", "WARN"], var.system_log_level)
    error_message = "system_log_level is wrong: set it to DEBUG, INFO or WARN."
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

variable "alarms_enabled" {
  description = "Make the alarms."
  type        = bool
  default     = true
  nullable    = false
}

variable "alarm_actions" {
  description = "ARNs, such as SNS topics of this region, to tell when an alarm rings and when it is over. CloudWatch cannot publish to a topic that is encrypted with `alias/aws/sns`: take a key of your own whose policy allows `cloudwatch.amazonaws.com`."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.alarm_actions : can(regex("^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$", arn))])
    error_message = "alarm_actions has something that is no ARN: set it to a list such as [\"arn:aws:sns:us-east-1:123456789012:alerts\"]."
  }
  validation {
    condition = alltrue([for arn in var.alarm_actions : try(
      split(":", arn)[2] != "sns" || split(":", arn)[3] == data.aws_region.current.id, true
    )])
    error_message = "alarm_actions has a topic of another region than ${data.aws_region.current.id}: CloudWatch refuses it. Give each region's module topics of its own region."
  }
}

variable "tags" {
  description = "Tags of all that the module makes."
  type        = map(string)
  default     = {}
  nullable    = false
}

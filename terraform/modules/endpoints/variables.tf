# What to keep

variable "hosted_zone_id" {
  description = "Route 53 hosted zone of all records, with or without `/hostedzone/`. That the names lie inside it, a plan cannot know: the function looks, and changes nothing where they do not."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(/hostedzone/)?[A-Za-z0-9]{1,32}$", var.hosted_zone_id))
    error_message = "hosted_zone_id is not the id of a hosted zone: set it to one such as Z0123456789ABCDEFGHIJ, from `aws route53 list-hosted-zones`."
  }
}

variable "replication_group_id" {
  description = "The cluster of this region: the id of its replication group, in any case. Left out: with `primary_record_name` alone, `primary_endpoint` and `global_datastore_id`."
  type        = string
  default     = null

  validation {
    condition     = var.replication_group_id == null || can(regex("^[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*$", var.replication_group_id)) && try(length(var.replication_group_id) <= 40, false)
    error_message = "replication_group_id is not the id of a replication group: set it to one such as sessions-use1, from `aws elasticache describe-replication-groups`."
  }
  validation {
    condition = (var.replication_group_id != null || var.record_name == null && var.weighted_record_name == null
    && var.primary_endpoint != null && var.global_datastore_id != null)
    error_message = "replication_group_id is missing: set it to the id of this region's replication group, such as sessions-use1. Only primary_record_name with primary_endpoint and global_datastore_id goes without."
  }
}

variable "record_name" {
  description = "Name of the replicas' records: of `read.example.internal` are made `read1.example.internal`, `read2.example.internal` and so on, a CNAME a replica."
  type        = string
  default     = null

  validation {
    condition = var.record_name == null || try(
      length(trimsuffix(var.record_name, ".")) <= 253 &&
      can(regex("^[A-Za-z0-9_-]{1,63}([.][A-Za-z0-9_-]{1,63})+[.]?$", var.record_name)) &&
      !can(regex("[.][0-9]+[.]?$", var.record_name)), false
    )
    error_message = "record_name is not the name of a record: set it to one such as read.example.internal, without a number, which is put behind its first label."
  }
  validation {
    # Room for the number, in the label and in the name.
    condition     = var.record_name == null || !can(regex("^[^.]{61}", var.record_name)) && try(length(trimsuffix(var.record_name, ".")) <= 250, true)
    error_message = "record_name leaves no room for a number: its first label may have 60 characters, and all of it 250."
  }
  validation {
    condition     = var.record_name != null || var.weighted_record_name != null || var.primary_record_name != null
    error_message = "record_name is missing: set it to a name such as read.example.internal, or weighted_record_name or primary_record_name, or several of them."
  }
  validation {
    condition = !anytrue([for name in [var.weighted_record_name, var.primary_record_name] : try(can(regex(
      "^${replace(replace(lower(trimsuffix(var.record_name, ".")), ".", "[.]"), "/^([^[]+)/", "$${1}[1-9][0-9]*")}$", lower(trimsuffix(name, "."))
    )), false)])
    error_message = "record_name makes weighted_record_name or primary_record_name, with a number in it: that name can have one record only. Set one of them to another."
  }
}

variable "weighted_record_name" {
  description = "Name of one weighted set of CNAMEs over all replicas, each with the weight 1."
  type        = string
  default     = null

  validation {
    condition = var.weighted_record_name == null || try(
      length(trimsuffix(var.weighted_record_name, ".")) <= 253 &&
      can(regex("^[A-Za-z0-9_-]{1,63}([.][A-Za-z0-9_-]{1,63})+[.]?$", var.weighted_record_name)) &&
      !can(regex("[.][0-9]+[.]?$", var.weighted_record_name)), false
    )
    error_message = "weighted_record_name is not the name of a record: set it to one such as replicas.example.internal."
  }
}

variable "primary_record_name" {
  description = "Name of a CNAME that leads to this region's primary endpoint while this region's member is the datastore's primary. All regions are given the same; each looks whether it is its turn."
  type        = string
  default     = null

  validation {
    condition = var.primary_record_name == null || try(
      length(trimsuffix(var.primary_record_name, ".")) <= 253 &&
      can(regex("^[A-Za-z0-9_-]{1,63}([.][A-Za-z0-9_-]{1,63})+[.]?$", var.primary_record_name)) &&
      !can(regex("[.][0-9]+[.]?$", var.primary_record_name)), false
    )
    error_message = "primary_record_name is not the name of a record: set it to one such as redis.example.internal."
  }
  validation {
    condition     = var.primary_record_name == null || try(lower(trimsuffix(var.primary_record_name, ".")) != lower(trimsuffix(var.weighted_record_name, ".")), true)
    error_message = "primary_record_name is weighted_record_name: a name has one CNAME, or a weighted set. Set it to another."
  }
}

variable "primary_endpoint" {
  description = "What `primary_record_name` leads to. Left out: the primary endpoint of the replication group, or with cluster mode its configuration endpoint."
  type        = string
  default     = null

  validation {
    condition = var.primary_endpoint == null || try(
      length(trimsuffix(var.primary_endpoint, ".")) <= 253 &&
      can(regex("^[A-Za-z0-9_-]{1,63}([.][A-Za-z0-9_-]{1,63})+[.]?$", var.primary_endpoint)) &&
      !can(regex("[.][0-9]+[.]?$", var.primary_endpoint)), false
    )
    error_message = "primary_endpoint is no host name: set it to one such as master.sessions-use1.abc123.use1.cache.amazonaws.com, without a port."
  }
  validation {
    condition     = var.primary_endpoint == null || var.primary_record_name != null
    error_message = "primary_endpoint is for primary_record_name: set that as well, or leave it out."
  }
}

variable "global_datastore_id" {
  description = "The Global Datastore that says which region is the primary, such as `ldgnf-sessions`, in any case. Left out: that of the replication group, whichever it is; and a group in none is its own primary."
  type        = string
  default     = null

  validation {
    condition     = var.global_datastore_id == null || can(regex("^[A-Za-z0-9-]+$", var.global_datastore_id))
    error_message = "global_datastore_id is not the id of a Global Datastore: set it to one such as ldgnf-sessions, from `aws elasticache describe-global-replication-groups`."
  }
  validation {
    condition     = var.global_datastore_id == null || var.primary_record_name != null
    error_message = "global_datastore_id is for primary_record_name: set that as well, or leave it out."
  }
}

# How to keep it

variable "record_ttl_seconds" {
  description = "Seconds that resolvers keep an answer, 1 to 86400. Records of ours with another TTL are changed."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.record_ttl_seconds >= 1 && var.record_ttl_seconds <= 86400 && floor(var.record_ttl_seconds) == var.record_ttl_seconds
    error_message = "record_ttl_seconds is out of range: set it to a whole number of seconds from 1 to 86400."
  }
}

variable "when_no_replicas" {
  description = "What becomes of the replicas' records where there is no replica: `keep` leaves them as they are, `primary` has them lead to the primary node, `delete` deletes them."
  type        = string
  default     = "keep"
  nullable    = false

  validation {
    condition     = contains(["keep", "primary", "delete"], var.when_no_replicas)
    error_message = "when_no_replicas is wrong: set it to keep, primary or delete."
  }
}

variable "wait_for_sync" {
  description = "Follow each change until all of Route 53's servers answer with it, and log how long that took."
  type        = bool
  default     = true
  nullable    = false
}

variable "dry_run" {
  description = "Say what would be changed, and change nothing."
  type        = bool
  default     = false
  nullable    = false
}

# What starts it

variable "topic_arn" {
  description = "SNS topic of the cluster's notifications, where it has one: a cluster takes one only. Standard, not encrypted, of this region and account, with a policy that lets ElastiCache publish. Left out: one is made, the output `topic_arn`."
  type        = string
  default     = null

  validation {
    condition     = var.topic_arn == null || can(regex("^arn:[^:]+:sns:[a-z]{2,}(-[a-z]+)+-[0-9]:[0-9]{12}:[A-Za-z0-9_-]+$", var.topic_arn))
    error_message = "topic_arn is not the ARN of an SNS topic, or of a FIFO one: set it to one such as arn:aws:sns:us-east-1:123456789012:sessions."
  }
  validation {
    condition = try(slice(split(":", var.topic_arn), 3, 5) == tolist([
      local.region, local.account
    ]), true)
    error_message = "topic_arn is of another region or account than ${local.region} and ${local.account}: ElastiCache publishes to topics of the cluster's own only."
  }
}

variable "create_topic" {
  description = "Make the topic. Left out: unless there is `topic_arn`. Set it to false where that is the ARN of a topic of the same configuration, which Terraform does not know before it is made."
  type        = bool
  default     = null

  validation {
    condition     = var.create_topic == null || var.create_topic != (var.topic_arn != null)
    error_message = "create_topic and topic_arn disagree: true is without a topic_arn, false is with one."
  }
}

variable "schedule_minutes" {
  description = "Look at the cluster this often, in minutes, 1 to 60, whatever notifications come: what a lost one would have said is seen then."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.schedule_minutes >= 1 && var.schedule_minutes <= 60 && floor(var.schedule_minutes) == var.schedule_minutes
    error_message = "schedule_minutes is out of range: set it to a whole number of minutes from 1 to 60."
  }
}

# The function

variable "name" {
  description = "Name of the function, its topic, its rule and its alarms; the role's is this and the region."
  type        = string
  default     = "promoter-endpoints"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,40}$", var.name))
    error_message = "name cannot be the name of a function: set it to 1 to 40 letters, digits, hyphens and underscores."
  }
}

variable "package_file" {
  description = "The zip of the release, or of `make package`, for `architecture`: the promoter's own."
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

variable "timeout_seconds" {
  description = "Timeout of the function, 10 to 900. A change takes Route 53 half a minute or more, as far as it is waited for."
  type        = number
  default     = 120
  nullable    = false

  validation {
    condition     = var.timeout_seconds >= 10 && var.timeout_seconds <= 900 && floor(var.timeout_seconds) == var.timeout_seconds
    error_message = "timeout_seconds is out of range: set it to a whole number of seconds from 10 to 900."
  }
}

variable "reserved_concurrent_executions" {
  description = "Invocations at the same time, 1 to 10: any number is right. With 1, an event waits until the change before it is everywhere. -1 in an account whose concurrency quota is too small to reserve any of it (new ones have 10)."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = contains([-1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], var.reserved_concurrent_executions)
    error_message = "reserved_concurrent_executions is out of range: set it to a whole number from 1 to 10, or to -1 for none where the account's quota allows none. To stop changes set dry_run."
  }
}

variable "environment" {
  description = "Settings of the AWS SDKs, such as `AWS_USE_FIPS_ENDPOINT` or `AWS_MAX_ATTEMPTS`."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.environment) : can(regex("^AWS_[A-Z0-9_]+$", name))])
    error_message = "environment is for the AWS_… settings of the SDKs: each of the function's own settings has a variable of this module, such as record_name for RECORD_NAME."
  }
  validation {
    condition = alltrue([for name in keys(var.environment) : !can(regex(
      "^AWS_(REGION|DEFAULT_REGION|ACCESS_KEY|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|EXECUTION_ENV|LAMBDA_.*|XRAY_.*)$", name
    ))])
    error_message = "environment has a variable that Lambda sets by itself: leave it out. The region is that of the provider, the credentials are the role's, the log level is log_level."
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
  description = "Least level of the function's own log lines."
  type        = string
  default     = "INFO"
  nullable    = false

  validation {
    condition     = contains(["TRACE", "DEBUG", "INFO", "WARN"], var.log_level)
    error_message = "log_level is wrong: set it to TRACE, DEBUG, INFO or WARN. Above WARN, nobody would see which records it leaves alone, and why."
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
      split(":", arn)[2] != "sns" || split(":", arn)[3] == local.region, true
    )])
    error_message = "alarm_actions has a topic of another region than ${local.region}: CloudWatch refuses it. Give each region's module topics of its own region."
  }
}

variable "tags" {
  description = "Tags of all that the module makes."
  type        = map(string)
  default     = {}
  nullable    = false
}

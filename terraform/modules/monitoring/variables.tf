# What to watch

variable "name" {
  description = "Name of the dashboard, and prefix of the alarms' names."
  type        = string
  default     = "promoter-monitoring"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,60}$", var.name))
    error_message = "name cannot be the name of a dashboard: set it to 1 to 60 letters, digits, hyphens and underscores."
  }
}

variable "replication_group_id" {
  description = "The datastore's member in this region, such as `sessions-use1`. Left out, with `cache_cluster_ids` as well: no alarms on a datastore."
  type        = string
  default     = null

  validation {
    condition     = var.replication_group_id == null || can(regex("^[A-Za-z]([A-Za-z0-9]|-[A-Za-z0-9]){0,39}$", var.replication_group_id))
    error_message = "replication_group_id is not the id of a replication group: set it to one such as sessions-use1, from `aws elasticache describe-replication-groups`. It is not that of the Global Datastore."
  }
}

variable "nodes_per_shard" {
  description = "Nodes of each shard, the primary among them, 1 to 6. ElastiCache has numbered them: `sessions-use1-001` and on."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.nodes_per_shard >= 1 && var.nodes_per_shard <= 6 && floor(var.nodes_per_shard) == var.nodes_per_shard
    error_message = "nodes_per_shard is out of range: set it to a whole number from 1 to 6."
  }
}

variable "shards" {
  description = "Shards, 1 to 500, with cluster mode, whose nodes are `sessions-use1-0001-001` and on. Left out: cluster mode is disabled."
  type        = number
  default     = null

  validation {
    condition     = var.shards == null || try(var.shards >= 1 && var.shards <= 500 && floor(var.shards) == var.shards, false)
    error_message = "shards is out of range: set it to a whole number from 1 to 500, or leave it out where cluster mode is disabled."
  }
}

variable "cache_cluster_ids" {
  description = "The nodes themselves, from `aws elasticache describe-replication-groups`, where ElastiCache has not numbered them from 1 on: after replicas or shards were removed and added. Left out: made from the other variables."
  type        = list(string)
  default     = null

  validation {
    condition     = var.cache_cluster_ids == null || try(alltrue([for id in var.cache_cluster_ids : can(regex("^[A-Za-z][A-Za-z0-9-]{0,49}$", id))]), false)
    error_message = "cache_cluster_ids has something that is not the id of a node: set it to a list such as [\"sessions-use1-001\", \"sessions-use1-003\"]."
  }
}

variable "replication_lag_dimensions" {
  description = "Dimensions of `GlobalDatastoreReplicationLag` in your account, if not the node's `CacheClusterId`: AWS does not document them. `aws cloudwatch list-metrics --namespace AWS/ElastiCache --metric-name GlobalDatastoreReplicationLag`, in the secondary's region, says."
  type        = map(string)
  default     = null

  validation {
    condition     = var.replication_lag_dimensions == null || try(length(var.replication_lag_dimensions) > 0, false)
    error_message = "replication_lag_dimensions is empty: set it to a map such as { ReplicationGroupId = \"sessions-use1\" }, or leave it out."
  }
}

variable "promoter_function_name" {
  description = "The promoter's function in this region, output `function_name` of its module. Left out: it is not watched."
  type        = string
  default     = null

  validation {
    condition     = var.promoter_function_name == null || can(regex("^[A-Za-z0-9_-]{1,64}$", var.promoter_function_name))
    error_message = "promoter_function_name is not the name of a function: set it to the output function_name of the module promoter."
  }
}

# When to ring. Null leaves an alarm out.

variable "replication_lag_alarm" {
  description = "The member is further behind the primary region than `threshold` seconds, in each of `evaluation_periods` periods of `period` seconds: 10 s for 3 minutes. Within a continent the lag is below a second, and what is missing at a promotion is lost; where you set the promoter's `max_replication_lag_seconds`, take that. Null: no such alarm."
  type = object({
    threshold          = optional(number, 10)
    period             = optional(number, 60)
    evaluation_periods = optional(number, 3)
  })
  default = {}

  validation {
    condition     = var.replication_lag_alarm == null || try(var.replication_lag_alarm.threshold >= 0 && var.replication_lag_alarm.threshold <= 86400, false)
    error_message = "replication_lag_alarm has a threshold that is out of range: set it to 0 to 86400."
  }
  validation {
    condition     = var.replication_lag_alarm == null || try(var.replication_lag_alarm.period >= 60 && var.replication_lag_alarm.period % 60 == 0, false)
    error_message = "replication_lag_alarm has a period that is none: set it to a multiple of 60 seconds, which is as often as AWS publishes."
  }
  validation {
    condition     = var.replication_lag_alarm == null || try(var.replication_lag_alarm.evaluation_periods >= 1 && floor(var.replication_lag_alarm.evaluation_periods) == var.replication_lag_alarm.evaluation_periods && var.replication_lag_alarm.evaluation_periods * var.replication_lag_alarm.period <= 86400, false)
    error_message = "replication_lag_alarm has evaluation_periods that are none: set it to a whole number from 1 on, with which all of them together are a day at most."
  }
}

variable "engine_cpu_alarm" {
  description = "The engine's thread is busier than `threshold` percent: 90 for 5 minutes, the share of a core from which on AWS's guide suggests an alarm: commands wait. On nodes with one or two vCPUs the machine is busy before its thread is; have an eye on `CPUUtilization` there. Null: no such alarm."
  type = object({
    threshold          = optional(number, 90)
    period             = optional(number, 60)
    evaluation_periods = optional(number, 5)
  })
  default = {}

  validation {
    condition     = var.engine_cpu_alarm == null || try(var.engine_cpu_alarm.threshold >= 0 && var.engine_cpu_alarm.threshold <= 100, false)
    error_message = "engine_cpu_alarm has a threshold that is out of range: set it to 0 to 100."
  }
  validation {
    condition     = var.engine_cpu_alarm == null || try(var.engine_cpu_alarm.period >= 60 && var.engine_cpu_alarm.period % 60 == 0, false)
    error_message = "engine_cpu_alarm has a period that is none: set it to a multiple of 60 seconds, which is as often as AWS publishes."
  }
  validation {
    condition     = var.engine_cpu_alarm == null || try(var.engine_cpu_alarm.evaluation_periods >= 1 && floor(var.engine_cpu_alarm.evaluation_periods) == var.engine_cpu_alarm.evaluation_periods && var.engine_cpu_alarm.evaluation_periods * var.engine_cpu_alarm.period <= 86400, false)
    error_message = "engine_cpu_alarm has evaluation_periods that are none: set it to a whole number from 1 on, with which all of them together are a day at most."
  }
}

variable "memory_alarm" {
  description = "More than `threshold` percent of the memory is used: 80 for 5 minutes, which leaves time to scale. Beyond 100 the engine evicts or refuses writes, and a promoted member has to take its region's growth, too. Null: no such alarm."
  type = object({
    threshold          = optional(number, 80)
    period             = optional(number, 60)
    evaluation_periods = optional(number, 5)
  })
  default = {}

  validation {
    condition     = var.memory_alarm == null || try(var.memory_alarm.threshold >= 0 && var.memory_alarm.threshold <= 100, false)
    error_message = "memory_alarm has a threshold that is out of range: set it to 0 to 100."
  }
  validation {
    condition     = var.memory_alarm == null || try(var.memory_alarm.period >= 60 && var.memory_alarm.period % 60 == 0, false)
    error_message = "memory_alarm has a period that is none: set it to a multiple of 60 seconds, which is as often as AWS publishes."
  }
  validation {
    condition     = var.memory_alarm == null || try(var.memory_alarm.evaluation_periods >= 1 && floor(var.memory_alarm.evaluation_periods) == var.memory_alarm.evaluation_periods && var.memory_alarm.evaluation_periods * var.memory_alarm.period <= 86400, false)
    error_message = "memory_alarm has evaluation_periods that are none: set it to a whole number from 1 on, with which all of them together are a day at most."
  }
}

variable "connections_alarm" {
  description = "More than `threshold` connections to a node: 50000 for 5 minutes, of the 65,000 that a node takes. Set it to some times of what is usual with you: it shows leaks, and the rush after a failover. Null: no such alarm."
  type = object({
    threshold          = optional(number, 50000)
    period             = optional(number, 60)
    evaluation_periods = optional(number, 5)
  })
  default = {}

  validation {
    condition     = var.connections_alarm == null || try(var.connections_alarm.threshold >= 0 && var.connections_alarm.threshold <= 65000, false)
    error_message = "connections_alarm has a threshold that is out of range: set it to 0 to 65000."
  }
  validation {
    condition     = var.connections_alarm == null || try(var.connections_alarm.period >= 60 && var.connections_alarm.period % 60 == 0, false)
    error_message = "connections_alarm has a period that is none: set it to a multiple of 60 seconds, which is as often as AWS publishes."
  }
  validation {
    condition     = var.connections_alarm == null || try(var.connections_alarm.evaluation_periods >= 1 && floor(var.connections_alarm.evaluation_periods) == var.connections_alarm.evaluation_periods && var.connections_alarm.evaluation_periods * var.connections_alarm.period <= 86400, false)
    error_message = "connections_alarm has evaluation_periods that are none: set it to a whole number from 1 on, with which all of them together are a day at most."
  }
}

variable "evictions_alarm" {
  description = "More than `threshold` keys were dropped for want of memory, in a period: any within 5 minutes. What holds sessions must lose none; for a mere cache, where evicting is the plan, set it to null. Null: no such alarm."
  type = object({
    threshold          = optional(number, 0)
    period             = optional(number, 300)
    evaluation_periods = optional(number, 1)
  })
  default = {}

  validation {
    condition     = var.evictions_alarm == null || try(var.evictions_alarm.threshold >= 0, false)
    error_message = "evictions_alarm has a threshold that is out of range: set it to 0 or more."
  }
  validation {
    condition     = var.evictions_alarm == null || try(var.evictions_alarm.period >= 60 && var.evictions_alarm.period % 60 == 0, false)
    error_message = "evictions_alarm has a period that is none: set it to a multiple of 60 seconds, which is as often as AWS publishes."
  }
  validation {
    condition     = var.evictions_alarm == null || try(var.evictions_alarm.evaluation_periods >= 1 && floor(var.evictions_alarm.evaluation_periods) == var.evictions_alarm.evaluation_periods && var.evictions_alarm.evaluation_periods * var.evictions_alarm.period <= 86400, false)
    error_message = "evictions_alarm has evaluation_periods that are none: set it to a whole number from 1 on, with which all of them together are a day at most."
  }
}

variable "throttles_alarm" {
  description = "More than `threshold` invocations of the promoter were throttled in a period: 20 in 5 minutes. One a minute is the schedule's jitter, and Lambda starts it a moment later; one that hangs is tried again and again. The module promoter has such an alarm only with `check_interval_seconds = 0`: set it to null then. Null: no such alarm."
  type = object({
    threshold          = optional(number, 20)
    period             = optional(number, 300)
    evaluation_periods = optional(number, 1)
  })
  default = {}

  validation {
    condition     = var.throttles_alarm == null || try(var.throttles_alarm.threshold >= 0, false)
    error_message = "throttles_alarm has a threshold that is out of range: set it to 0 or more."
  }
  validation {
    condition     = var.throttles_alarm == null || try(var.throttles_alarm.period >= 60 && var.throttles_alarm.period % 60 == 0, false)
    error_message = "throttles_alarm has a period that is none: set it to a multiple of 60 seconds, which is as often as AWS publishes."
  }
  validation {
    condition     = var.throttles_alarm == null || try(var.throttles_alarm.evaluation_periods >= 1 && floor(var.throttles_alarm.evaluation_periods) == var.throttles_alarm.evaluation_periods && var.throttles_alarm.evaluation_periods * var.throttles_alarm.period <= 86400, false)
    error_message = "throttles_alarm has evaluation_periods that are none: set it to a whole number from 1 on, with which all of them together are a day at most."
  }
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

# The dashboard

variable "dashboard_regions" {
  description = "Region → what the dashboard shows of it: `cache_cluster_ids` (of this region its own, unless given), `probe_namespace`, `health_check_ids` by name, and `alarm_arns` of whatever modules. Empty: no dashboard. One is enough, in the region that is least likely to be down when you need it: the secondary."
  type = map(object({
    cache_cluster_ids = optional(list(string))
    probe_namespace   = optional(string, "Custom/Redis")
    health_check_ids  = optional(map(string), {})
    alarm_arns        = optional(list(string), [])
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for region in keys(var.dashboard_regions) : can(regex("^[a-z]{2,}(-[a-z]+)+-[0-9]$", region))])
    error_message = "dashboard_regions has a key that is no region: set it to a map from region to what is shown, such as { us-east-1 = {}, us-west-2 = {} }."
  }
  validation {
    condition     = length(var.dashboard_regions) <= 4
    error_message = "dashboard_regions has more than four regions, for which a screen has no room: a Global Datastore has three at most."
  }
}

variable "tags" {
  description = "Tags of the alarms. Dashboards have none."
  type        = map(string)
  default     = {}
  nullable    = false
}

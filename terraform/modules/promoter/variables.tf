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
      can(regex("^[A-Za-z0-9_-]{1,63}([.][A-Za-z0-9_-]{1,63})+[.]?$", var.dns_name)) &&
      !can(regex("[.][0-9]+[.]?$", var.dns_name)), false
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
  description = "An Aurora global cluster to promote instead of or beside the datastore."
  type        = string
  default     = null

  validation {
    condition     = var.global_cluster_id == null || can(regex("^[A-Za-z][A-Za-z0-9-]{0,62}$", var.global_cluster_id))
    error_message = "global_cluster_id is not the id of an Aurora global cluster: set it to one such as orders, from `aws rds describe-global-clusters`."
  }
}

variable "aurora_action" {
  description = "What is done with the global cluster: `failover`, which can lose what was not replicated; `switchover`, which loses nothing and needs both regions; `detach`, which makes the member a cluster of its own at once, and leaves it to people to rebuild the global one; or `failover-then-detach`, after `detach_after_seconds` in vain. Left out: `failover`. The last two need `pause_enabled`."
  type        = string
  default     = null

  validation {
    condition     = var.aurora_action == null || try(contains(["failover", "switchover", "detach", "failover-then-detach"], var.aurora_action), false)
    error_message = "aurora_action is wrong: set it to failover, switchover, detach or failover-then-detach, or leave it out."
  }
  validation {
    condition     = var.aurora_action == null || var.global_cluster_id != null || length(var.watches) > 0
    error_message = "aurora_action is for a global cluster: set global_cluster_id as well, or leave it out."
  }
  validation {
    condition     = !try(endswith(var.aurora_action, "detach"), false) || coalesce(var.pause_enabled, var.vpc_config == null)
    error_message = "aurora_action = \"detach\" or \"failover-then-detach\" needs pause_enabled = true: beside the pause is kept that the member was detached, so that a new sandbox of the function knows."
  }
}

variable "promote_order" {
  description = "With a datastore and a global cluster: `together`, `cluster-first` or `datastore-first`; the second waits until the first is promoted and available. Left out: `together`."
  type        = string
  default     = null

  validation {
    condition     = var.promote_order == null || try(contains(["together", "cluster-first", "datastore-first"], var.promote_order), false)
    error_message = "promote_order is wrong: set it to together, cluster-first or datastore-first, or leave it out."
  }
  validation {
    condition     = var.promote_order == null || var.global_datastore_id != null && var.global_cluster_id != null || length(var.watches) > 0
    error_message = "promote_order is between a datastore and a global cluster: set global_datastore_id and global_cluster_id, or leave it out."
  }
}

variable "record_regions" {
  description = "Set identifier → region, where no region can be read from a target's name: `{ blue = \"us-east-1\" }`."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for region in values(var.record_regions) : can(regex("^[a-z]{2,}(-[a-z]+)*-(north|south|central|(north|south)?(east|west))-[0-9]$", region))])
    error_message = "record_regions has a value that is no region: set it to a map from set identifier to region, such as { blue = \"us-east-1\" }."
  }
}

variable "record_targets" {
  description = "Region → names or addresses of its targets: the record set, where Route 53's API shall not be asked for it. `hosted_zone_id` is then not needed, and not used but for `primary_record_name`, `writer_record_name` and `reader_record_name`."
  type        = map(list(string))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for region in keys(var.record_targets) : can(regex("^[a-z]{2,}(-[a-z]+)*-(north|south|central|(north|south)?(east|west))-[0-9]$", region))])
    error_message = "record_targets has a key that is no region: set it to a map from region to target names, such as { us-east-1 = [\"app.us-east-1.elb.amazonaws.com\"] }."
  }
  validation {
    condition = alltrue([for targets in values(var.record_targets) : length(targets) > 0 && alltrue([for target in targets :
    can(regex("^[A-Za-z0-9_-]{1,63}([.][A-Za-z0-9_-]{1,63})+[.]?$", target)) && !can(regex("[.][0-9]+[.]?$", target)) || can(cidrhost("${target}/32", 0))])])
    error_message = "record_targets has a region without targets, or a target that is neither a host name nor an address: give each region at least one such as app.us-east-1.elb.amazonaws.com."
  }
}

variable "watches" {
  description = "Several records and datastores in one function, up to 1,000. What a watch leaves out is taken from the other variables; its name is what alarms, notifications and orders call it, and `dns_name` where it has none."
  type = list(object({
    name                        = optional(string)
    hosted_zone_id              = optional(string)
    dns_name                    = optional(string)
    global_datastore_id         = optional(string)
    global_cluster_id           = optional(string)
    aurora_action               = optional(string)
    promote_order               = optional(string)
    record_targets              = optional(map(list(string)))
    record_regions              = optional(map(string))
    confirmations               = optional(number)
    hold_down_seconds           = optional(number)
    promote_in_status           = optional(list(string))
    cache_max_age_seconds       = optional(number)
    check_interval_seconds      = optional(number)
    max_replication_lag_seconds = optional(number)
    when_lag_unknown            = optional(string)
    when_failover_refused       = optional(string)
    detach_after_seconds        = optional(number)
    notify_topic_arn            = optional(string)
    alert_after_seconds         = optional(number)
    dry_run                     = optional(bool)
    paused                      = optional(bool)
  }))
  default  = []
  nullable = false

  validation {
    condition     = length(var.watches) <= 1000
    error_message = "watches has more than 1000, which is as many as one function takes: make several of it, with names of their own."
  }
  validation {
    condition     = alltrue([for watch in var.watches : watch.name == null || can(regex("^[ -~]{1,100}$", watch.name))])
    error_message = "watches has a name that is empty, longer than 100 characters, or not of printable ASCII."
  }
  validation {
    condition = alltrue(flatten([for watch in var.watches : [
      watch.hosted_zone_id == null || can(regex("^(/hostedzone/)?[A-Za-z0-9]{1,32}$", watch.hosted_zone_id)),
      watch.dns_name == null || try(length(trimsuffix(watch.dns_name, ".")) <= 253
      && can(regex("^[A-Za-z0-9_-]{1,63}([.][A-Za-z0-9_-]{1,63})+[.]?$", watch.dns_name)) && !can(regex("[.][0-9]+[.]?$", watch.dns_name)), false),
      watch.global_datastore_id == null || can(regex("^[A-Za-z0-9-]+$", watch.global_datastore_id)),
    ]]))
    error_message = "watches has an hosted_zone_id, dns_name or global_datastore_id that is none: see the variables of these names."
  }
  validation {
    condition = alltrue(flatten([for watch in var.watches : [for region in concat(
      keys(watch.record_targets == null ? {} : watch.record_targets), values(watch.record_regions == null ? {} : watch.record_regions)
    ) : can(regex("^[a-z]{2,}(-[a-z]+)*-(north|south|central|(north|south)?(east|west))-[0-9]$", region))]]))
    error_message = "watches has record_targets or record_regions with something that is no region: see the variables of these names."
  }
  validation {
    condition = alltrue(flatten([for watch in var.watches : [for targets in values(watch.record_targets == null ? {} : watch.record_targets) : [
      length(targets) > 0, [for target in targets :
    can(regex("^[A-Za-z0-9_-]{1,63}([.][A-Za-z0-9_-]{1,63})+[.]?$", target)) && !can(regex("[.][0-9]+[.]?$", target)) || can(cidrhost("${target}/32", 0))]]]]))
    error_message = "watches has record_targets with a region without targets, or with a target that is neither a host name nor an address."
  }
  validation {
    # Value, least, most.
    condition = alltrue(flatten([for watch in var.watches : [for row in [
      [watch.confirmations, 1, 100],
      [watch.hold_down_seconds, 0, 86400],
      [watch.cache_max_age_seconds, 0, 86400],
      [watch.check_interval_seconds == 0 ? null : watch.check_interval_seconds, 0.2, 300],
      [watch.max_replication_lag_seconds, 0, 86400],
      [watch.detach_after_seconds, 180, 86400],
      [watch.alert_after_seconds, 0, 86400],
    ] : row[0] == null ? true : row[0] >= row[1] && row[0] <= row[2]]]))
    error_message = "watches has a number that is out of range: confirmations 1 to 100, check_interval_seconds 0 or 0.2 to 300, detach_after_seconds 180 to 86400, other seconds 0 to 86400."
  }
  validation {
    condition     = alltrue([for watch in var.watches : watch.confirmations == null || try(floor(watch.confirmations) == watch.confirmations, false)])
    error_message = "watches has confirmations that are no whole number."
  }
  validation {
    condition = alltrue(flatten([for watch in var.watches : [
      watch.when_lag_unknown == null || try(contains(["promote", "hold"], watch.when_lag_unknown), false),
      watch.when_failover_refused == null || try(contains(["hold", "detach"], watch.when_failover_refused), false),
      watch.aurora_action == null || try(contains(["failover", "switchover", "detach", "failover-then-detach"], watch.aurora_action), false),
      watch.promote_order == null || try(contains(["together", "cluster-first", "datastore-first"], watch.promote_order), false),
      watch.promote_in_status == null || try(length(watch.promote_in_status) > 0, false),
      [for status in watch.promote_in_status == null ? [] : watch.promote_in_status :
      contains(["available", "creating", "deleting", "modifying", "primary-only"], status)],
    ]]))
    error_message = "watches has a word that is not known: when_lag_unknown is promote or hold, when_failover_refused hold or detach, aurora_action failover, switchover, detach or failover-then-detach, promote_order together, cluster-first or datastore-first, promote_in_status one or more statuses of a datastore."
  }
  validation {
    condition = alltrue([for watch in var.watches : watch.notify_topic_arn == null || can(regex(
    "^arn:[^:]+:sns:[a-z]{2,}(-[a-z]+)+-[0-9]:[0-9]{12}:[A-Za-z0-9_-]+$", watch.notify_topic_arn))])
    error_message = "watches has a notify_topic_arn that is not the ARN of an SNS topic, or of a FIFO one."
  }
}

variable "watches_file" {
  description = "Path at which the function finds `watches`, such as `/opt/watches.json` of a layer, where they are too long for its environment, which has room for some thirty. The output `watches_json` is what the file must hold; `watches` stays what the permissions are made of."
  type        = string
  default     = null

  validation {
    condition     = var.watches_file == null || can(regex("^/.+$", var.watches_file))
    error_message = "watches_file is no absolute path: set it to one such as /opt/watches.json, which is where a layer's file watches.json comes to lie."
  }
  validation {
    condition     = var.watches_file == null || length(var.watches) > 0
    error_message = "watches_file is not enough: set watches to the same list, from which the function's permissions are made."
  }
}

variable "layers" {
  description = "ARNs of layers with their versions, such as one that holds `watches_file`."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.layers) <= 5 && alltrue([for arn in var.layers : can(regex("^arn:[^:]+:lambda:[^:]+:[0-9]{12}:layer:[^:]+:[0-9]+$", arn))])
    error_message = "layers has more than five, or something that is no ARN of a layer's version: set it to a list such as [\"arn:aws:lambda:us-east-1:123456789012:layer:watches:1\"]."
  }
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
    condition     = var.hold_down_seconds >= 0 && var.hold_down_seconds <= 86400
    error_message = "hold_down_seconds is out of range: set it to a number of seconds from 0 to 86400."
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
    condition     = var.cache_max_age_seconds >= 0 && var.cache_max_age_seconds <= 86400
    error_message = "cache_max_age_seconds is out of range: set it to a number of seconds from 0 to 86400."
  }
}

variable "dry_run" {
  description = "Say what would be promoted, and promote nothing."
  type        = bool
  default     = false
  nullable    = false
}

variable "paused" {
  description = "Check nothing and promote nothing, until the next deployment. To pause without one, see `pause_enabled`."
  type        = bool
  default     = false
  nullable    = false
}

variable "max_replication_lag_seconds" {
  description = "Hold while the local member is further behind than this, up to a day: what it lacks would be lost. Left out: promote whatever the lag. CloudWatch has the lag, a minute or more late."
  type        = number
  default     = null

  validation {
    condition     = var.max_replication_lag_seconds == null || try(var.max_replication_lag_seconds >= 0 && var.max_replication_lag_seconds <= 86400, false)
    error_message = "max_replication_lag_seconds is out of range: set it to a number of seconds from 0 to 86400, or leave it out."
  }
}

variable "when_lag_unknown" {
  description = "With `max_replication_lag_seconds`, what to do where CloudWatch does not tell the lag, as may be while the other region is down: `promote` or `hold`."
  type        = string
  default     = "hold"
  nullable    = false

  validation {
    condition     = contains(["promote", "hold"], var.when_lag_unknown)
    error_message = "when_lag_unknown is wrong: set it to promote or hold."
  }
}

variable "when_failover_refused" {
  description = "What to do where AWS refuses the failover for `detach_after_seconds`: `hold`, and go on asking; or `detach` the local member, which makes it a primary of its own at once. The datastore must be rebuilt by people then, and the member that comes back to it loses its data. `detach` needs `pause_enabled`."
  type        = string
  default     = "hold"
  nullable    = false

  validation {
    condition     = contains(["hold", "detach"], var.when_failover_refused)
    error_message = "when_failover_refused is wrong: set it to hold or detach."
  }
  validation {
    condition     = var.when_failover_refused != "detach" || coalesce(var.pause_enabled, var.vpc_config == null)
    error_message = "when_failover_refused = \"detach\" needs pause_enabled = true: beside the pause is kept that the member was detached, so that a new sandbox of the function knows."
  }
}

variable "detach_after_seconds" {
  description = "With `when_failover_refused = \"detach\"`, how long a promotion has to be wanted and refused before the member is detached, 180 to 86400."
  type        = number
  default     = 300
  nullable    = false

  validation {
    condition     = var.detach_after_seconds >= 180 && var.detach_after_seconds <= 86400
    error_message = "detach_after_seconds is out of range: set it to a number of seconds from 180 to 86400, since a failover that goes well takes a minute or two."
  }
}

# The names of the primary

variable "primary_record_name" {
  description = "Name of a CNAME in `hosted_zone_id` that this region's promoter leads to the own member once it is promoted; not `dns_name`. Left out: no record is changed. See [the name of the primary](#the-name-of-the-primary)."
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
    condition     = var.primary_record_name == null || var.hosted_zone_id != null
    error_message = "primary_record_name needs hosted_zone_id, record_targets or not: set it to the id of the zone of that name."
  }
  validation {
    condition     = var.primary_record_name == null || length(var.watches) == 0
    error_message = "primary_record_name is for one datastore, and watches are several: take the module endpoints for each of them."
  }
  validation {
    condition     = var.primary_record_name == null || try(lower(trimsuffix(var.primary_record_name, ".")) != lower(trimsuffix(var.dns_name, ".")), true)
    error_message = "primary_record_name is dns_name: that record says where to promote, and must not follow from it. Set it to another name."
  }
}

variable "primary_endpoint" {
  description = "What `primary_record_name` leads to: the primary endpoint of this region's member. Left out: it is read from ElastiCache, with cluster mode the configuration endpoint."
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

variable "writer_record_name" {
  description = "Name of a CNAME in `hosted_zone_id` that this region's promoter leads to the writer endpoint of the own Aurora cluster once that is the writer, promoted or detached; not `dns_name`. Left out: no record is changed. See [the names of an Aurora cluster](#the-names-of-an-aurora-cluster)."
  type        = string
  default     = null

  validation {
    condition = var.writer_record_name == null || try(
      length(trimsuffix(var.writer_record_name, ".")) <= 253 &&
      can(regex("^[A-Za-z0-9_-]{1,63}([.][A-Za-z0-9_-]{1,63})+[.]?$", var.writer_record_name)) &&
      !can(regex("[.][0-9]+[.]?$", var.writer_record_name)), false
    )
    error_message = "writer_record_name is not the name of a record: set it to one such as orders-writer.example.internal."
  }
  validation {
    condition     = var.writer_record_name == null || var.hosted_zone_id != null
    error_message = "writer_record_name needs hosted_zone_id, record_targets or not: set it to the id of the zone of that name."
  }
  validation {
    condition     = var.writer_record_name == null || var.global_cluster_id != null
    error_message = "writer_record_name follows an Aurora cluster: set global_cluster_id as well, or leave it out."
  }
  validation {
    condition     = var.writer_record_name == null || length(var.watches) == 0
    error_message = "writer_record_name is for one global cluster, and watches are several: make a function of its own for each that has such a name."
  }
  validation {
    condition     = var.writer_record_name == null || try(lower(trimsuffix(var.writer_record_name, ".")) != lower(trimsuffix(var.dns_name, ".")), true)
    error_message = "writer_record_name is dns_name: that record says where to promote, and must not follow from it. Set it to another name."
  }
  validation {
    condition     = var.writer_record_name == null || var.primary_record_name == null || try(lower(trimsuffix(var.writer_record_name, ".")) != lower(trimsuffix(var.primary_record_name, ".")), true)
    error_message = "writer_record_name is primary_record_name: give each a name of its own."
  }
}

variable "reader_record_name" {
  description = "Name of a CNAME in `hosted_zone_id` that this region's promoter leads to the reader endpoint of the own Aurora cluster once that is the writer, promoted or detached; not `dns_name`. Left out: no record is changed. See [the names of an Aurora cluster](#the-names-of-an-aurora-cluster)."
  type        = string
  default     = null

  validation {
    condition = var.reader_record_name == null || try(
      length(trimsuffix(var.reader_record_name, ".")) <= 253 &&
      can(regex("^[A-Za-z0-9_-]{1,63}([.][A-Za-z0-9_-]{1,63})+[.]?$", var.reader_record_name)) &&
      !can(regex("[.][0-9]+[.]?$", var.reader_record_name)), false
    )
    error_message = "reader_record_name is not the name of a record: set it to one such as orders-reader.example.internal."
  }
  validation {
    condition     = var.reader_record_name == null || var.hosted_zone_id != null
    error_message = "reader_record_name needs hosted_zone_id, record_targets or not: set it to the id of the zone of that name."
  }
  validation {
    condition     = var.reader_record_name == null || var.global_cluster_id != null
    error_message = "reader_record_name follows an Aurora cluster: set global_cluster_id as well, or leave it out."
  }
  validation {
    condition     = var.reader_record_name == null || length(var.watches) == 0
    error_message = "reader_record_name is for one global cluster, and watches are several: make a function of its own for each that has such a name."
  }
  validation {
    condition     = var.reader_record_name == null || try(lower(trimsuffix(var.reader_record_name, ".")) != lower(trimsuffix(var.dns_name, ".")), true)
    error_message = "reader_record_name is dns_name: that record says where to promote, and must not follow from it. Set it to another name."
  }
  validation {
    condition = var.reader_record_name == null || try(!contains([for name in [var.writer_record_name, var.primary_record_name] : lower(trimsuffix(name, ".")) if name != null],
    lower(trimsuffix(var.reader_record_name, "."))), true)
    error_message = "reader_record_name is that of another record: give each of writer_record_name, reader_record_name and primary_record_name a name of its own."
  }
}

variable "record_ttl_seconds" {
  description = "With `primary_record_name`, `writer_record_name` or `reader_record_name`, seconds that resolvers keep their answers, 1 to 86400."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.record_ttl_seconds >= 1 && var.record_ttl_seconds <= 86400 && floor(var.record_ttl_seconds) == var.record_ttl_seconds
    error_message = "record_ttl_seconds is out of range: set it to a whole number of seconds from 1 to 86400."
  }
}

# What people do, and are told

variable "pause_enabled" {
  description = "Let people pause promotions without a deployment, by a parameter in Parameter Store; beside it is kept what was promoted. Left out: true, but with `vpc_config` false, for there it takes an `ssm` endpoint: a function that never could read the parameter promotes nothing."
  type        = bool
  default     = null
}

variable "pause_parameter" {
  description = "Name of the parameter that pauses, with `running` in it where nothing is paused. The history is in the parameter of this name with `-history` after it. Left out: `/NAME/pause`."
  type        = string
  default     = null

  validation {
    condition = can(regex("^(/[A-Za-z0-9_./-]*[A-Za-z0-9_.-]|[A-Za-z0-9_.-]+)$", coalesce(var.pause_parameter, "/${var.name}/pause"))) && (
    length(coalesce(var.pause_parameter, "/${var.name}/pause")) <= 1003)
    error_message = "pause_parameter is not the name of a parameter: set it to one such as /promoter/sessions/pause."
  }
  validation {
    condition     = !can(regex("^/?(aws|ssm)", lower(coalesce(var.pause_parameter, "/${var.name}/pause"))))
    error_message = "pause_parameter begins with aws or ssm, which Parameter Store does not allow: set it to one such as /promoter/sessions/pause. Left out, it begins with name."
  }
}

variable "create_pause_parameters" {
  description = "Make both parameters. False where they are there already, such as those of another promoter that shall be paused with this one."
  type        = bool
  default     = true
  nullable    = false
}

variable "create_operator_function" {
  description = "Make a second function, `NAME-operator`, which carries out orders: status, pause, resume, failover, switchover, detach, history, rejoin. Without an order it costs nothing. ARC Region switch invokes it with the role of its plan, and people with theirs: it has no resource policy, and needs none."
  type        = bool
  default     = true
  nullable    = false
}

variable "operator_may_rejoin" {
  description = "Let the operator function rebuild the global cluster after its local cluster was detached: `{\"command\":\"rejoin\",\"apply\":true}`. It may then make DB clusters and instances in all regions of the account, and rename the global cluster. For a `newId` of your own give its role the same for that id."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.operator_may_rejoin || var.create_operator_function
    error_message = "operator_may_rejoin is for the operator function: set create_operator_function = true, or leave it out."
  }
  validation {
    condition     = !var.operator_may_rejoin || var.global_cluster_id != null || anytrue([for watch in var.watches : watch.global_cluster_id != null])
    error_message = "operator_may_rejoin is for an Aurora global cluster: set global_cluster_id, or that of a watch, or leave it out."
  }
}

variable "operator_may_delete_old_cluster" {
  description = "Let a rejoin delete the old cluster in the end, with a final snapshot, where the event has its id as `deleteOldCluster` and again as `confirm`. Its name is in no variable: the role may delete any DB cluster of the account that stands alone and is not protected against deletion."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.operator_may_delete_old_cluster || var.operator_may_rejoin
    error_message = "operator_may_delete_old_cluster is a part of the rejoin: set operator_may_rejoin = true as well, or leave it out."
  }
}

variable "operator_may_detach" {
  description = "Let the second function carry out the order `detach`, too: it takes the own member out of its datastore or global cluster, which has to be rebuilt afterwards. Left out: false, so that whoever may invoke the function cannot break up a group; a person whose own role may do it has `promoter detach` all the same."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.operator_may_detach || var.create_operator_function
    error_message = "operator_may_detach is for the second function: set create_operator_function = true, or leave it out."
  }
  validation {
    condition     = !var.operator_may_detach || coalesce(var.pause_enabled, var.vpc_config == null)
    error_message = "operator_may_detach needs pause_enabled = true: beside the pause is kept that the member was detached."
  }
}

variable "notify_topic_arn" {
  description = "SNS topic to tell of each promotion, its end, and each that failed; not FIFO. If a KMS key of yours encrypts it, let the roles (outputs `role_name`, `operator_role_name`) use `kms:GenerateDataKey*` and `kms:Decrypt` on that key."
  type        = string
  default     = null

  validation {
    condition     = var.notify_topic_arn == null || can(regex("^arn:[^:]+:sns:[a-z]{2,}(-[a-z]+)+-[0-9]:[0-9]{12}:[A-Za-z0-9_-]+$", var.notify_topic_arn))
    error_message = "notify_topic_arn is not the ARN of an SNS topic, or of a FIFO one: set it to one such as arn:aws:sns:us-east-1:123456789012:alerts."
  }
}

variable "alert_after_seconds" {
  description = "Tell, and ring the alarm `stuck`, when a promotion is wanted for so long and has not come about; up to a day, 0 is never."
  type        = number
  default     = 300
  nullable    = false

  validation {
    condition     = var.alert_after_seconds >= 0 && var.alert_after_seconds <= 86400
    error_message = "alert_after_seconds is out of range: set it to a number of seconds from 0 to 86400."
  }
}

variable "metrics" {
  description = "Write CloudWatch metrics to the log, in its embedded metric format, namespace `Promoter`: per watch and region what the checks came to, and how long they and the promotions took."
  type        = bool
  default     = true
  nullable    = false
}

# How often

variable "check_interval_seconds" {
  description = "Keep checking inside an invocation, this often, until the next one starts: 0.2 to 300. 0 is one check an invocation, which is the program's own default: a quarter of the cost, and with two confirmations up to two minutes later."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.check_interval_seconds == 0 || (var.check_interval_seconds >= 0.2 && var.check_interval_seconds <= 300)
    error_message = "check_interval_seconds is out of range: set it to 0, or to a number of seconds from 0.2 to 300."
  }
}

variable "schedule_minutes" {
  description = "Start an invocation this often, in minutes, 1 to 60, and with `check_interval_seconds` 15 at most. Above 1, a function that was killed is started again that much later; without `check_interval_seconds` each check reads the datastore, too."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.schedule_minutes >= 1 && var.schedule_minutes <= 60 && floor(var.schedule_minutes) == var.schedule_minutes
    error_message = "schedule_minutes is out of range: set it to a whole number of minutes from 1 to 60."
  }
  validation {
    # Not one of check_interval_seconds: those of a variable cannot look at one another.
    condition     = var.check_interval_seconds == 0 || var.schedule_minutes <= 15
    error_message = "schedule_minutes is more than 15, which is as long as an invocation can last: checks would stop until the next one. Set it to 15 or less, or check_interval_seconds to 0."
  }
  validation {
    condition     = var.check_interval_seconds == 0 || var.check_interval_seconds < var.schedule_minutes * 60
    error_message = "schedule_minutes is no longer than check_interval_seconds, and each invocation makes a check of its own: set check_interval_seconds to less, or to 0 for one check an invocation."
  }
}

variable "timeout_seconds" {
  description = "Timeout of the function, 10 to 900. Left out: 2 s less than the schedule's interval, or 15 where `check_interval_seconds` is 0."
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
  description = "Run in a VPC, as a record in a private hosted zone needs it. Its subnets need a way to ElastiCache's endpoint of the region, to Route 53's without `record_targets`, to `ssm` with `pause_enabled`, to `sns` with a topic, to `monitoring` with a lag limit; and a resolver that answers as your clients' does."
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
  description = "Least level of the function's own log lines. `INFO` is a line a check; checking without pause, a line an invocation and one for each change. `WARN` saves that where `check_interval_seconds` is 0, and loses the metrics, which count as `INFO`."
  type        = string
  default     = "INFO"
  nullable    = false

  validation {
    condition     = contains(["TRACE", "DEBUG", "INFO", "WARN"], var.log_level)
    error_message = "log_level is wrong: set it to TRACE, DEBUG, INFO or WARN. Above WARN, nobody would see that it holds for want of information."
  }
  validation {
    condition     = var.log_level != "WARN" || var.check_interval_seconds == 0
    error_message = "log_level is too high for check_interval_seconds: what lasts is not repeated as a warning, and the alarm blind would not see it. Set log_level to INFO."
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

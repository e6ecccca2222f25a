variable "name" {
  description = "Prefix of the names of all that is made; the promoter's function has it alone."
  type        = string
  default     = "promoter"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,34}$", var.name))
    error_message = "name cannot begin the names of functions: set it to 1 to 34 letters, digits, hyphens and underscores."
  }
}

variable "primary_region" {
  description = "The region that is active while all is well."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2,}(-[a-z]+)+-[0-9]$", var.primary_region))
    error_message = "primary_region is no region: set it to one such as us-east-1."
  }
}

variable "secondary_region" {
  description = "The region to fail over to."
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

variable "regions" {
  description = "Region → its member of the datastore (`replication_group_id`, and `redis_host`, its primary or configuration endpoint), subnets and security groups from which the member, CloudWatch and Secrets Manager are reached, the secret with the probe's password and its key where it is yours, and topics to tell of alarms."
  type = map(object({
    replication_group_id = string
    redis_host           = string
    subnet_ids           = list(string)
    security_group_ids   = list(string)
    redis_secret_arn     = optional(string)
    secret_kms_key_arn   = optional(string)
    alarm_actions        = optional(list(string), [])
  }))
  nullable = false

  validation {
    condition     = toset(keys(var.regions)) == toset([var.primary_region, var.secondary_region])
    error_message = "regions is not a map of primary_region and secondary_region: describe both of them, and no other."
  }
}

variable "global_datastore_id" {
  description = "The ElastiCache Global Datastore, with the prefix that AWS gave it."
  type        = string
  nullable    = false
}

variable "redis_port" {
  description = "TCP port of the members. Left out: 6379."
  type        = number
  default     = null
}

variable "redis_tls" {
  description = "Whether the members speak TLS. Left out: true."
  type        = bool
  default     = null
}

variable "shards" {
  description = "Shards, with cluster mode. Left out: it is disabled."
  type        = number
  default     = null
}

variable "nodes_per_shard" {
  description = "Nodes of each shard. Left out: 2."
  type        = number
  default     = null
}

# The record

variable "hosted_zone_id" {
  description = "Route 53 hosted zone of the record."
  type        = string
  nullable    = false
}

variable "zone_is_private" {
  description = "Whether the zone is a private one: then the promoters run in the subnets as well, which have to reach ElastiCache's endpoint and Parameter Store's."
  type        = bool
  default     = false
  nullable    = false
}

variable "dns_name" {
  description = "Name of the failover record, which is made; your clients connect to it."
  type        = string
  nullable    = false
}

variable "ttl" {
  description = "Seconds that the record's answer is kept by resolvers."
  type        = number
  default     = 30
  nullable    = false
}

variable "health_checks_disabled" {
  description = "Let Route 53 take both regions for healthy: for the first deployment, until there is data, and for maintenance."
  type        = bool
  default     = false
  nullable    = false
}

variable "health_check_on_secondary" {
  description = "Give the secondary's record its health check, too; then what makes both probes fail moves nothing. Left out: false."
  type        = bool
  default     = null
}

variable "return_by_hand" {
  description = "Whether people decide that the primary region is active again, by promoting its member; false: as soon as it is healthy."
  type        = bool
  default     = true
  nullable    = false
}

# How soon

variable "probe_interval_seconds" {
  description = "Seconds between two probes. Left out: 10."
  type        = number
  default     = null
}

variable "failures_to_unhealthy" {
  description = "Failed probes in a row that count. Left out: 2."
  type        = number
  default     = null
}

variable "alarm_evaluation_periods" {
  description = "Unhealthy minutes in a row that fail the health check. Left out: 3."
  type        = number
  default     = null
}

# The functions

variable "dry_run" {
  description = "Only say what would be promoted."
  type        = bool
  default     = null
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

variable "reserved_concurrent_executions" {
  description = "1, or -1 in an account whose concurrency quota is too small to reserve any of it. Left out: 1."
  type        = number
  default     = null
}

variable "tags" {
  description = "Tags of all that is made."
  type        = map(string)
  default     = null
}

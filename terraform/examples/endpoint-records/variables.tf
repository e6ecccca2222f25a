variable "name" {
  description = "Name of the functions, their topics, rules and alarms. Left out: promoter-endpoints."
  type        = string
  default     = null
}

variable "primary_region" {
  description = "One region of the datastore."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2,}(-[a-z]+)+-[0-9]$", var.primary_region))
    error_message = "primary_region is no region: set it to one such as us-east-1."
  }
}

variable "secondary_region" {
  description = "The other one. Neither function cares which of them is the primary."
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
  description = "Region → its member of the datastore, the names of its replicas' records, the SNS topic that the member tells already, if any, and topics to tell of alarms."
  type = map(object({
    replication_group_id = string
    record_name          = optional(string)
    weighted_record_name = optional(string)
    topic_arn            = optional(string)
    alarm_actions        = optional(list(string), [])
  }))
  nullable = false

  validation {
    condition     = toset(keys(var.regions)) == toset([var.primary_region, var.secondary_region])
    error_message = "regions is not a map of primary_region and secondary_region: describe both of them, and no other."
  }
  validation {
    # Each would take the other's records for somebody else's, and number its own around them.
    condition = alltrue([for names in [
      [for member in values(var.regions) : lower(trimsuffix(member.record_name, ".")) if member.record_name != null],
      [for member in values(var.regions) : lower(trimsuffix(member.weighted_record_name, ".")) if member.weighted_record_name != null],
    ] : length(distinct(names)) == length(names)])
    error_message = "regions has two with the same record_name or weighted_record_name: give each region names of its own."
  }
}

variable "global_datastore_id" {
  description = "The ElastiCache Global Datastore, with the prefix that AWS gave it."
  type        = string
  nullable    = false
}

# The records

variable "hosted_zone_id" {
  description = "Route 53 hosted zone of all records, public or private."
  type        = string
  nullable    = false
}

variable "primary_record_name" {
  description = "Name of the CNAME that leads to the primary, for both regions."
  type        = string
  nullable    = false
}

variable "record_ttl_seconds" {
  description = "Seconds that resolvers keep an answer. Left out: 10."
  type        = number
  default     = null
}

variable "when_no_replicas" {
  description = "What becomes of the replicas' records where there is no replica: `keep`, `primary` or `delete`. Left out: keep."
  type        = string
  default     = null
}

# The functions

variable "dry_run" {
  description = "Only say what would be changed."
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
  description = "1 to 10, or -1 in an account whose concurrency quota is too small to reserve any of it. Left out: 2."
  type        = number
  default     = null
}

variable "tags" {
  description = "Tags of all that is made."
  type        = map(string)
  default     = null
}

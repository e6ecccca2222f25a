variable "name" {
  description = "Name of the Global Datastore, and prefix of all other names."
  type        = string
  default     = "sessions"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9]|-[a-z0-9]){0,19}$", var.name)) && length(var.name) <= 20
    error_message = "name must be 1 to 20 lower-case letters, digits and single hyphens that begin with a letter: ElastiCache allows 40 with the region."
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
    error_message = "secondary_region is primary_region: set it to another."
  }
}

# --- Networks --------------------------------------------------------------------------------------------------------

variable "primary_cidr" {
  description = "IPv4 range of the primary region's VPC."
  type        = string
  default     = "10.1.0.0/16"
  nullable    = false
}

variable "secondary_cidr" {
  description = "IPv4 range of the secondary region's VPC. It must not overlap with the primary's."
  type        = string
  default     = "10.2.0.0/16"
  nullable    = false
}

variable "availability_zones" {
  description = "Region → zones to use, at least two; the first two of a region that is left out."
  type        = map(list(string))
  default     = {}
  nullable    = false
}

variable "flow_logs" {
  description = "Whether the VPCs' traffic is recorded."
  type        = bool
  default     = true
  nullable    = false
}

# --- The record ------------------------------------------------------------------------------------------------------

variable "zone_name" {
  description = "Name of the private hosted zone."
  type        = string
  default     = "sessions.internal"
  nullable    = false
}

variable "dns_name" {
  description = "Name of the failover record, in the zone."
  type        = string
  default     = "app.sessions.internal"
  nullable    = false

  validation {
    condition     = endswith(var.dns_name, ".${var.zone_name}")
    error_message = "dns_name is not in the zone: set it to a name that ends in zone_name, such as app.sessions.internal in sessions.internal."
  }
}

variable "targets" {
  description = "Region → the load balancer that the record points to, if you have your own; then both regions. Empty makes an internal Network Load Balancer in each."
  type = map(object({
    dns_name        = string
    zone_id         = string
    health_check_id = optional(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = length(var.targets) == 0 || toset(keys(var.targets)) == toset([var.primary_region, var.secondary_region])
    error_message = "targets must be empty, or have an entry for primary_region and one for secondary_region, and no other."
  }
}

variable "load_balancer_port" {
  description = "TCP port of the load balancers that this example makes, and of their targets."
  type        = number
  default     = 443
  nullable    = false
}

variable "load_balancer_protected" {
  description = "Whether the load balancers are protected from being deleted, by Terraform too. Set it to false, and apply, before you destroy."
  type        = bool
  default     = false
  nullable    = false
}

variable "load_balancer_log_buckets" {
  description = "Region → S3 bucket for the load balancer's access logs."
  type        = map(string)
  default     = {}
  nullable    = false
}

# --- The Global Datastore --------------------------------------------------------------------------------------------

variable "engine" {
  description = "`valkey` or `redis`."
  type        = string
  default     = "valkey"
  nullable    = false
}

variable "engine_version" {
  description = "Version as major.minor."
  type        = string
  default     = "8.0"
  nullable    = false
}

variable "node_type" {
  description = "Node type of both regions: large or bigger, not burstable."
  type        = string
  default     = "cache.m7g.large"
  nullable    = false
}

variable "nodes_per_region" {
  description = "Nodes in each region: a primary and its replicas."
  type        = number
  default     = 2
  nullable    = false
}

variable "datastore_port" {
  description = "TCP port of the datastore."
  type        = number
  default     = 6379
  nullable    = false
}

variable "kms_key_arns" {
  description = "Region → KMS key for what is on disk; AWS's own where none is given."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "auth_token" {
  description = "Password that clients must give; `null` is none. Better set by `TF_VAR_auth_token` than in a file."
  type        = string
  default     = null
  sensitive   = true
}

# --- The promoters ---------------------------------------------------------------------------------------------------

variable "package_file" {
  description = "The zip to deploy. Left out: `dist/promoter-ARCHITECTURE.zip` of this checkout, which `make package` builds."
  type        = string
  default     = null
}

variable "architecture" {
  description = "What the zip was built for: `x86_64` or `arm64`. Left out: what its name says, or the one that is in `dist/`."
  type        = string
  default     = null

  validation {
    condition     = var.architecture == null || contains(["x86_64", "arm64"], coalesce(var.architecture, "-"))
    error_message = "architecture is unknown to Lambda: set it to x86_64 or arm64, whichever the zip was built for, or leave it out."
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

variable "reserved_concurrent_executions" {
  description = "1, or -1 in an account whose concurrency quota is too small to reserve any of it."
  type        = number
  default     = 1
  nullable    = false
}

variable "alarm_actions" {
  description = "Region → topics of that region to tell when an alarm rings."
  type        = map(list(string))
  default     = {}
  nullable    = false

  validation {
    condition     = length(setsubtract(keys(var.alarm_actions), [var.primary_region, var.secondary_region])) == 0
    error_message = "alarm_actions has a key that is neither primary_region nor secondary_region: its alarms would tell nobody."
  }
}

variable "tags" {
  description = "Tags of everything."
  type        = map(string)
  default     = {}
  nullable    = false
}

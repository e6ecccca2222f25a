variable "primary_region" {
  description = "A region of the global cluster."
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
    error_message = "secondary_region is primary_region: set it to the global cluster's other region."
  }
}

variable "hosted_zone_id" {
  description = "Route 53 hosted zone of the record."
  type        = string
  nullable    = false
}

variable "dns_name" {
  description = "Name of the failover record that the promoters follow."
  type        = string
  nullable    = false
}

variable "global_cluster_id" {
  description = "The Aurora global cluster."
  type        = string
  nullable    = false
}

variable "aurora_action" {
  description = "What the promoters do with it when DNS has moved; see the module promoter. Left out: `failover`."
  type        = string
  default     = null
}

variable "writer_record_name" {
  description = "A CNAME in the zone that is pointed at the writer; see the module promoter."
  type        = string
  default     = null
}

variable "reader_record_name" {
  description = "A CNAME in the zone that is pointed at the readers beside it."
  type        = string
  default     = null
}

variable "maximum_lag_seconds" {
  description = "What an ordered switchover is refused for: a cluster that is further behind. Left out: 1 s."
  type        = number
  default     = null
}

variable "topic_arns" {
  description = "Region → SNS topic of that region, to tell of alarms, promotions and executions."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(setsubtract(keys(var.topic_arns), [var.primary_region, var.secondary_region])) == 0
    error_message = "topic_arns has a key that is neither primary_region nor secondary_region: nobody would be told of what happens there."
  }
}

variable "dry_run" {
  description = "Only say what would be promoted, when DNS has moved and when it is ordered."
  type        = bool
  default     = false
  nullable    = false
}

variable "name" {
  description = "Beginning of the names of all that is made."
  type        = string
  default     = "promoter"
  nullable    = false
}

variable "package_file" {
  description = "The zip to deploy. Left out: `dist/promoter-ARCHITECTURE.zip` of this checkout, which `make package` builds."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of all that is made."
  type        = map(string)
  default     = {}
  nullable    = false
}

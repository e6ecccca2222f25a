variable "name" {
  description = "Prefix of the names of all that this module makes, such as `sessions-use1`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,39}$", var.name))
    error_message = "name must be 1 to 40 lower-case letters, digits and hyphens that begin with a letter, such as \"sessions-use1\"."
  }
}

variable "cidr" {
  description = "IPv4 range of the VPC, /16 to /24. It must not overlap with the range of a VPC that it will be peered with."
  type        = string
  nullable    = false

  validation {
    condition     = can(cidrhost(var.cidr, 0)) && try(tonumber(split("/", var.cidr)[1]) >= 16 && tonumber(split("/", var.cidr)[1]) <= 24, false)
    error_message = "cidr must be an IPv4 range from /16 to /24, such as \"10.1.0.0/16\"."
  }
}

variable "availability_zones" {
  description = "Availability Zones of the subnets, at least two; empty takes the first two of the region. Name them where an interface endpoint is not to be had in one of those two."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.availability_zones) == 0 || (length(var.availability_zones) >= 2 && length(var.availability_zones) <= 6)
    error_message = "availability_zones must be empty or name 2 to 6 zones: one zone alone is what Multi-AZ is there to survive."
  }

  validation {
    condition     = length(distinct(var.availability_zones)) == length(var.availability_zones)
    error_message = "availability_zones names a zone twice; each subnet needs a zone of its own."
  }
}

variable "interface_endpoints" {
  description = "AWS services of this region that the subnets reach through interface endpoints, by the last part of the service's name. `elasticache` is what each promoter calls; add `ssm` for `pause_enabled`, `sns` where it notifies a topic, `monitoring` where it has a lag limit or carries out switchovers; a probe takes `monitoring` and `secretsmanager`. `logs`, `lambda` and `sts` are not needed: Lambda delivers events, log lines with their metrics, and credentials itself."
  type        = set(string)
  default     = ["elasticache"]
  nullable    = false

  validation {
    condition     = alltrue([for s in var.interface_endpoints : can(regex("^[a-z0-9]+([.-][a-z0-9]+)*$", s))])
    error_message = "interface_endpoints takes the last part of the service's name only, such as \"elasticache\" for com.amazonaws.REGION.elasticache."
  }

  validation {
    condition     = !contains(var.interface_endpoints, "route53")
    error_message = "Route 53's endpoint is no regional one: leave \"route53\" out of interface_endpoints and set route53_endpoint = true."
  }
}

variable "route53_endpoint" {
  description = "Whether to make an interface endpoint for the Route 53 API, whose service `com.amazonaws.route53` is in us-east-1 and is reached across regions from elsewhere. A promoter reads the record set through it; one that is given `record_targets` needs none."
  type        = bool
  default     = true
  nullable    = false
}

variable "endpoint_client_security_group_ids" {
  description = "Further security groups that may use the interface endpoints, by a name of your choice. The function's own, which this module makes, always may."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "flow_logs" {
  description = "Whether the VPC's traffic is recorded in a CloudWatch log group."
  type        = bool
  default     = true
  nullable    = false
}

variable "flow_log_retention_days" {
  description = "Days that flow logs are kept."
  type        = number
  default     = 365
  nullable    = false

  validation {
    condition = contains(
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
      var.flow_log_retention_days
    )
    error_message = "flow_log_retention_days must be one that CloudWatch Logs knows, such as 30, 90 or 365."
  }
}

variable "flow_log_kms_key_arn" {
  description = "ARN of a KMS key of this region for the flow logs, whose policy lets CloudWatch Logs use it; `null` takes the key that AWS owns."
  type        = string
  default     = null

  validation {
    condition     = var.flow_log_kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:", var.flow_log_kms_key_arn))
    error_message = "flow_log_kms_key_arn must be the ARN of a KMS key, arn:aws:kms:REGION:ACCOUNT:key/ID."
  }
}

variable "tags" {
  description = "Tags of all that this module makes."
  type        = map(string)
  default     = {}
  nullable    = false
}

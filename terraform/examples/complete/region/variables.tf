variable "name" {
  description = "Prefix of all names."
  type        = string
  nullable    = false
}

variable "cidr" {
  description = "IPv4 range of this region's VPC."
  type        = string
  nullable    = false
}

variable "peer_cidr" {
  description = "IPv4 range of the other region's VPC."
  type        = string
  nullable    = false
}

variable "availability_zones" {
  description = "Zones to use; empty takes the first two."
  type        = list(string)
  nullable    = false
}

variable "flow_logs" {
  description = "Whether the VPC's traffic is recorded."
  type        = bool
  nullable    = false
}

variable "load_balancer" {
  description = "Whether to make a load balancer."
  type        = bool
  nullable    = false
}

variable "load_balancer_port" {
  description = "TCP port of the load balancer and of its targets."
  type        = number
  nullable    = false
}

variable "load_balancer_protected" {
  description = "Whether the load balancer is protected from being deleted."
  type        = bool
  nullable    = false
}

variable "load_balancer_log_bucket" {
  description = "S3 bucket for access logs; `null` is none."
  type        = string
}

variable "application_datastore_port" {
  description = "TCP port at which the application reaches the datastore."
  type        = number
  nullable    = false
}

variable "tags" {
  description = "Tags of everything."
  type        = map(string)
  nullable    = false
}

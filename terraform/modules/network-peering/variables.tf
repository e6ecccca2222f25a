variable "name" {
  description = "Name of the peering connection, shown on both sides."
  type        = string
  nullable    = false
}

variable "requester" {
  description = "The VPC that asks, in the region of `aws.requester`: its id, its IPv4 range, and the route tables that get a route to the other side."
  type = object({
    vpc_id          = string
    cidr            = string
    route_table_ids = list(string)
  })
  nullable = false

  validation {
    condition     = can(cidrhost(var.requester.cidr, 0)) && length(var.requester.route_table_ids) > 0
    error_message = "requester needs an IPv4 range, such as \"10.1.0.0/16\", and at least one route table: without a route, nothing passes."
  }
}

variable "accepter" {
  description = "The VPC that accepts, in the region of `aws.accepter`, in the same account."
  type = object({
    vpc_id          = string
    cidr            = string
    route_table_ids = list(string)
  })
  nullable = false

  validation {
    condition     = can(cidrhost(var.accepter.cidr, 0)) && length(var.accepter.route_table_ids) > 0
    error_message = "accepter needs an IPv4 range, such as \"10.2.0.0/16\", and at least one route table: without a route, nothing passes."
  }
  validation {
    # Two ranges overlap if, cut to the shorter prefix of the two, they are the same network.
    condition = try(
      cidrhost("${split("/", var.requester.cidr)[0]}/${min(split("/", var.requester.cidr)[1], split("/", var.accepter.cidr)[1])}", 0) !=
      cidrhost("${split("/", var.accepter.cidr)[0]}/${min(split("/", var.requester.cidr)[1], split("/", var.accepter.cidr)[1])}", 0),
    false)
    error_message = "accepter and requester have ranges that overlap, and AWS does not peer such VPCs: give one of them another range."
  }
}

variable "tags" {
  description = "Tags of the connection, on both sides."
  type        = map(string)
  default     = {}
  nullable    = false
}

output "vpc_id" {
  description = "The VPC."
  value       = module.network.vpc_id
}

output "private_subnet_ids" {
  description = "The private subnets."
  value       = module.network.private_subnet_ids
}

output "route_table_ids" {
  description = "Route tables for the peering."
  value       = module.network.route_table_ids
}

output "function_security_group_id" {
  description = "Security group of the promoter."
  value       = module.network.function_security_group_id
}

output "application_security_group_id" {
  description = "Security group of the datastore's clients."
  value       = aws_security_group.application.id
}

output "load_balancer" {
  description = "Name and zone of the load balancer, for the record; nulls without one."
  value = {
    dns_name = one(aws_lb.this[*].dns_name)
    zone_id  = one(aws_lb.this[*].zone_id)
  }
}

output "target_group_arn" {
  description = "Target group of the load balancer; null without one."
  value       = one(aws_lb_target_group.this[*].arn)
}

output "endpoint_ids" {
  description = "Interface endpoints by service."
  value       = module.network.endpoint_ids
}

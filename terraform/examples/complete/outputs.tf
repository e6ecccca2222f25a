output "global_datastore_id" {
  description = "The Global Datastore, for `promoter status` and the AWS CLI."
  value       = module.datastore_primary.global_datastore_id
}

output "hosted_zone_id" {
  description = "The private zone of the record."
  value       = aws_route53_zone.private.zone_id
}

output "dns_name" {
  description = "The record that decides which region is active."
  value       = var.dns_name
}

output "datastore_endpoints" {
  description = "Region → name of the member's primary node. Only the primary region's takes writes."
  value = {
    (var.primary_region)   = module.datastore_primary.primary_endpoint_address
    (var.secondary_region) = module.datastore_secondary.primary_endpoint_address
  }
}

output "application_security_groups" {
  description = "Region → security group to give to what shall reach the datastore, in both regions."
  value = {
    (var.primary_region)   = module.primary.application_security_group_id
    (var.secondary_region) = module.secondary.application_security_group_id
  }
}

output "target_groups" {
  description = "Region → target group to register the application with; null with load balancers of your own."
  value = {
    (var.primary_region)   = module.primary.target_group_arn
    (var.secondary_region) = module.secondary.target_group_arn
  }
}

output "networks" {
  description = "Region → VPC and private subnets."
  value = {
    (var.primary_region)   = { vpc_id = module.primary.vpc_id, subnet_ids = module.primary.private_subnet_ids }
    (var.secondary_region) = { vpc_id = module.secondary.vpc_id, subnet_ids = module.secondary.private_subnet_ids }
  }
}

output "functions" {
  description = "Region → name of the promoter's function."
  value = {
    (var.primary_region)   = module.promoter_primary.function_name
    (var.secondary_region) = module.promoter_secondary.function_name
  }
}

output "operator_functions" {
  description = "Region → name of the function that carries out orders."
  value = {
    (var.primary_region)   = module.promoter_primary.operator_function_name
    (var.secondary_region) = module.promoter_secondary.operator_function_name
  }
}

output "pause_parameters" {
  description = "Region → name of the parameter that pauses promotions."
  value = {
    (var.primary_region)   = module.promoter_primary.pause_parameter
    (var.secondary_region) = module.promoter_secondary.pause_parameter
  }
}

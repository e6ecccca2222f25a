output "record" {
  description = "The name to connect to."
  value       = module.probe_primary.record_fqdn
}

output "probes" {
  description = "Region → name of the function that probes."
  value = {
    (var.primary_region)   = module.probe_primary.function_name
    (var.secondary_region) = module.probe_secondary.function_name
  }
}

output "health_check_ids" {
  description = "Region → ids of its health checks, by what they probe."
  value = {
    (var.primary_region)   = module.probe_primary.health_check_ids
    (var.secondary_region) = module.probe_secondary.health_check_ids
  }
}

output "promoters" {
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

output "alarms" {
  description = "Region → ARNs of its alarms."
  value = {
    (var.primary_region)   = concat(values(module.probe_primary.alarm_arns), values(module.promoter_primary.alarm_arns), values(module.monitoring_primary.alarm_arns))
    (var.secondary_region) = concat(values(module.probe_secondary.alarm_arns), values(module.promoter_secondary.alarm_arns), values(module.monitoring_secondary.alarm_arns))
  }
}

output "dashboard" {
  description = "Name of the dashboard."
  value       = module.monitoring_secondary.dashboard_name
}

output "environments" {
  description = "Region → environment variables of the probe and of the promoter."
  value = {
    (var.primary_region)   = { probe = module.probe_primary.environment, promoter = module.promoter_primary.environment }
    (var.secondary_region) = { probe = module.probe_secondary.environment, promoter = module.promoter_secondary.environment }
  }
}

output "functions" {
  description = "Region → name of the function."
  value = {
    (var.primary_region)   = module.primary.function_name
    (var.secondary_region) = module.secondary.function_name
  }
}

output "operator_functions" {
  description = "Region → name of the function that carries out orders; null where there is none."
  value = {
    (var.primary_region)   = module.primary.operator_function_name
    (var.secondary_region) = module.secondary.operator_function_name
  }
}

output "pause_parameters" {
  description = "Region → name of the parameter that pauses promotions; null where pausing is off."
  value = {
    (var.primary_region)   = module.primary.pause_parameter
    (var.secondary_region) = module.secondary.pause_parameter
  }
}

output "log_groups" {
  description = "Region → name of the log group."
  value = {
    (var.primary_region)   = module.primary.log_group_name
    (var.secondary_region) = module.secondary.log_group_name
  }
}

output "roles" {
  description = "Region → ARN of the function's role."
  value = {
    (var.primary_region)   = module.primary.role_arn
    (var.secondary_region) = module.secondary.role_arn
  }
}

output "alarms" {
  description = "Region → ARNs of the alarms, by what they watch."
  value = {
    (var.primary_region)   = module.primary.alarm_arns
    (var.secondary_region) = module.secondary.alarm_arns
  }
}

output "environments" {
  description = "Region → environment variables of the function."
  value = {
    (var.primary_region)   = module.primary.environment
    (var.secondary_region) = module.secondary.environment
  }
}

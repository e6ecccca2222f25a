output "start_commands" {
  description = "Region → what makes it the writer, as it is typed: `switchover` and `unplanned`."
  value = {
    (var.primary_region)   = module.aurora_primary.start_commands
    (var.secondary_region) = module.aurora_secondary.start_commands
  }
}

output "state_machines" {
  description = "Region → ARNs of the state machines."
  value = {
    (var.primary_region)   = module.aurora_primary.state_machine_arns
    (var.secondary_region) = module.aurora_secondary.state_machine_arns
  }
}

output "operator_functions" {
  description = "Region → name of the function that carries out orders."
  value = {
    (var.primary_region)   = module.promoter_primary.operator_function_name
    (var.secondary_region) = module.promoter_secondary.operator_function_name
  }
}

output "environments" {
  description = "Region → environment variables of the function that follows DNS."
  value = {
    (var.primary_region)   = module.promoter_primary.environment
    (var.secondary_region) = module.promoter_secondary.environment
  }
}

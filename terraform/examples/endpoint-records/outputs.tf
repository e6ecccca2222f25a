output "topic_arns" {
  description = "Region → ARN of the SNS topic that its cluster has to be told, as `notification_topic_arn`."
  value = {
    (var.primary_region)   = module.primary.topic_arn
    (var.secondary_region) = module.secondary.topic_arn
  }
}

output "functions" {
  description = "Region → name of the function."
  value = {
    (var.primary_region)   = module.primary.function_name
    (var.secondary_region) = module.secondary.function_name
  }
}

output "log_groups" {
  description = "Region → name of the log group."
  value = {
    (var.primary_region)   = module.primary.log_group_name
    (var.secondary_region) = module.secondary.log_group_name
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

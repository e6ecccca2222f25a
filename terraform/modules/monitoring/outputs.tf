output "alarm_arns" {
  description = "ARNs of the alarms, by what they watch, for the dashboard: `engine_cpu/sessions-use1-001` and so on."
  value       = { for name, alarm in aws_cloudwatch_metric_alarm.this : name => alarm.arn }
}

output "cache_cluster_ids" {
  description = "The nodes that are watched, for the dashboard of another region."
  value       = sort(local.nodes)
}

output "dashboard_name" {
  description = "Name of the dashboard; null where this call makes none."
  value       = one(aws_cloudwatch_dashboard.this[*].dashboard_name)
}

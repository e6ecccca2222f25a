output "function_name" {
  description = "Name of the Lambda function, for `aws lambda invoke`."
  value       = aws_lambda_function.this.function_name
}

output "function_arn" {
  description = "ARN of the Lambda function."
  value       = aws_lambda_function.this.arn
}

output "role_name" {
  description = "Name of the function's role, to attach what your organisation demands."
  value       = aws_iam_role.this.name
}

output "role_arn" {
  description = "ARN of the function's role."
  value       = aws_iam_role.this.arn
}

output "log_group_name" {
  description = "Name of the log group, for `aws logs tail`."
  value       = aws_cloudwatch_log_group.this.name
}

output "alarm_arns" {
  description = "ARNs of the alarms by what they watch: `name`, or with `probes` `name-PROBE`. The module monitoring shows them."
  value       = { for name, alarm in aws_cloudwatch_metric_alarm.this : name => alarm.arn }
}

output "alarm_names" {
  description = "Names of the alarms, likewise."
  value       = { for name, alarm in aws_cloudwatch_metric_alarm.this : name => alarm.alarm_name }
}

output "health_check_ids" {
  description = "Ids of the Route 53 health checks, likewise: for records that you make yourself, and for the module monitoring."
  value       = { for name, check in aws_route53_health_check.this : name => check.id }
}

output "record_fqdn" {
  description = "Full name of the record; null without one."
  value       = one(aws_route53_record.this[*].fqdn)
}

output "metric_namespace" {
  description = "Namespace of the metrics, for the module monitoring."
  value       = local.metric_namespace
}

output "environment" {
  description = "The environment variables of the function."
  value       = local.environment
}

output "policy" {
  description = "The policy of the function's role, as JSON, for those who have to approve it."
  value       = data.aws_iam_policy_document.this.json
}

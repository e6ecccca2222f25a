output "topic_arn" {
  description = "ARN of the SNS topic, which the cluster has to be told: `notification_topic_arn` of its `aws_elasticache_replication_group`."
  # Of its policy, so that what refers to it waits until ElastiCache may publish.
  value = local.create_topic ? one(aws_sns_topic_policy.this[*].arn) : var.topic_arn
}

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

output "log_group_arn" {
  description = "ARN of the log group."
  value       = aws_cloudwatch_log_group.this.arn
}

output "rule_name" {
  description = "Name of the EventBridge rule that starts the function."
  value       = aws_cloudwatch_event_rule.this.name
}

output "rule_arn" {
  description = "ARN of the EventBridge rule that starts the function."
  value       = aws_cloudwatch_event_rule.this.arn
}

output "alarm_arns" {
  description = "ARNs of the alarms, by what they watch."
  value       = { for name, alarm in aws_cloudwatch_metric_alarm.this : name => alarm.arn }
}

output "environment" {
  description = "The environment variables of the function."
  value       = local.environment
}

output "policy" {
  description = "The policy of the function's role, as JSON, for those who have to approve it."
  value       = data.aws_iam_policy_document.this.json
}

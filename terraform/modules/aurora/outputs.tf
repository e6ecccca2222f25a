output "state_machine_arns" {
  description = "ARNs of the state machines: `switchover` and `unplanned`."
  value       = { for path, machine in aws_sfn_state_machine.this : path => machine.arn }
}

output "start_commands" {
  description = "What makes this region the writer, as it is typed. An execution's name is in the history of promotions: add `--name` with yours."
  value       = { for path, arn in local.machine_arns : path => "aws stepfunctions start-execution --region ${local.region} --state-machine-arn ${arn}" }
}

output "definitions" {
  description = "The state machines in Amazon States Language, as JSON, for those who have to approve them."
  value       = local.definitions
}

output "role_name" {
  description = "Name of the role of the state machines, to attach what your organisation demands."
  value       = aws_iam_role.this.name
}

output "role_arn" {
  description = "ARN of that role."
  value       = aws_iam_role.this.arn
}

output "policy" {
  description = "The policy of that role, as JSON, for those who have to approve it."
  value       = data.aws_iam_policy_document.this.json
}

output "log_group_name" {
  description = "Name of the log group, for `aws logs tail`."
  value       = aws_cloudwatch_log_group.this.name
}

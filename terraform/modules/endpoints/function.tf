# Made before the function, so that Lambda does not make one of its own that keeps its logs for ever.
resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by itself; log_kms_key_arn is there for an own key
  #checkov:skip=CKV_AWS_338:which record led where is of no use after a year; log_retention_days
  name              = local.log_group_name
  retention_in_days = var.log_retention_days
  kms_key_id        = var.log_kms_key_arn
  tags              = var.tags
}

resource "aws_lambda_function" "this" {
  #checkov:skip=CKV_AWS_50:a trace of what the log says; it costs more than the function
  #checkov:skip=CKV_AWS_116:on_failure_arn is the newer way of a dead-letter queue, and the schedule supersedes a lost event
  #checkov:skip=CKV_AWS_117:needs no VPC: it talks to public AWS endpoints, and to no node
  #checkov:skip=CKV_AWS_173:the variables are names, not secrets, and are encrypted with the account's Lambda key
  #checkov:skip=CKV_AWS_272:a signing profile is the organisation's to make; source_code_hash pins the package
  function_name = var.name
  description   = "Keeps DNS records on the primary and on the replicas of ${coalesce(local.replication_group_id, local.global_datastore_id, "a cluster")}"
  role          = aws_iam_role.this.arn

  filename         = var.package_file
  source_code_hash = filebase64sha256(var.package_file)
  runtime          = "provided.al2023"
  handler          = "endpoints"
  architectures    = [var.architecture]
  memory_size      = var.memory_size
  timeout          = var.timeout_seconds

  # Any number would be right, since each change says what it replaces. Two: while one waits for its change to reach all
  # of Route 53's servers, which takes half a minute or more, the next event is handled at once. With one it would be
  # throttled, and Lambda would try it again after 1, 2, 4, … 32 s. Not more: Route 53 answers five requests a second to
  # the whole account, and each event is worth several.
  reserved_concurrent_executions = var.reserved_concurrent_executions

  environment {
    variables = local.environment
  }

  logging_config {
    log_format            = "JSON"
    application_log_level = var.log_level
    system_log_level      = var.system_log_level
    log_group             = aws_cloudwatch_log_group.this.name
  }

  tags = var.tags

  # Without its permissions the first invocation would fail.
  depends_on = [aws_iam_role_policy.this]
}

# SNS and EventBridge hand an event over, and Lambda keeps it. One that is older than the schedule's interval says
# nothing that an invocation since has not seen; 60 s is the shortest that Lambda takes. Started each minute, the next
# invocation comes as soon as a retry would; else a failed one is tried again after one minute and two more.
resource "aws_lambda_function_event_invoke_config" "this" {
  function_name                = aws_lambda_function.this.function_name
  maximum_retry_attempts       = var.schedule_minutes > 1 ? 2 : 0
  maximum_event_age_in_seconds = var.schedule_minutes * 60

  dynamic "destination_config" {
    for_each = var.on_failure_arn[*]
    content {
      on_failure {
        destination = destination_config.value
      }
    }
  }
}

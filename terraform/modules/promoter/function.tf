# Made before the function, so that Lambda does not make one of its own that keeps its logs for ever.
resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by itself; log_kms_key_arn is there for an own key
  #checkov:skip=CKV_AWS_338:two lines a minute that say what DNS answers are of no use after a year; log_retention_days
  name              = local.log_group_names[var.name]
  retention_in_days = var.log_retention_days
  kms_key_id        = var.log_kms_key_arn
  tags              = var.tags
}

resource "aws_lambda_function" "this" {
  #checkov:skip=CKV_AWS_50:tracing is there as tracing_enabled; it costs more than the function
  #checkov:skip=CKV_AWS_116:on_failure_arn is the newer way of a dead-letter queue, and the next check supersedes a lost one
  #checkov:skip=CKV_AWS_117:needs no VPC: it talks to DNS and to public AWS endpoints; vpc_config is there for those who must
  #checkov:skip=CKV_AWS_173:the variables are names, not secrets, and are encrypted with the account's Lambda key
  #checkov:skip=CKV_AWS_272:a signing profile is the organisation's to make; source_code_hash pins the package
  function_name = var.name
  description   = "Promotes the ElastiCache Global Datastore's member in this region when Route 53 leads here"
  role          = aws_iam_role.this.arn

  filename         = var.package_file
  source_code_hash = filebase64sha256(var.package_file)
  runtime          = "provided.al2023"
  handler          = "promoter"
  architectures    = [var.architecture]
  memory_size      = var.memory_size
  timeout          = local.timeout_seconds
  layers           = var.layers

  # One at a time: two sandboxes would count confirmations and the hold-down apart.
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

  dynamic "vpc_config" {
    for_each = var.vpc_config[*]
    content {
      subnet_ids         = vpc_config.value.subnet_ids
      security_group_ids = vpc_config.value.security_group_ids
    }
  }

  tracing_config {
    mode = var.tracing_enabled ? "Active" : "PassThrough"
  }

  tags = var.tags

  # Not validations of `watches`: those of dns_name look at `watches`, and Terraform allows no circle.
  lifecycle {
    precondition {
      condition     = alltrue([for watch in local.watched : watch.dns_name != null])
      error_message = "watches has one without dns_name: name the failover record in the watch, or set dns_name for all."
    }
    precondition {
      condition     = alltrue([for watch in local.watched : watch.datastore_id != null || watch.cluster_id != null])
      error_message = "watches has one without anything to promote: set its global_datastore_id or global_cluster_id."
    }
    precondition {
      condition     = alltrue([for watch in local.watched : watch.hosted_zone_id != null || watch.has_targets])
      error_message = "watches has one without hosted_zone_id: set the zone of its record, its record_targets, or hosted_zone_id for all."
    }
    precondition {
      condition     = length(distinct([for watch in local.watched : try(lower(trimsuffix(watch.name, ".")), "")])) == length(local.watched)
      error_message = "watches has two of the same name, or of the same dns_name without a name: give each a name of its own, by which alarms, notifications and orders tell them apart."
    }
    precondition {
      condition = length(distinct([for watch in local.watched : watch.datastore_id if watch.datastore_id != null])) == length([
      for watch in local.watched : watch.datastore_id if watch.datastore_id != null])
      error_message = "watches has two of the same datastore: it follows one name. Take one of them out, or give each a global_datastore_id of its own."
    }
    precondition {
      condition     = local.pause_enabled || !local.detaches_clusters
      error_message = "watches has one with aurora_action = \"detach\" or \"failover-then-detach\", which needs pause_enabled = true: beside the pause is kept that the member was detached."
    }
    precondition {
      condition     = local.pause_enabled || alltrue([for watch in local.watched : !watch.detaches])
      error_message = "watches has one with when_failover_refused = \"detach\", which needs pause_enabled = true: beside the pause is kept that the member was detached."
    }
    precondition {
      condition = !local.continuous || (var.schedule_minutes <= 15
      && alltrue([for watch in local.watched : watch.check_interval_seconds < var.schedule_minutes * 60]))
      error_message = "watches has one with a check_interval_seconds that does not fit schedule_minutes: with any above 0, schedule_minutes is 15 at most, and longer than each of them."
    }
    precondition {
      condition     = local.environment_bytes <= 4096
      error_message = "The function's environment would have ${local.environment_bytes} bytes, and Lambda allows 4096. Put the JSON of watches, which is the output watches_json, into a file of a layer, name the layer in layers and the file in watches_file; or spread watches over several functions."
    }
  }

  # Without its permissions the first check would fail, and a function in a VPC cannot even be made.
  depends_on = [aws_iam_role_policy.this]
}

# A check is worth nothing later: the next one sees more. Lambda itself tries a throttled event again
# until its age is reached, whatever the number of retries; 60 s is the shortest that it takes.
resource "aws_lambda_function_event_invoke_config" "this" {
  function_name                = aws_lambda_function.this.function_name
  maximum_retry_attempts       = 0
  maximum_event_age_in_seconds = 60

  dynamic "destination_config" {
    for_each = var.on_failure_arn[*]
    content {
      on_failure {
        destination = destination_config.value
      }
    }
  }
}

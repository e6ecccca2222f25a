locals {
  # A watch as the function reads it. What is null is left out: the function's own setting counts then.
  watches = [for watch in var.watches : { for key, value in {
    name                 = watch.name
    hostedZoneId         = watch.hosted_zone_id
    dnsName              = watch.dns_name
    globalDatastoreId    = watch.global_datastore_id == null ? null : lower(watch.global_datastore_id)
    globalClusterId      = watch.global_cluster_id
    confirmations        = watch.confirmations
    holdDownSeconds      = watch.hold_down_seconds
    promoteInStatus      = watch.promote_in_status == null ? null : join(",", watch.promote_in_status)
    cacheMaxAgeSeconds   = watch.cache_max_age_seconds
    recordTargets        = watch.record_targets
    recordRegions        = watch.record_regions
    checkIntervalSeconds = watch.check_interval_seconds
    notifyTopicArn       = watch.notify_topic_arn
    dryRun               = watch.dry_run
    paused               = watch.paused
  } : key => value if value != null }]

  # What has a default is always set, so that the console shows what is in force.
  always_set = {
    CONFIRMATIONS         = tostring(var.confirmations)
    HOLD_DOWN_SECONDS     = tostring(var.hold_down_seconds)
    PROMOTE_IN_STATUS     = join(",", var.promote_in_status)
    CACHE_MAX_AGE_SECONDS = tostring(var.cache_max_age_seconds)
    DRY_RUN               = tostring(var.dry_run)
    PAUSED                = tostring(var.paused)
  }
  set_when_given = {
    HOSTED_ZONE_ID         = var.hosted_zone_id
    DNS_NAME               = var.dns_name
    GLOBAL_DATASTORE_ID    = var.global_datastore_id == null ? null : lower(var.global_datastore_id) # as in the policy
    GLOBAL_CLUSTER_ID      = var.global_cluster_id
    CHECK_INTERVAL_SECONDS = local.continuous ? tostring(var.check_interval_seconds) : null
    RECORD_TARGETS         = length(var.record_targets) > 0 ? jsonencode(var.record_targets) : null
    RECORD_REGIONS         = length(var.record_regions) > 0 ? jsonencode(var.record_regions) : null
    WATCHES                = length(var.watches) > 0 ? jsonencode(local.watches) : null
    NOTIFY_TOPIC_ARN       = var.notify_topic_arn
  }
  environment = merge(
    var.environment,
    local.always_set,
    { for name, value in local.set_when_given : name => value if value != null },
  )
}

# Made before the function, so that Lambda does not make one of its own that keeps its logs for ever.
resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by itself; log_kms_key_arn is there for an own key
  #checkov:skip=CKV_AWS_338:two lines a minute that say what DNS answers are of no use after a year; log_retention_days
  name              = local.log_group_name
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
      condition     = alltrue([for watch in var.watches : watch.dns_name != null || var.dns_name != null])
      error_message = "watches has one without dns_name: name the failover record in the watch, or set dns_name for all."
    }
    precondition {
      condition = alltrue([for watch in var.watches : anytrue([
        watch.global_datastore_id != null, watch.global_cluster_id != null,
        var.global_datastore_id != null, var.global_cluster_id != null,
      ])])
      error_message = "watches has one without anything to promote: set its global_datastore_id or global_cluster_id."
    }
    precondition {
      condition = alltrue([for watch in var.watches : anytrue([
        watch.hosted_zone_id != null, watch.record_targets != null, var.hosted_zone_id != null, length(var.record_targets) > 0,
      ])])
      error_message = "watches has one without hosted_zone_id: set the zone of its record, its record_targets, or hosted_zone_id for all."
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

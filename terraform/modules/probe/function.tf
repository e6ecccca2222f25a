# Made before the function, so that Lambda does not make one of its own that keeps its logs for ever.
resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by itself; log_kms_key_arn is there for an own key
  #checkov:skip=CKV_AWS_338:whether an endpoint answered is of no use after a year, and is in the metrics; log_retention_days
  name              = local.log_group_name
  retention_in_days = var.log_retention_days
  kms_key_id        = var.log_kms_key_arn
  tags              = var.tags
}

resource "aws_lambda_function" "this" {
  #checkov:skip=CKV_AWS_50:a trace a minute of what the metric says; it costs more than the function
  #checkov:skip=CKV_AWS_116:the next probe supersedes a lost one, and the alarm takes missing data for a failure
  #checkov:skip=CKV_AWS_117:vpc_config is there, and needed wherever the endpoint has an address of a VPC only
  #checkov:skip=CKV_AWS_173:the variables are names, not secrets, and are encrypted with the account's Lambda key
  #checkov:skip=CKV_AWS_272:a signing profile is the organisation's to make; source_code_hash pins the package
  function_name = var.name
  description   = "Probes ${local.speaks_redis ? local.speaks_postgres ? "Redis or Valkey and PostgreSQL endpoints" : "the Redis or Valkey endpoint" : "the PostgreSQL endpoint"} of this region, and tells CloudWatch whether it is healthy"
  role          = aws_iam_role.this.arn

  filename         = var.package_file
  source_code_hash = filebase64sha256(var.package_file)
  runtime          = "provided.al2023"
  handler          = "probe"
  architectures    = [var.architecture]
  memory_size      = var.memory_size
  timeout          = local.timeout_seconds
  layers           = var.layers

  # One at a time: two sandboxes would count failures apart, and publish for the same minute.
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

  tags = var.tags

  lifecycle {
    precondition {
      condition     = length(distinct([for probe in values(local.probed) : jsonencode(probe.dimensions)])) == length(local.probed)
      error_message = "probes has two with the same dimensions: their data would be one metric, and one's health the other's. Give each dimensions of its own, or none, which makes it its name."
    }
    # Here, and not with the variable, whose own mistakes would hide those of others then.
    precondition {
      condition = alltrue([for probe in var.probes : probe.redis_host == null || coalesce(probe.redis_tls, var.redis_tls) || alltrue([
        for setting in [probe.redis_ca_bundle, var.redis_ca_bundle, probe.redis_tls_server_name, var.redis_tls_server_name] : setting == null
      ])])
      error_message = "probes has one without TLS that has a redis_ca_bundle or redis_tls_server_name, of its own or that of all, which are for TLS: leave them out, or set redis_tls to true."
    }
    precondition {
      condition     = alltrue([for probe in values(local.probed) : probe.username == null || probe.secret_arn != null])
      error_message = "redis_username is of no use without its password: set redis_secret_arn as well, or leave it out. For postgres_username it is postgres_secret_arn."
    }
    precondition {
      condition = alltrue([for probe in var.probes : probe.postgres_host == null || coalesce(probe.postgres_tls_mode, var.postgres_tls_mode) == "verify-full" || alltrue([
        for setting in [probe.postgres_ca_bundle, var.postgres_ca_bundle, probe.postgres_tls_server_name, var.postgres_tls_server_name] : setting == null
      ])])
      error_message = "probes has one that checks no certificate and has a postgres_ca_bundle or postgres_tls_server_name, of its own or that of all: leave them out, or set postgres_tls_mode to verify-full."
    }
    precondition {
      condition     = alltrue([for probe in values(local.probed) : !probe.is_postgres || probe.secret_arn != null])
      error_message = "postgres_secret_arn is missing: PostgreSQL is probed with a login. Set it to a secret with username and password."
    }
    precondition {
      condition     = !anytrue([for probe in values(local.probed) : probe.expect_role == "primary" && probe.when_read_only == "healthy"])
      error_message = "expect_role is primary, and when_read_only healthy: an endpoint that takes no writes would be healthy without being asked for its role. Leave one of them out."
    }
    precondition {
      condition     = local.environment_bytes <= 4096
      error_message = "The function's environment would have ${local.environment_bytes} bytes, and Lambda allows 4096: spread probes over several functions."
    }
  }

  # Without its permissions the first probe would fail, and a function in a VPC cannot even be made.
  depends_on = [aws_iam_role_policy.this]
}

# What a probe found is worth nothing later. Lambda itself tries a throttled event again until its age is reached,
# whatever the number of retries; 60 s is the shortest that it takes.
resource "aws_lambda_function_event_invoke_config" "this" {
  function_name                = aws_lambda_function.this.function_name
  maximum_retry_attempts       = 0
  maximum_event_age_in_seconds = 60
}

resource "aws_cloudwatch_event_rule" "this" {
  name                = var.name
  description         = "Starts ${var.name}"
  schedule_expression = "rate(1 minute)"
  tags                = var.tags
}

resource "aws_cloudwatch_event_target" "this" {
  rule  = aws_cloudwatch_event_rule.this.name
  arn   = aws_lambda_function.this.arn
  input = jsonencode({ source = "schedule" }) # the function takes any event

  retry_policy {
    maximum_retry_attempts       = 0
    maximum_event_age_in_seconds = 60
  }
}

resource "aws_lambda_permission" "schedule" {
  statement_id  = "schedule"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this.function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.this.arn
}

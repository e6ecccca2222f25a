# The real provider plans, and nothing is made: no account, no network, no key that means anything.
provider "aws" {
  region                      = "us-west-2"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

variables {
  package_file        = "../LICENSE" # any file: a plan takes no more than its hash
  hosted_zone_id      = "Z0123456789ABCDEFGHIJ"
  dns_name            = "app.example.com"
  global_datastore_id = "ldgnf-sessions"
}

run "what_is_given_and_what_is_recommended_is_in_the_environment" {
  command = plan
  module { source = "./modules/promoter" }

  assert {
    condition = aws_lambda_function.this.environment[0].variables == tomap({
      HOSTED_ZONE_ID         = "Z0123456789ABCDEFGHIJ"
      DNS_NAME               = "app.example.com"
      GLOBAL_DATASTORE_ID    = "ldgnf-sessions"
      CONFIRMATIONS          = "2"
      HOLD_DOWN_SECONDS      = "300"
      PROMOTE_IN_STATUS      = "available"
      CACHE_MAX_AGE_SECONDS  = "300"
      CHECK_INTERVAL_SECONDS = "1"
      WHEN_LAG_UNKNOWN       = "hold"
      WHEN_FAILOVER_REFUSED  = "hold"
      DETACH_AFTER_SECONDS   = "300"
      PAUSE_PARAMETER        = "/promoter/pause"
      ALERT_AFTER_SECONDS    = "300"
      METRICS                = "on"
      DRY_RUN                = "false"
      PAUSED                 = "false"
    })
    error_message = "environment: ${jsonencode(aws_lambda_function.this.environment[0].variables)}"
  }
}

run "the_function_is_the_package_on_the_runtime_that_it_is_built_for" {
  command = plan
  module { source = "./modules/promoter" }

  assert {
    condition = jsonencode([
      aws_lambda_function.this.function_name, aws_lambda_function.this.runtime, aws_lambda_function.this.handler,
      aws_lambda_function.this.architectures, aws_lambda_function.this.memory_size, aws_lambda_function.this.timeout,
    ]) == jsonencode(["promoter", "provided.al2023", "promoter", ["x86_64"], 128, 58])
    error_message = "function: ${jsonencode(aws_lambda_function.this)}"
  }
  assert {
    condition     = aws_lambda_function.this.source_code_hash == filebase64sha256("../LICENSE")
    error_message = "A changed package would not be deployed."
  }
  assert {
    condition     = aws_lambda_function.this.reserved_concurrent_executions == 1
    error_message = "Checks could overlap."
  }
  assert {
    condition     = length(aws_lambda_function.this.vpc_config) == 0 && aws_lambda_function.this.tracing_config[0].mode == "PassThrough"
    error_message = "VPC and tracing are for those who ask for them."
  }
}

run "the_log_is_json_and_is_not_kept_for_ever" {
  command = plan
  module { source = "./modules/promoter" }

  assert {
    condition = aws_lambda_function.this.logging_config[0] == {
      log_format = "JSON", application_log_level = "INFO", system_log_level = "INFO", log_group = "/aws/lambda/promoter"
    }
    error_message = "logging: ${jsonencode(aws_lambda_function.this.logging_config)}"
  }
  assert {
    condition     = aws_cloudwatch_log_group.this.name == "/aws/lambda/promoter" && aws_cloudwatch_log_group.this.retention_in_days == 30
    error_message = "log group: ${jsonencode(aws_cloudwatch_log_group.this)}"
  }
}

run "an_invocation_a_minute_is_started_and_never_replayed" {
  command = plan
  module { source = "./modules/promoter" }

  assert {
    condition     = aws_cloudwatch_event_rule.this.schedule_expression == "rate(1 minute)"
    error_message = "schedule: ${aws_cloudwatch_event_rule.this.schedule_expression}"
  }
  assert {
    condition = aws_cloudwatch_event_target.this.retry_policy[0] == {
      maximum_retry_attempts = 0, maximum_event_age_in_seconds = 60
    }
    error_message = "EventBridge would start an old check: ${jsonencode(aws_cloudwatch_event_target.this.retry_policy)}"
  }
  assert {
    condition = (aws_lambda_function_event_invoke_config.this.maximum_retry_attempts == 0
      && aws_lambda_function_event_invoke_config.this.maximum_event_age_in_seconds == 60
    && length(aws_lambda_function_event_invoke_config.this.destination_config) == 0)
    error_message = "Lambda would start an old check: ${jsonencode(aws_lambda_function_event_invoke_config.this)}"
  }
  assert {
    condition     = jsondecode(aws_cloudwatch_event_target.this.input) == { source = "schedule" }
    error_message = "input: ${aws_cloudwatch_event_target.this.input}"
  }
  assert {
    condition = (aws_lambda_permission.schedule.principal == "events.amazonaws.com"
    && aws_lambda_permission.schedule.action == "lambda:InvokeFunction")
    error_message = "permission: ${jsonencode(aws_lambda_permission.schedule)}"
  }
}

run "a_slower_schedule_is_the_period_of_the_alarms_too" {
  command = plan
  module { source = "./modules/promoter" }
  variables { schedule_minutes = 5 }

  assert {
    condition     = aws_cloudwatch_event_rule.this.schedule_expression == "rate(5 minutes)"
    error_message = "schedule: ${aws_cloudwatch_event_rule.this.schedule_expression}"
  }
  assert {
    condition = { for name, alarm in aws_cloudwatch_metric_alarm.this : name => alarm.period } == {
      errors = 300, missing = 300, blind = 300, unready = 3600, stuck = 3600, failed = 3600
    }
    error_message = "An alarm on missing invocations would ring between two of them."
  }
}

run "alarms" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    alarm_actions          = ["arn:aws:sns:us-west-2:123456789012:alerts"]
    check_interval_seconds = 0
    dry_run                = true
  }

  assert {
    condition = jsonencode({ for name, alarm in aws_cloudwatch_metric_alarm.this : name => [
      alarm.alarm_name, alarm.namespace, alarm.metric_name, alarm.statistic, alarm.comparison_operator, alarm.threshold,
      alarm.period, alarm.evaluation_periods, alarm.datapoints_to_alarm, alarm.treat_missing_data,
      ] }) == jsonencode({
      errors    = ["promoter-errors", "AWS/Lambda", "Errors", "Sum", "GreaterThanThreshold", 0, 60, 3, 2, "notBreaching"]
      missing   = ["promoter-missing", "AWS/Lambda", "Invocations", "Sum", "LessThanThreshold", 1, 60, 3, 3, "breaching"]
      throttles = ["promoter-throttles", "AWS/Lambda", "Throttles", "Sum", "GreaterThanThreshold", 0, 60, 5, 3, "notBreaching"]
      duration  = ["promoter-duration", "AWS/Lambda", "Duration", "Maximum", "GreaterThanThreshold", 12000, 60, 5, 3, "notBreaching"]
      blind     = ["promoter-blind", "Promoter", "promoter-holds-blindly", "Sum", "GreaterThanThreshold", 0, 60, 15, 12, "notBreaching"]
      unready   = ["promoter-unready", "Promoter", "promoter-not-ready", "Sum", "GreaterThanThreshold", 0, 3600, 1, 1, "notBreaching"]
      stuck     = ["promoter-stuck", "Promoter", "promoter-promotion-stuck", "Sum", "GreaterThanThreshold", 0, 3600, 1, 1, "notBreaching"]
      failed    = ["promoter-failed", "Promoter", "promoter-promotion-failed", "Sum", "GreaterThanThreshold", 0, 3600, 1, 1, "notBreaching"]
      rehearsal = ["promoter-rehearsal", "Promoter", "promoter-would-promote", "Sum", "GreaterThanThreshold", 0, 60, 15, 12, "notBreaching"]
    })
    error_message = "alarms: ${jsonencode(aws_cloudwatch_metric_alarm.this)}"
  }
  assert {
    condition = alltrue([for alarm in aws_cloudwatch_metric_alarm.this :
    alarm.alarm_actions == toset(["arn:aws:sns:us-west-2:123456789012:alerts"]) && alarm.ok_actions == alarm.alarm_actions])
    error_message = "An alarm would tell nobody."
  }
  assert {
    condition = alltrue([for name, alarm in aws_cloudwatch_metric_alarm.this :
    alarm.namespace == "Promoter" ? alarm.dimensions == null : alarm.dimensions == tomap({ FunctionName = "promoter" })])
    error_message = "An alarm looks at another function, or at a metric that is not there."
  }
  assert {
    condition = jsonencode({ for name, filter in aws_cloudwatch_log_metric_filter.this : name => [
      filter.pattern, filter.metric_transformation[0].namespace, filter.metric_transformation[0].name, filter.metric_transformation[0].value,
      ] }) == jsonencode({
      blind     = ["{ ($.Unknown > 0 || $.Held > 0) && $.Standby NOT EXISTS && $.InPlace NOT EXISTS }", "Promoter", "promoter-holds-blindly", "1"]
      unready   = ["{ $.level = \"ERROR\" && $.reason = \"notReady\" }", "Promoter", "promoter-not-ready", "1"]
      stuck     = ["{ $.level = \"ERROR\" && $.event = \"stuck\" }", "Promoter", "promoter-promotion-stuck", "1"]
      failed    = ["{ $.level = \"ERROR\" && ($.event = \"cameToNothing\" || $.event = \"gaveUp\" || $.event = \"detached\") }", "Promoter", "promoter-promotion-failed", "1"]
      rehearsal = ["{ $.WouldPromote > 0 }", "Promoter", "promoter-would-promote", "1"]
    })
    error_message = "filters: ${jsonencode(aws_cloudwatch_log_metric_filter.this)}"
  }
}

run "without_metrics_the_alarms_go_by_the_lines_of_the_checks" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    metrics = false
    dry_run = true
  }

  assert {
    condition = aws_cloudwatch_log_metric_filter.this["blind"].pattern == join(" && ", [
      "{ $.decision = \"hold\"", "$.reason != \"standby\"", "$.reason != \"inPlace\"", "$.reason != \"paused\"",
      "$.reason != \"pausedByOperator\"", "$.reason != \"confirming\"", "$.reason != \"holdingDown\"", "$.reason != \"promotionUnderWay\" }",
    ])
    error_message = "blind: ${aws_cloudwatch_log_metric_filter.this["blind"].pattern}"
  }
  assert {
    condition     = aws_cloudwatch_log_metric_filter.this["rehearsal"].pattern == "{ $.decision = \"wouldPromote\" }"
    error_message = "rehearsal: ${aws_cloudwatch_log_metric_filter.this["rehearsal"].pattern}"
  }
}

run "metrics_that_the_log_level_keeps_out_are_not_gone_by" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    log_level              = "WARN"
    check_interval_seconds = 0
  }

  assert {
    condition     = startswith(aws_cloudwatch_log_metric_filter.this["blind"].pattern, "{ $.decision = \"hold\"")
    error_message = "blind: ${aws_cloudwatch_log_metric_filter.this["blind"].pattern}"
  }
}

run "what_is_never_told_has_no_alarm" {
  command = plan
  module { source = "./modules/promoter" }
  variables { alert_after_seconds = 0 }

  assert {
    condition     = !contains(keys(aws_cloudwatch_metric_alarm.this), "stuck") && !contains(keys(aws_cloudwatch_log_metric_filter.this), "stuck")
    error_message = "alarms: ${jsonencode(keys(aws_cloudwatch_metric_alarm.this))}"
  }
}

run "no_alarms_where_none_are_wanted" {
  command = plan
  module { source = "./modules/promoter" }
  variables { alarms_enabled = false }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.this) == 0 && length(aws_cloudwatch_log_metric_filter.this) == 0
    error_message = "There are alarms all the same."
  }
}

run "checking_again_and_again_an_invocation_ends_just_before_the_next_and_its_throttles_are_no_alarm" {
  command = plan
  module { source = "./modules/promoter" }

  assert {
    condition     = aws_lambda_function.this.timeout == 58 && local.environment.CHECK_INTERVAL_SECONDS == "1"
    error_message = "timeout ${aws_lambda_function.this.timeout}, ${jsonencode(local.environment)}"
  }
  assert {
    condition     = toset(keys(aws_cloudwatch_metric_alarm.this)) == toset(["errors", "missing", "blind", "unready", "stuck", "failed"])
    error_message = "alarms: ${jsonencode(keys(aws_cloudwatch_metric_alarm.this))}"
  }
}

run "the_slowest_schedule_that_leaves_no_gap" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    schedule_minutes       = 15
    check_interval_seconds = 300
  }

  assert {
    condition     = aws_lambda_function.this.timeout == 898
    error_message = "timeout ${aws_lambda_function.this.timeout}: Lambda allows 900 s."
  }
}

run "one_check_an_invocation_is_short" {
  command = plan
  module { source = "./modules/promoter" }
  variables { check_interval_seconds = 0 }

  assert {
    condition     = aws_lambda_function.this.timeout == 15 && local.environment.CHECK_INTERVAL_SECONDS == "0"
    error_message = "timeout ${aws_lambda_function.this.timeout}, ${jsonencode(local.environment)}"
  }
}

run "one_watch_that_is_checked_again_and_again_is_enough" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    check_interval_seconds = 0
    watches                = [{ dns_name = "a.example.com" }, { dns_name = "b.example.com", global_datastore_id = "ldgnf-b", check_interval_seconds = 0.2 }]
  }

  assert {
    condition     = aws_lambda_function.this.timeout == 58 && !contains(keys(aws_cloudwatch_metric_alarm.this), "duration")
    error_message = "timeout ${aws_lambda_function.this.timeout}"
  }
}

run "a_timeout_of_your_own_counts_and_its_alarm_follows" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    timeout_seconds        = 30
    check_interval_seconds = 0
  }

  assert {
    condition     = aws_lambda_function.this.timeout == 30 && aws_cloudwatch_metric_alarm.this["duration"].threshold == 24000
    error_message = "timeout ${aws_lambda_function.this.timeout}"
  }
}

run "every_setting_reaches_the_function" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    hosted_zone_id              = "/hostedzone/Z0123456789ABCDEFGHIJ"
    dns_name                    = "App.Example.com."
    global_datastore_id         = "LDGNF-Sessions"
    global_cluster_id           = "orders"
    record_regions              = { blue = "us-east-1" }
    confirmations               = 3
    hold_down_seconds           = 0.5
    promote_in_status           = ["available", "primary-only"]
    cache_max_age_seconds       = 60
    check_interval_seconds      = 0.2
    max_replication_lag_seconds = 0
    when_lag_unknown            = "promote"
    when_failover_refused       = "detach"
    detach_after_seconds        = 180
    pause_parameter             = "/teams/storage/pause"
    notify_topic_arn            = "arn:aws:sns:us-west-2:123456789012:promotions"
    alert_after_seconds         = 0
    metrics                     = false
    dry_run                     = true
    paused                      = true
    environment                 = { AWS_USE_FIPS_ENDPOINT = "true" }
  }

  assert {
    condition = aws_lambda_function.this.environment[0].variables == tomap({
      HOSTED_ZONE_ID              = "/hostedzone/Z0123456789ABCDEFGHIJ"
      DNS_NAME                    = "App.Example.com."
      GLOBAL_DATASTORE_ID         = "ldgnf-sessions"
      GLOBAL_CLUSTER_ID           = "orders"
      RECORD_REGIONS              = "{\"blue\":\"us-east-1\"}"
      CONFIRMATIONS               = "3"
      HOLD_DOWN_SECONDS           = "0.5"
      PROMOTE_IN_STATUS           = "available,primary-only"
      CACHE_MAX_AGE_SECONDS       = "60"
      CHECK_INTERVAL_SECONDS      = "0.2"
      MAX_REPLICATION_LAG_SECONDS = "0"
      WHEN_LAG_UNKNOWN            = "promote"
      WHEN_FAILOVER_REFUSED       = "detach"
      DETACH_AFTER_SECONDS        = "180"
      PAUSE_PARAMETER             = "/teams/storage/pause"
      NOTIFY_TOPIC_ARN            = "arn:aws:sns:us-west-2:123456789012:promotions"
      ALERT_AFTER_SECONDS         = "0"
      METRICS                     = "off"
      DRY_RUN                     = "true"
      PAUSED                      = "true"
      AWS_USE_FIPS_ENDPOINT       = "true"
    })
    error_message = "environment: ${jsonencode(aws_lambda_function.this.environment[0].variables)}"
  }
}

run "targets_take_the_place_of_the_zone" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    record_targets = { us-east-1 = ["app.us-east-1.elb.amazonaws.com", "2001:db8::1"], us-west-2 = ["10.1.2.3"] }
  }

  assert {
    condition = (local.environment.RECORD_TARGETS == jsonencode({ us-east-1 = ["app.us-east-1.elb.amazonaws.com", "2001:db8::1"], us-west-2 = ["10.1.2.3"] })
    && !contains(keys(local.environment), "HOSTED_ZONE_ID"))
    error_message = "environment: ${jsonencode(local.environment)}"
  }
}

run "what_is_optional_reaches_the_resources" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    name                           = "sessions-promoter"
    architecture                   = "arm64"
    layers                         = ["arn:aws:lambda:us-west-2:123456789012:layer:watches:1"]
    memory_size                    = 256
    reserved_concurrent_executions = -1
    log_level                      = "DEBUG"
    system_log_level               = "WARN"
    log_retention_days             = 365
    log_kms_key_arn                = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    tracing_enabled                = true
    on_failure_arn                 = "arn:aws:sqs:us-west-2:123456789012:failures"
    permissions_boundary_arn       = "arn:aws:iam::123456789012:policy/boundary"
    tags                           = { team = "storage" }
    vpc_config                     = { subnet_ids = ["subnet-1", "subnet-2"], security_group_ids = ["sg-1"] }
  }

  assert {
    condition = jsonencode([
      aws_lambda_function.this.function_name, aws_cloudwatch_event_rule.this.name, aws_cloudwatch_log_group.this.name,
      aws_iam_role.this.name, aws_cloudwatch_metric_alarm.this["errors"].alarm_name, output.alarm_arns == null,
      ]) == jsonencode(["sessions-promoter", "sessions-promoter", "/aws/lambda/sessions-promoter",
    "sessions-promoter-us-west-2", "sessions-promoter-errors", false])
    error_message = "Two promoters of one account would be in each other's way."
  }
  assert {
    condition = jsonencode([
      aws_lambda_function.this.architectures, aws_lambda_function.this.memory_size,
      aws_lambda_function.this.reserved_concurrent_executions, aws_lambda_function.this.tracing_config[0].mode,
      aws_lambda_function.this.logging_config[0].application_log_level,
      aws_lambda_function.this.logging_config[0].system_log_level, aws_lambda_function.this.layers,
    ]) == jsonencode([["arm64"], 256, -1, "Active", "DEBUG", "WARN", ["arn:aws:lambda:us-west-2:123456789012:layer:watches:1"]])
    error_message = "function: ${jsonencode(aws_lambda_function.this)}"
  }
  assert {
    condition = (aws_cloudwatch_log_group.this.retention_in_days == 365
    && aws_cloudwatch_log_group.this.kms_key_id == "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab")
    error_message = "log group: ${jsonencode(aws_cloudwatch_log_group.this)}"
  }
  assert {
    condition = (aws_lambda_function.this.vpc_config[0].subnet_ids == toset(["subnet-1", "subnet-2"])
    && aws_lambda_function.this.vpc_config[0].security_group_ids == toset(["sg-1"]))
    error_message = "VPC: ${jsonencode(aws_lambda_function.this.vpc_config)}"
  }
  assert {
    condition     = aws_lambda_function_event_invoke_config.this.destination_config[0].on_failure[0].destination == "arn:aws:sqs:us-west-2:123456789012:failures"
    error_message = "Failed invocations go nowhere."
  }
  assert {
    condition     = aws_iam_role.this.permissions_boundary == "arn:aws:iam::123456789012:policy/boundary"
    error_message = "The role has no boundary."
  }
  assert {
    condition = alltrue([for tags in concat([
      aws_lambda_function.this.tags, aws_iam_role.this.tags, aws_cloudwatch_log_group.this.tags, aws_cloudwatch_event_rule.this.tags,
      aws_lambda_function.operator[0].tags, aws_iam_role.operator[0].tags, aws_cloudwatch_log_group.operator[0].tags,
    ], [for alarm in aws_cloudwatch_metric_alarm.this : alarm.tags]) : tags == tomap({ team = "storage" })])
    error_message = "Something is not tagged."
  }
}

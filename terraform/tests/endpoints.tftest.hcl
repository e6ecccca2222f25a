# The real provider plans, and nothing is made: no account, no network, no key that means anything. What an apply makes
# is read back in Tests/Interop/python/test_terraform_endpoints.py.
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
  package_file         = "../LICENSE" # any file: a plan takes no more than its hash
  hosted_zone_id       = "Z0123456789ABCDEFGHIJ"
  replication_group_id = "sessions-usw2"
  record_name          = "read.example.internal"
}

run "what_is_recommended" {
  command = plan
  module { source = "./modules/endpoints" }
  variables { alarm_actions = ["arn:aws:sns:us-west-2:123456789012:alerts"] }

  assert {
    condition = aws_lambda_function.this.environment[0].variables == tomap({
      HOSTED_ZONE_ID       = "Z0123456789ABCDEFGHIJ"
      REPLICATION_GROUP_ID = "sessions-usw2"
      RECORD_NAME          = "read.example.internal"
      RECORD_TTL_SECONDS   = "10"
      WHEN_NO_REPLICAS     = "keep"
      WAIT_FOR_SYNC        = "true"
      DRY_RUN              = "false"
    }) && jsonencode(output.environment) == jsonencode(aws_lambda_function.this.environment[0].variables)
    error_message = "environment: ${jsonencode(aws_lambda_function.this.environment[0].variables)}"
  }
  assert {
    condition = jsonencode([
      aws_lambda_function.this.function_name, aws_lambda_function.this.runtime, aws_lambda_function.this.handler,
      aws_lambda_function.this.architectures, aws_lambda_function.this.memory_size, aws_lambda_function.this.timeout,
    ]) == jsonencode(["promoter-endpoints", "provided.al2023", "endpoints", ["x86_64"], 128, 120])
    error_message = "function: ${jsonencode(aws_lambda_function.this)}"
  }
  assert {
    condition     = aws_lambda_function.this.reserved_concurrent_executions == 2
    error_message = "With one, an event waits for the change before it; with many, all of the account's requests to Route 53 may be taken."
  }
  assert {
    condition     = length(aws_lambda_function.this.vpc_config) == 0
    error_message = "It talks to no node."
  }
  assert {
    condition     = aws_lambda_function.this.source_code_hash == filebase64sha256("../LICENSE")
    error_message = "A changed package would not be deployed."
  }
  assert {
    condition = aws_lambda_function.this.logging_config[0] == {
      log_format = "JSON", application_log_level = "INFO", system_log_level = "INFO", log_group = "/aws/lambda/promoter-endpoints"
      } && (aws_cloudwatch_log_group.this.name == "/aws/lambda/promoter-endpoints" && aws_cloudwatch_log_group.this.retention_in_days == 30
    && output.log_group_name == "/aws/lambda/promoter-endpoints")
    error_message = "logging: ${jsonencode(aws_lambda_function.this.logging_config)}"
  }
  assert {
    condition = jsonencode({ for name, alarm in aws_cloudwatch_metric_alarm.this : name => [
      alarm.alarm_name, alarm.namespace, alarm.metric_name, alarm.statistic, alarm.comparison_operator, alarm.threshold,
      alarm.period, alarm.evaluation_periods, alarm.datapoints_to_alarm, alarm.treat_missing_data,
      ] }) == jsonencode({
      duration  = ["promoter-endpoints-duration", "AWS/Lambda", "Duration", "Maximum", "GreaterThanThreshold", 96000, 60, 5, 3, "notBreaching"]
      errors    = ["promoter-endpoints-errors", "AWS/Lambda", "Errors", "Sum", "GreaterThanThreshold", 0, 60, 3, 2, "notBreaching"]
      missing   = ["promoter-endpoints-missing", "AWS/Lambda", "Invocations", "Sum", "LessThanThreshold", 1, 60, 3, 3, "breaching"]
      throttles = ["promoter-endpoints-throttles", "AWS/Lambda", "Throttles", "Sum", "GreaterThanThreshold", 0, 60, 5, 3, "notBreaching"]
    })
    error_message = "alarms: ${jsonencode(aws_cloudwatch_metric_alarm.this)}"
  }
  assert {
    condition = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : alarm.dimensions == tomap({ FunctionName = "promoter-endpoints" })
    && alarm.alarm_actions == toset(["arn:aws:sns:us-west-2:123456789012:alerts"]) && alarm.ok_actions == alarm.alarm_actions])
    error_message = "It would tell nobody, or of another function."
  }
}

run "every_setting_reaches_the_function" {
  command = plan
  module { source = "./modules/endpoints" }
  variables {
    hosted_zone_id       = "/hostedzone/Z0123456789ABCDEFGHIJ"
    replication_group_id = "Sessions-usw2"
    record_name          = "Read.example.internal."
    weighted_record_name = "read.example.internal"
    primary_record_name  = "redis.example.internal"
    primary_endpoint     = "master.sessions-usw2.abc123.usw2.cache.amazonaws.com"
    global_datastore_id  = "LDGNF-sessions"
    record_ttl_seconds   = 5
    when_no_replicas     = "primary"
    wait_for_sync        = false
    dry_run              = true
    environment          = { AWS_USE_FIPS_ENDPOINT = "true" }
  }

  assert {
    condition = aws_lambda_function.this.environment[0].variables == tomap({
      HOSTED_ZONE_ID        = "/hostedzone/Z0123456789ABCDEFGHIJ"
      REPLICATION_GROUP_ID  = "sessions-usw2"
      RECORD_NAME           = "Read.example.internal."
      WEIGHTED_RECORD_NAME  = "read.example.internal"
      PRIMARY_RECORD_NAME   = "redis.example.internal"
      PRIMARY_ENDPOINT      = "master.sessions-usw2.abc123.usw2.cache.amazonaws.com"
      GLOBAL_DATASTORE_ID   = "ldgnf-sessions"
      RECORD_TTL_SECONDS    = "5"
      WHEN_NO_REPLICAS      = "primary"
      WAIT_FOR_SYNC         = "false"
      DRY_RUN               = "true"
      AWS_USE_FIPS_ENDPOINT = "true"
    })
    error_message = "environment: ${jsonencode(aws_lambda_function.this.environment[0].variables)}"
  }
}

run "the_function_is_what_is_asked_for" {
  command = plan
  module { source = "./modules/endpoints" }
  variables {
    name               = "sessions"
    architecture       = "arm64"
    package_file       = "./tests/promoter-arm64.zip"
    memory_size        = 256
    timeout_seconds    = 300
    log_level          = "DEBUG"
    system_log_level   = "WARN"
    log_retention_days = 365
    log_kms_key_arn    = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    alarms_enabled     = false
    tags               = { team = "storage" }

    permissions_boundary_arn       = "arn:aws:iam::123456789012:policy/boundary"
    reserved_concurrent_executions = -1
  }

  assert {
    condition = jsonencode([
      aws_lambda_function.this.function_name, aws_lambda_function.this.architectures, aws_lambda_function.this.memory_size,
      aws_lambda_function.this.timeout, aws_lambda_function.this.reserved_concurrent_executions,
      ]) == jsonencode(["sessions", ["arm64"], 256, 300, -1]) && aws_lambda_function.this.logging_config[0] == {
      log_format = "JSON", application_log_level = "DEBUG", system_log_level = "WARN", log_group = "/aws/lambda/sessions"
    }
    error_message = "function: ${jsonencode(aws_lambda_function.this)}"
  }
  assert {
    condition = (aws_cloudwatch_log_group.this.retention_in_days == 365
    && aws_cloudwatch_log_group.this.kms_key_id == "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab")
    error_message = "log group: ${jsonencode(aws_cloudwatch_log_group.this)}"
  }
  assert {
    condition     = length(aws_cloudwatch_metric_alarm.this) == 0 && output.alarm_arns == {}
    error_message = "alarms: ${jsonencode(aws_cloudwatch_metric_alarm.this)}"
  }
  assert {
    condition = (aws_iam_role.this.name == "sessions-us-west-2" && aws_iam_role.this.permissions_boundary == "arn:aws:iam::123456789012:policy/boundary"
    && output.role_name == "sessions-us-west-2" && output.function_name == "sessions" && output.rule_name == "sessions")
    error_message = "role: ${jsonencode(aws_iam_role.this)}"
  }
  assert {
    condition = alltrue([for tags in [
      aws_lambda_function.this.tags, aws_cloudwatch_log_group.this.tags, aws_iam_role.this.tags, aws_cloudwatch_event_rule.this.tags, aws_sns_topic.this[0].tags,
    ] : tags == tomap({ team = "storage" })])
    error_message = "Something that costs money has no tags."
  }
}

run "a_topic_is_made_to_which_elasticache_may_publish" {
  command = plan
  module { source = "./modules/endpoints" }

  # An encrypted one, ElastiCache would give up at the first event.
  assert {
    condition     = aws_sns_topic.this[0].name == "promoter-endpoints" && aws_sns_topic.this[0].kms_master_key_id == null && !aws_sns_topic.this[0].fifo_topic
    error_message = "topic: ${jsonencode(aws_sns_topic.this)}"
  }
  assert {
    condition = aws_sns_topic_policy.this[0].arn == output.topic_arn && jsondecode(aws_sns_topic_policy.this[0].policy) == jsondecode(jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Sid       = "PublishForClustersOfThisAccount"
        Effect    = "Allow"
        Principal = { AWS = "*" }
        Action    = "sns:Publish"
        Resource  = "arn:aws:sns:us-west-2:123456789012:promoter-endpoints"
        Condition = { StringEquals = { "aws:SourceOwner" = "123456789012" } }
      }]
    }))
    error_message = "policy: ${aws_sns_topic_policy.this[0].policy}"
  }
  assert {
    condition     = output.topic_arn == "arn:aws:sns:us-west-2:123456789012:promoter-endpoints"
    error_message = "The cluster would be told another topic: ${output.topic_arn}"
  }
  assert {
    condition     = aws_sns_topic_subscription.this.topic_arn == output.topic_arn && aws_sns_topic_subscription.this.protocol == "lambda"
    error_message = "subscription: ${jsonencode(aws_sns_topic_subscription.this)}"
  }
  assert {
    condition = jsonencode([
      aws_lambda_permission.topic.principal, aws_lambda_permission.topic.action, aws_lambda_permission.topic.source_arn, aws_lambda_permission.topic.function_name,
    ]) == jsonencode(["sns.amazonaws.com", "lambda:InvokeFunction", output.topic_arn, "promoter-endpoints"])
    error_message = "Any topic could start it, or none: ${jsonencode(aws_lambda_permission.topic)}"
  }
}

run "a_topic_that_is_there_is_subscribed_to_and_left_as_it_is" {
  command = plan
  module { source = "./modules/endpoints" }
  variables { topic_arn = "arn:aws:sns:us-west-2:123456789012:sessions" }

  assert {
    condition     = length(aws_sns_topic.this) == 0 && length(aws_sns_topic_policy.this) == 0
    error_message = "Its policy would be replaced."
  }
  assert {
    condition     = alltrue([for arn in [output.topic_arn, aws_sns_topic_subscription.this.topic_arn, aws_lambda_permission.topic.source_arn] : arn == "arn:aws:sns:us-west-2:123456789012:sessions"])
    error_message = "subscription: ${jsonencode(aws_sns_topic_subscription.this)}"
  }
}

run "that_there_is_a_topic_can_be_said_where_its_arn_is_not_known_yet" {
  command = plan
  module { source = "./modules/endpoints" }
  variables {
    topic_arn    = "arn:aws:sns:us-west-2:123456789012:sessions"
    create_topic = false
  }

  assert {
    condition     = length(aws_sns_topic.this) == 0 && output.topic_arn == "arn:aws:sns:us-west-2:123456789012:sessions"
    error_message = "topic: ${jsonencode(aws_sns_topic.this)}"
  }
}

run "the_schedule_looks_each_minute_and_nothing_old_is_replayed" {
  command = plan
  module { source = "./modules/endpoints" }

  assert {
    condition     = aws_cloudwatch_event_rule.this.schedule_expression == "rate(1 minute)" && aws_cloudwatch_event_target.this.rule == "promoter-endpoints"
    error_message = "schedule: ${aws_cloudwatch_event_rule.this.schedule_expression}"
  }
  assert {
    condition = aws_cloudwatch_event_target.this.retry_policy[0] == {
      maximum_retry_attempts = 0, maximum_event_age_in_seconds = 60
    } && jsondecode(aws_cloudwatch_event_target.this.input) == { source = "schedule" }
    error_message = "target: ${jsonencode(aws_cloudwatch_event_target.this)}"
  }
  assert {
    condition = (aws_lambda_permission.schedule.principal == "events.amazonaws.com" && aws_lambda_permission.schedule.action == "lambda:InvokeFunction"
    && aws_lambda_permission.schedule.function_name == "promoter-endpoints")
    error_message = "permission: ${jsonencode(aws_lambda_permission.schedule)}"
  }
  assert {
    condition = (aws_lambda_function_event_invoke_config.this.maximum_retry_attempts == 0
      && aws_lambda_function_event_invoke_config.this.maximum_event_age_in_seconds == 60
    && length(aws_lambda_function_event_invoke_config.this.destination_config) == 0)
    error_message = "The next invocation is the retry: ${jsonencode(aws_lambda_function_event_invoke_config.this)}"
  }
}

run "with_a_slower_schedule_what_failed_is_tried_again_before" {
  command = plan
  module { source = "./modules/endpoints" }
  variables {
    schedule_minutes = 15
    on_failure_arn   = "arn:aws:sqs:us-west-2:123456789012:failures"
  }

  assert {
    condition     = aws_cloudwatch_event_rule.this.schedule_expression == "rate(15 minutes)"
    error_message = "schedule: ${aws_cloudwatch_event_rule.this.schedule_expression}"
  }
  assert {
    condition = (aws_lambda_function_event_invoke_config.this.maximum_retry_attempts == 2
    && aws_lambda_function_event_invoke_config.this.maximum_event_age_in_seconds == 900)
    error_message = "retries: ${jsonencode(aws_lambda_function_event_invoke_config.this)}"
  }
  assert {
    condition     = aws_lambda_function_event_invoke_config.this.destination_config[0].on_failure[0].destination == "arn:aws:sqs:us-west-2:123456789012:failures"
    error_message = "destination: ${jsonencode(aws_lambda_function_event_invoke_config.this.destination_config)}"
  }
  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : alarm.period == 900])
    error_message = "An alarm on missing invocations would ring between two of them."
  }
}

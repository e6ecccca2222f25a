# The real provider plans, and nothing is made: no account, no network, no key that means anything.
provider "aws" {
  region                      = "us-west-2"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

provider "aws" {
  alias                       = "china"
  region                      = "cn-north-1"
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
  package_file = "../LICENSE" # any file: a plan takes no more than its hash
  redis_host   = "master.sessions.abc123.usw2.cache.amazonaws.com"
  vpc_config   = { subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"] }
}

run "what_is_recommended" {
  command = plan
  module { source = "./modules/probe" }
  variables { alarm_actions = ["arn:aws:sns:us-west-2:123456789012:alerts"] }

  # What is given is in the environment, and so is what is recommended.
  assert {
    condition = aws_lambda_function.this.environment[0].variables == tomap({
      REDIS_HOST              = "master.sessions.abc123.usw2.cache.amazonaws.com"
      REDIS_PORT              = "6379"
      REDIS_TLS               = "true"
      WHEN_READ_ONLY          = "healthy"
      PROBE_INTERVAL_SECONDS  = "10"
      CONNECT_TIMEOUT_SECONDS = "2"
      READ_TIMEOUT_SECONDS    = "2"
      METRIC_NAMESPACE        = "Custom/Redis"
      METRIC_RESOLUTION       = "standard"
      FAILURES_TO_UNHEALTHY   = "2"
      SUCCESSES_TO_HEALTHY    = "3"
    })
    error_message = "environment: ${jsonencode(aws_lambda_function.this.environment[0].variables)}"
  }
  assert {
    condition     = length(aws_route53_record.this) == 0 && output.record_fqdn == null
    error_message = "record: ${jsonencode(aws_route53_record.this)}"
  }

  # The function is the promoter's package in the VPC of the endpoint, started every minute.
  assert {
    condition     = aws_cloudwatch_event_rule.this.schedule_expression == "rate(1 minute)"
    error_message = "schedule: ${aws_cloudwatch_event_rule.this.schedule_expression}"
  }
  assert {
    condition = aws_cloudwatch_event_target.this.retry_policy[0] == {
      maximum_retry_attempts = 0, maximum_event_age_in_seconds = 60
    } && aws_lambda_function_event_invoke_config.this.maximum_retry_attempts == 0 && aws_lambda_function_event_invoke_config.this.maximum_event_age_in_seconds == 60
    error_message = "An old probe would be started: ${jsonencode(aws_cloudwatch_event_target.this.retry_policy)}"
  }
  assert {
    condition     = aws_lambda_permission.schedule.principal == "events.amazonaws.com" && aws_lambda_permission.schedule.action == "lambda:InvokeFunction"
    error_message = "permission: ${jsonencode(aws_lambda_permission.schedule)}"
  }

  assert {
    condition = jsonencode([
      aws_lambda_function.this.function_name, aws_lambda_function.this.runtime, aws_lambda_function.this.handler,
      aws_lambda_function.this.architectures, aws_lambda_function.this.memory_size, aws_lambda_function.this.timeout,
      aws_lambda_function.this.reserved_concurrent_executions,
    ]) == jsonencode(["promoter-probe", "provided.al2023", "probe", ["x86_64"], 128, 58, 1])
    error_message = "function: ${jsonencode(aws_lambda_function.this)}"
  }
  assert {
    condition     = aws_lambda_function.this.vpc_config[0].subnet_ids == toset(["subnet-1"]) && aws_lambda_function.this.vpc_config[0].security_group_ids == toset(["sg-1"])
    error_message = "An endpoint of ElastiCache is not reached from elsewhere."
  }
  assert {
    condition     = aws_lambda_function.this.source_code_hash == filebase64sha256("../LICENSE")
    error_message = "A changed package would not be deployed."
  }
  assert {
    condition = aws_lambda_function.this.logging_config[0] == {
      log_format = "JSON", application_log_level = "INFO", system_log_level = "INFO", log_group = "/aws/lambda/promoter-probe"
    } && aws_cloudwatch_log_group.this.name == "/aws/lambda/promoter-probe" && aws_cloudwatch_log_group.this.retention_in_days == 30
    error_message = "logging: ${jsonencode(aws_lambda_function.this.logging_config)}"
  }

  # The health check follows the alarm, which takes one unhealthy probe for an unhealthy minute, and silence for a failure.
  assert {
    condition = jsonencode({ for name, alarm in aws_cloudwatch_metric_alarm.this : name => [
      alarm.alarm_name, alarm.namespace, alarm.metric_name, alarm.statistic, alarm.comparison_operator, alarm.threshold,
      alarm.period, alarm.evaluation_periods, alarm.treat_missing_data,
      ] }) == jsonencode({
      promoter-probe = ["promoter-probe-unhealthy", "Custom/Redis", "HealthCheckStatus", "Minimum", "LessThanThreshold", 1, 60, 3, "breaching"]
    })
    error_message = "alarm: ${jsonencode(aws_cloudwatch_metric_alarm.this)}"
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.this["promoter-probe"].datapoints_to_alarm == null && aws_cloudwatch_metric_alarm.this["promoter-probe"].dimensions == null
    error_message = "Route 53 takes no M of N, and the metric has no dimensions."
  }
  assert {
    condition = alltrue([for alarm in aws_cloudwatch_metric_alarm.this :
    alarm.alarm_actions == toset(["arn:aws:sns:us-west-2:123456789012:alerts"]) && alarm.ok_actions == alarm.alarm_actions])
    error_message = "It would tell nobody."
  }
  assert {
    condition = jsonencode({ for name, check in aws_route53_health_check.this : name => [
      check.type, check.cloudwatch_alarm_name, check.cloudwatch_alarm_region, check.insufficient_data_health_status, check.disabled,
    ] }) == jsonencode({ promoter-probe = ["CLOUDWATCH_METRIC", "promoter-probe-unhealthy", "us-west-2", "Unhealthy", false] })
    error_message = "health check: ${jsonencode(aws_route53_health_check.this)}"
  }
}

run "every_setting_reaches_the_function" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    redis_host              = "redis-usw2.example.com"
    redis_port              = 6380
    redis_tls_server_name   = "master.sessions.abc123.usw2.cache.amazonaws.com"
    redis_ca_bundle         = "/opt/ca.pem"
    redis_username          = "probe"
    redis_secret_arn        = "arn:aws:secretsmanager:us-west-2:123456789012:secret:probe-AbCdEf"
    expect_role             = "primary"
    probe_interval_seconds  = 5
    connect_timeout_seconds = 0.5
    read_timeout_seconds    = 1
    failures_to_unhealthy   = 3
    successes_to_healthy    = 1
    metric_namespace        = "Team/Redis"
    metric_dimensions       = { Cluster = "sessions", Team = "storage" }
    environment             = { AWS_USE_FIPS_ENDPOINT = "true" }
  }

  assert {
    condition = aws_lambda_function.this.environment[0].variables == tomap({
      REDIS_HOST              = "redis-usw2.example.com"
      REDIS_PORT              = "6380"
      REDIS_TLS               = "true"
      REDIS_TLS_SERVER_NAME   = "master.sessions.abc123.usw2.cache.amazonaws.com"
      REDIS_CA_BUNDLE         = "/opt/ca.pem"
      REDIS_USERNAME          = "probe"
      REDIS_SECRET_ARN        = "arn:aws:secretsmanager:us-west-2:123456789012:secret:probe-AbCdEf"
      EXPECT_ROLE             = "primary"
      WHEN_READ_ONLY          = "unhealthy" # what takes no writes is no primary
      PROBE_INTERVAL_SECONDS  = "5"
      CONNECT_TIMEOUT_SECONDS = "0.5"
      READ_TIMEOUT_SECONDS    = "1"
      METRIC_NAMESPACE        = "Team/Redis"
      METRIC_DIMENSIONS       = "{\"Cluster\":\"sessions\",\"Team\":\"storage\"}"
      METRIC_RESOLUTION       = "standard"
      FAILURES_TO_UNHEALTHY   = "3"
      SUCCESSES_TO_HEALTHY    = "1"
      AWS_USE_FIPS_ENDPOINT   = "true"
    })
    error_message = "environment: ${jsonencode(aws_lambda_function.this.environment[0].variables)}"
  }
}

# Each setting that Route 53 copies from the alarm, by the names of its CloudWatchAlarmConfiguration.
run "each_setting_that_the_health_check_has_copied_makes_it_copy_again" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    metric_namespace         = "Team/Redis"
    metric_dimensions        = { Cluster = "sessions" }
    alarm_period_seconds     = 120
    alarm_evaluation_periods = 4

    health_check_disabled           = true
    insufficient_data_health_status = "LastKnownStatus"
  }

  assert {
    condition     = aws_route53_health_check.this["promoter-probe"].disabled && aws_route53_health_check.this["promoter-probe"].insufficient_data_health_status == "LastKnownStatus"
    error_message = "health check: ${jsonencode(aws_route53_health_check.this)}"
  }

  assert {
    condition = aws_route53_health_check.this["promoter-probe"].triggers == tomap({
      namespace           = "Team/Redis", metric_name = "HealthCheckStatus", dimensions = "{\"Cluster\":\"sessions\"}", statistic = "Minimum"
      comparison_operator = "LessThanThreshold", threshold = "1", period = "120", evaluation_periods = "4"
    })
    error_message = "triggers: ${jsonencode(aws_route53_health_check.this["promoter-probe"].triggers)}"
  }
  assert {
    condition = (aws_cloudwatch_metric_alarm.this["promoter-probe"].period == 120 && aws_cloudwatch_metric_alarm.this["promoter-probe"].evaluation_periods == 4
      && aws_cloudwatch_metric_alarm.this["promoter-probe"].namespace == "Team/Redis"
    && aws_cloudwatch_metric_alarm.this["promoter-probe"].dimensions == tomap({ Cluster = "sessions" }))
    error_message = "alarm: ${jsonencode(aws_cloudwatch_metric_alarm.this["promoter-probe"])}"
  }
}

run "without_a_health_check_metrics_may_be_of_high_resolution_and_one_probe_an_invocation_is_short" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    redis_host             = "redis.example.com"
    metric_namespace       = "Team/Redis"
    vpc_config             = null
    create_health_check    = false
    metric_resolution      = "high"
    alarm_period_seconds   = 10
    probe_interval_seconds = 0
    when_read_only         = "unhealthy"
  }

  assert {
    condition     = aws_lambda_function.this.timeout == 15 && local.environment.PROBE_INTERVAL_SECONDS == "0"
    error_message = "timeout ${aws_lambda_function.this.timeout}"
  }

  assert {
    condition = (length(aws_route53_health_check.this) == 0 && local.environment.METRIC_RESOLUTION == "high" && local.environment.WHEN_READ_ONLY == "unhealthy"
    && aws_cloudwatch_metric_alarm.this["promoter-probe"].period == 10 && output.health_check_ids == {})
    error_message = "environment: ${jsonencode(local.environment)}"
  }

  # What is not used is not allowed.
  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Sid] == ["WriteLogs", "PublishHealth"]
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
  assert {
    condition     = jsondecode(aws_iam_role_policy.this.policy).Statement[1].Condition == { StringEquals = { "cloudwatch:namespace" = "Team/Redis" } }
    error_message = "It could not publish: ${aws_iam_role_policy.this.policy}"
  }
}

run "several_endpoints_have_metrics_alarms_and_health_checks_of_their_own" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    redis_host        = null
    metric_dimensions = { Team = "storage" }
    probes = [
      { name = "sessions", redis_host = "master.sessions.abc123.usw2.cache.amazonaws.com", expect_role = "primary" },
      {
        name                 = "carts", redis_host = "10.1.2.3", redis_port = 6380, redis_tls = false, when_read_only = "healthy", connect_timeout_seconds = 1
        read_timeout_seconds = 1, failures_to_unhealthy = 5, successes_to_healthy = 1, dimensions = { Cluster = "carts" }
      },
      {
        name             = "users", redis_host = "users.example.com", redis_ca_bundle = "/opt/ca.pem", redis_tls_server_name = "users.abc123.usw2.cache.amazonaws.com"
        redis_secret_arn = "arn:aws:secretsmanager:us-west-2:123456789012:secret:users-AbCdEf", redis_username = "users", when_read_only = "unhealthy", dimensions = {}
      },
    ]
  }

  assert {
    condition = jsonencode(jsondecode(local.environment.PROBES)) == jsonencode([
      { name = "sessions", redisHost = "master.sessions.abc123.usw2.cache.amazonaws.com", expectRole = "primary", whenReadOnly = "unhealthy", dimensions = { Probe = "sessions", Team = "storage" } },
      {
        name               = "carts", redisHost = "10.1.2.3", redisPort = 6380, redisTls = false, connectTimeoutSeconds = 1
        readTimeoutSeconds = 1, failuresToUnhealthy = 5, successesToHealthy = 1, dimensions = { Cluster = "carts" }
      },
      {
        name           = "users", redisHost = "users.example.com", redisCaBundle = "/opt/ca.pem", redisTlsServerName = "users.abc123.usw2.cache.amazonaws.com"
        redisSecretArn = "arn:aws:secretsmanager:us-west-2:123456789012:secret:users-AbCdEf", redisUsername = "users", whenReadOnly = "unhealthy", dimensions = { Probe = "users", Team = "storage" }
      },
    ])
    error_message = "probes: ${local.environment.PROBES}"
  }
  assert {
    condition     = !contains(keys(local.environment), "REDIS_HOST") && !contains(keys(local.environment), "METRIC_DIMENSIONS") && local.environment.WHEN_READ_ONLY == "healthy"
    error_message = "environment: ${jsonencode(local.environment)}"
  }
  assert {
    condition = jsonencode({ for name, alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_name => alarm.dimensions }) == jsonencode({
      promoter-probe-carts-unhealthy    = { Cluster = "carts" }
      promoter-probe-sessions-unhealthy = { Probe = "sessions", Team = "storage" }
      promoter-probe-users-unhealthy    = { Probe = "users", Team = "storage" }
    })
    error_message = "alarms: ${jsonencode(aws_cloudwatch_metric_alarm.this)}"
  }
  assert {
    condition     = { for name, check in aws_route53_health_check.this : name => check.cloudwatch_alarm_name } == { for probe in ["carts", "sessions", "users"] : "promoter-probe-${probe}" => "promoter-probe-${probe}-unhealthy" }
    error_message = "health checks: ${jsonencode(aws_route53_health_check.this)}"
  }
  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Resource if statement.Sid == "ReadSecret"] == [
    "arn:aws:secretsmanager:us-west-2:123456789012:secret:users-AbCdEf"]
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
}

run "least_privilege" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    redis_secret_arn   = "arn:aws:secretsmanager:us-west-2:123456789012:secret:probe-AbCdEf"
    secret_kms_key_arn = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  }

  assert {
    condition = jsonencode([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : merge(statement, { Action = sort(flatten([statement.Action])), Resource = sort(flatten([statement.Resource])) })]) == jsonencode([
      {
        Sid      = "WriteLogs", Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["arn:aws:logs:us-west-2:123456789012:log-group:/aws/lambda/promoter-probe:*"]
      },
      {
        Sid       = "PublishHealth", Effect = "Allow", Action = ["cloudwatch:PutMetricData"], Resource = ["*"]
        Condition = { StringEquals = { "cloudwatch:namespace" = "Custom/Redis" } }
      },
      {
        Sid      = "ReadSecret", Effect = "Allow", Action = ["secretsmanager:GetSecretValue"]
        Resource = ["arn:aws:secretsmanager:us-west-2:123456789012:secret:probe-AbCdEf"]
      },
      {
        Sid      = "DecryptSecret", Effect = "Allow", Action = ["kms:Decrypt"]
        Resource = ["arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"]
        Condition = { StringEquals = {
          "kms:EncryptionContext:SecretARN" = "arn:aws:secretsmanager:us-west-2:123456789012:secret:probe-AbCdEf"
          "kms:ViaService"                  = "secretsmanager.us-west-2.amazonaws.com"
        } }
      },
      {
        Sid = "AttachToVPC", Effect = "Allow", Resource = ["*"]
        Action = [
          "ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface",
          "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:UnassignPrivateIpAddresses",
        ]
      },
      {
        Sid = "AttachToVPCIsNotForTheCode", Effect = "Deny", Resource = ["*"]
        Action = [
          "ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface",
          "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:UnassignPrivateIpAddresses",
        ]
        Condition = { ArnEquals = { "lambda:SourceFunctionArn" = "arn:aws:lambda:us-west-2:123456789012:function:promoter-probe" } }
      },
    ])
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
  assert {
    condition     = jsondecode(output.policy) == jsondecode(aws_iam_role_policy.this.policy) && aws_iam_role.this.name == "promoter-probe-us-west-2"
    error_message = "The policy that is shown is not the one that counts, or the other region's role would have the same name."
  }
  assert {
    condition = jsondecode(aws_iam_role.this.assume_role_policy) == jsondecode(jsonencode({
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
    }))
    error_message = "trust: ${aws_iam_role.this.assume_role_policy}"
  }
}

run "another_partition_has_its_own_arns" {
  command = plan
  module { source = "./modules/probe" }
  providers = { aws = aws.china }
  variables {
    redis_secret_arn   = "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:probe-AbCdEf"
    secret_kms_key_arn = "arn:aws-cn:kms:cn-north-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Condition.StringEquals["kms:ViaService"] if statement.Sid == "DecryptSecret"] == ["secretsmanager.cn-north-1.amazonaws.com.cn"]
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
  assert {
    condition     = startswith(jsondecode(aws_iam_role_policy.this.policy).Statement[0].Resource, "arn:aws-cn:logs:cn-north-1:123456789012:")
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
}

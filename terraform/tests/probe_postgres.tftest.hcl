# The module probe with PostgreSQL, alone and beside Redis. The real provider plans, and nothing is made.
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
  postgres_host       = "orders.cluster-abc123.us-west-2.rds.amazonaws.com"
  postgres_secret_arn = "arn:aws:secretsmanager:us-west-2:123456789012:secret:probe-AbCdEf"
  vpc_config          = { subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"] }
}

run "what_is_recommended" {
  command = plan
  module { source = "./modules/probe" }

  assert {
    condition = aws_lambda_function.this.environment[0].variables == tomap({
      POSTGRES_HOST           = "orders.cluster-abc123.us-west-2.rds.amazonaws.com"
      POSTGRES_PORT           = "5432"
      POSTGRES_DATABASE       = "postgres"
      POSTGRES_SECRET_ARN     = "arn:aws:secretsmanager:us-west-2:123456789012:secret:probe-AbCdEf"
      POSTGRES_TLS_MODE       = "verify-full"
      POSTGRES_PROBE          = "write"
      WHEN_READ_ONLY          = "healthy"
      PROBE_INTERVAL_SECONDS  = "10"
      CONNECT_TIMEOUT_SECONDS = "2"
      READ_TIMEOUT_SECONDS    = "2"
      METRIC_NAMESPACE        = "Custom/PostgreSQL"
      METRIC_RESOLUTION       = "standard"
      FAILURES_TO_UNHEALTHY   = "3"
      SUCCESSES_TO_HEALTHY    = "3"
    })
    error_message = "environment: ${jsonencode(aws_lambda_function.this.environment[0].variables)}"
  }

  # What it publishes is what it may publish, and what the alarm and the health check read.
  assert {
    condition = jsonencode([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : try(statement.Condition.StringEquals, statement.Resource) if contains(["PublishHealth", "ReadSecret"], statement.Sid)]) == jsonencode([
    { "cloudwatch:namespace" = "Custom/PostgreSQL" }, "arn:aws:secretsmanager:us-west-2:123456789012:secret:probe-AbCdEf"])
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
  assert {
    condition = (aws_cloudwatch_metric_alarm.this["promoter-probe"].namespace == "Custom/PostgreSQL" && output.metric_namespace == "Custom/PostgreSQL"
    && aws_route53_health_check.this["promoter-probe"].triggers.namespace == "Custom/PostgreSQL")
    error_message = "alarm: ${jsonencode(aws_cloudwatch_metric_alarm.this)}"
  }
}

run "every_setting_reaches_the_function" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    postgres_host            = "orders-usw2.example.com"
    postgres_port            = 6432
    postgres_database        = "orders"
    postgres_username        = "probe"
    postgres_tls_server_name = "orders.cluster-abc123.us-west-2.rds.amazonaws.com"
    postgres_ca_bundle       = "/opt/us-west-2-bundle.pem"
    postgres_probe           = "read"
    secret_kms_key_arn       = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    expect_role              = "replica"
    failures_to_unhealthy    = 1
    metric_namespace         = "Team/Orders"
  }

  assert {
    condition = jsonencode({ for name, value in local.environment : name => value if startswith(name, "POSTGRES_") || startswith(name, "REDIS_") }) == jsonencode({
      POSTGRES_HOST            = "orders-usw2.example.com"
      POSTGRES_PORT            = "6432"
      POSTGRES_DATABASE        = "orders"
      POSTGRES_USERNAME        = "probe"
      POSTGRES_SECRET_ARN      = "arn:aws:secretsmanager:us-west-2:123456789012:secret:probe-AbCdEf"
      POSTGRES_TLS_MODE        = "verify-full"
      POSTGRES_TLS_SERVER_NAME = "orders.cluster-abc123.us-west-2.rds.amazonaws.com"
      POSTGRES_CA_BUNDLE       = "/opt/us-west-2-bundle.pem"
      POSTGRES_PROBE           = "read"
    })
    error_message = "environment: ${jsonencode(local.environment)}"
  }
  assert {
    condition     = [local.environment.EXPECT_ROLE, local.environment.FAILURES_TO_UNHEALTHY, local.environment.METRIC_NAMESPACE] == ["replica", "1", "Team/Orders"]
    error_message = "environment: ${jsonencode(local.environment)}"
  }
  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Condition.StringEquals["kms:EncryptionContext:SecretARN"] if statement.Sid == "DecryptSecret"] == [
    "arn:aws:secretsmanager:us-west-2:123456789012:secret:probe-AbCdEf"]
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
}

run "both_kinds_in_one_function" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    postgres_host    = null
    redis_secret_arn = "arn:aws:secretsmanager:us-west-2:123456789012:secret:redis-AbCdEf"
    probes = [
      { name = "sessions", redis_host = "10.1.2.3" },
      { name = "orders", postgres_host = "10.1.2.4" },
      {
        name              = "users", postgres_host = "users.example.com", postgres_port = 6432, postgres_database = "users", postgres_username = "reader"
        postgres_tls_mode = "require", postgres_probe = "read", failures_to_unhealthy = 2
        # Not that of all.
        postgres_secret_arn = "arn:aws:secretsmanager:us-west-2:123456789012:secret:users-AbCdEf"
      },
    ]
  }

  # A probe of Redis counts as unhealthy after two failures, one of PostgreSQL after three, whatever the function's own is.
  assert {
    condition = jsonencode(jsondecode(local.environment.PROBES)) == jsonencode([
      { name = "sessions", redisHost = "10.1.2.3", dimensions = { Probe = "sessions" } },
      { name = "orders", postgresHost = "10.1.2.4", failuresToUnhealthy = 3, dimensions = { Probe = "orders" } },
      {
        name              = "users", postgresHost = "users.example.com", postgresPort = 6432, postgresDatabase = "users", postgresUsername = "reader"
        postgresTlsMode   = "require", postgresProbe = "read", dimensions = { Probe = "users" }
        postgresSecretArn = "arn:aws:secretsmanager:us-west-2:123456789012:secret:users-AbCdEf"
      },
    ])
    error_message = "probes: ${local.environment.PROBES}"
  }
  assert {
    condition     = [for name in ["FAILURES_TO_UNHEALTHY", "METRIC_NAMESPACE", "REDIS_PORT", "POSTGRES_PORT"] : local.environment[name]] == ["2", "Custom/Redis", "6379", "5432"]
    error_message = "environment: ${jsonencode(local.environment)}"
  }
  assert {
    condition = jsonencode([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : sort(statement.Resource) if statement.Sid == "ReadSecret"]) == jsonencode([[
      "arn:aws:secretsmanager:us-west-2:123456789012:secret:probe-AbCdEf", "arn:aws:secretsmanager:us-west-2:123456789012:secret:redis-AbCdEf",
    "arn:aws:secretsmanager:us-west-2:123456789012:secret:users-AbCdEf"]])
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
}

run "what_is_said_of_all_comes_before_what_is_recommended" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    postgres_host         = null
    probes                = [{ name = "orders", postgres_host = "10.1.2.4" }, { name = "users", postgres_host = "10.1.2.5", failures_to_unhealthy = 1 }]
    failures_to_unhealthy = 4
  }

  assert {
    condition     = [for probe in jsondecode(local.environment.PROBES) : try(probe.failuresToUnhealthy, null)] == [null, 1] && local.environment.FAILURES_TO_UNHEALTHY == "4"
    error_message = "probes: ${local.environment.PROBES}"
  }
  assert {
    condition     = !contains(keys(local.environment), "REDIS_TLS")
    error_message = "environment: ${jsonencode(local.environment)}"
  }
}

run "the_record_of_a_writer_goes_by_whether_it_takes_writes" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    record = { zone_id = "Z1", name = "orders.example.com", failover = "PRIMARY", cname = "orders.cluster-abc123.us-west-2.rds.amazonaws.com" }
  }

  assert {
    condition     = local.environment.WHEN_READ_ONLY == "unhealthy" && aws_route53_record.this[0].records == toset(["orders.cluster-abc123.us-west-2.rds.amazonaws.com"])
    error_message = "environment: ${jsonencode(local.environment)}"
  }
}

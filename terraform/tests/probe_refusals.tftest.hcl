# Values that the variables must refuse: many variables in one plan, because each of them has to fail.
# Those whose validations look at others come apart: Terraform does not judge them where the others are wrong.
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
  package_file = "../LICENSE" # any file: a plan takes no more than its hash
  redis_host   = "master.sessions.abc123.usw2.cache.amazonaws.com"
  vpc_config   = { subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"] }
}

run "too_little_and_of_the_wrong_kind" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    redis_host                      = "redis://sessions.example.com:6379"
    redis_port                      = 0
    redis_tls_server_name           = "sessions"
    redis_ca_bundle                 = "ca.pem"
    redis_secret_arn                = "probe"
    redis_username                  = "a probe"
    expect_role                     = "master"
    when_read_only                  = "ignore"
    probe_interval_seconds          = 0.5
    connect_timeout_seconds         = 0
    read_timeout_seconds            = 0
    failures_to_unhealthy           = 0
    successes_to_healthy            = 1.5
    metric_namespace                = "AWS/ElastiCache"
    metric_dimensions               = { Cluster = "" }
    metric_resolution               = "low"
    alarm_period_seconds            = 30
    alarm_actions                   = ["alerts"]
    insufficient_data_health_status = "unhealthy"
    record                          = { zone_id = "example.com", name = "localhost", failover = "primary" }
    name                            = "team/probe"
    package_file                    = "dist/none.zip"
    layers                          = ["certificates"]
    memory_size                     = 127
    reserved_concurrent_executions  = 0
    environment                     = { REDIS_PASSWORD = "secret" }
    permissions_boundary_arn        = "arn:aws:iam::123456789012:role/boundary"
    log_level                       = "ERROR"
    system_log_level                = "ERROR"
    log_retention_days              = 31
    log_kms_key_arn                 = "alias/logs"
  }
  expect_failures = [
    var.redis_host,
    var.redis_port,
    var.redis_tls_server_name,
    var.redis_ca_bundle,
    var.redis_username,
    var.redis_secret_arn,
    var.expect_role,
    var.when_read_only,
    var.probe_interval_seconds,
    var.connect_timeout_seconds,
    var.read_timeout_seconds,
    var.failures_to_unhealthy,
    var.successes_to_healthy,
    var.metric_namespace,
    var.metric_dimensions,
    var.metric_resolution,
    var.alarm_actions,
    var.insufficient_data_health_status,
    var.record,
    var.name,
    var.package_file,
    var.layers,
    var.memory_size,
    var.reserved_concurrent_executions,
    var.environment,
    var.permissions_boundary_arn,
    var.log_level,
    var.system_log_level,
    var.log_retention_days,
    var.log_kms_key_arn,
  ]
}

run "too_much" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    redis_port              = 65536
    probe_interval_seconds  = 61
    connect_timeout_seconds = 31
    read_timeout_seconds    = 31
    failures_to_unhealthy   = 101
    successes_to_healthy    = 101
    alarm_period_seconds    = 90
    memory_size             = 10241
    alarm_actions           = ["arn:aws:sns:us-east-1:123456789012:alerts"]
    redis_secret_arn        = "arn:aws:secretsmanager:us-east-1:123456789012:secret:probe-AbCdEf"
    record                  = { zone_id = "Z1", name = "redis.example.com", failover = "PRIMARY", cname = "a.example.com", ttl = 172801 }
    environment             = { AWS_REGION = "us-east-1" }
    architecture            = "aarch64"
  }
  expect_failures = [
    var.redis_port,
    var.probe_interval_seconds,
    var.connect_timeout_seconds,
    var.read_timeout_seconds,
    var.failures_to_unhealthy,
    var.successes_to_healthy,
    var.alarm_period_seconds,
    var.memory_size,
    var.alarm_actions,
    var.redis_secret_arn,
    var.record,
    var.environment,
    var.architecture,
  ]
}

# One endpoint only, and a database's first: redis_host looks at postgres_host.
run "a_database_of_the_wrong_kind" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    redis_host               = null
    postgres_host            = "postgres://orders.example.com:5432"
    postgres_port            = 0
    postgres_database        = " orders"
    postgres_username        = "a probe"
    postgres_secret_arn      = "probe"
    postgres_tls_server_name = "orders"
    postgres_ca_bundle       = "ca.pem"
    postgres_probe           = "select"
  }
  expect_failures = [
    var.postgres_host,
    var.postgres_port,
    var.postgres_database,
    var.postgres_username,
    var.postgres_secret_arn,
    var.postgres_tls_server_name,
    var.postgres_ca_bundle,
    var.postgres_probe,
  ]
}

run "two_servers_a_mode_of_tls_and_a_secret_of_another_region" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    postgres_host       = "orders.cluster-abc123.us-west-2.rds.amazonaws.com"
    postgres_secret_arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:probe-AbCdEf"
    postgres_tls_mode   = "prefer"
  }
  expect_failures = [var.redis_host, var.postgres_secret_arn, var.postgres_tls_mode]
}

run "certificates_that_nobody_looks_at" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    redis_host               = null
    postgres_host            = "orders.cluster-abc123.us-west-2.rds.amazonaws.com"
    postgres_secret_arn      = "arn:aws:secretsmanager:us-west-2:123456789012:secret:probe-AbCdEf"
    postgres_tls_mode        = "require"
    postgres_ca_bundle       = "/opt/us-west-2-bundle.pem"
    postgres_tls_server_name = "orders.cluster-abc123.us-west-2.rds.amazonaws.com"
  }
  expect_failures = [var.postgres_ca_bundle, var.postgres_tls_server_name]
}

run "a_database_without_a_login" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    redis_host       = null
    postgres_host    = "orders.cluster-abc123.us-west-2.rds.amazonaws.com"
    redis_secret_arn = "arn:aws:secretsmanager:us-west-2:123456789012:secret:probe-AbCdEf" # of another kind
  }
  expect_failures = [aws_lambda_function.this]
}

run "those_that_look_at_others" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    alarm_evaluation_periods = 0
    secret_kms_key_arn       = "alias/probe"
    redis_secret_arn         = "arn:aws:secretsmanager:us-west-2:123456789012:secret:probe-AbCdEf"
    vpc_config               = { subnet_ids = [], security_group_ids = ["sg-1"] }
  }
  expect_failures = [var.alarm_evaluation_periods, var.secret_kms_key_arn, var.vpc_config]
}

# An endpoint of ElastiCache from outside of its VPC, a key without a secret, certificates without TLS, a record that leads
# to two places.
run "what_route_53_does_not_follow_and_what_does_not_go_together" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    metric_resolution     = "high"
    redis_tls             = false
    redis_ca_bundle       = "/opt/ca.pem"
    redis_tls_server_name = "master.sessions.abc123.usw2.cache.amazonaws.com"
    secret_kms_key_arn    = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    vpc_config            = null
    record                = { zone_id = "Z1", name = "redis.example.com", failover = "PRIMARY", cname = "a.example.com", alias = { name = "b.example.com", zone_id = "Z2" } }
  }
  expect_failures = [var.metric_resolution, var.redis_tls_server_name, var.redis_ca_bundle, var.secret_kms_key_arn, var.vpc_config, var.record]
}

run "nothing_to_probe_a_period_that_takes_high_resolution_and_a_record_that_would_never_fail_over" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    redis_host           = null
    alarm_period_seconds = 10
    create_health_check  = false
    record               = { zone_id = "Z1", name = "redis.example.com", failover = "PRIMARY", cname = "a.example.com" }
  }
  expect_failures = [var.redis_host, var.alarm_period_seconds, var.record]
}

run "one_endpoint_and_a_list_and_an_alarm_over_more_than_a_day" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    probes                   = [{ name = "carts", redis_host = "10.1.2.3" }]
    alarm_period_seconds     = 3600
    alarm_evaluation_periods = 25
  }
  expect_failures = [var.redis_host, var.alarm_evaluation_periods]
}

run "a_primary_that_names_none_of_several_probes" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    redis_host = null
    probes     = [{ name = "sessions", redis_host = "10.1.2.3" }]
    record     = { zone_id = "Z1", name = "redis.example.com", failover = "PRIMARY", cname = "a.example.com", probe = "cart" }
  }
  expect_failures = [aws_route53_record.this]
}

run "two_probes_in_one_metric" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    redis_host = null
    probes = [
      { name = "sessions", redis_host = "10.1.2.3", dimensions = { Cluster = "a" } },
      { name = "carts", redis_host = "10.1.2.4", dimensions = { Cluster = "a" } },
    ]
  }
  expect_failures = [aws_lambda_function.this]
}

run "a_user_without_a_password" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    redis_host = null
    probes     = [{ name = "sessions", redis_host = "10.1.2.3", redis_username = "probe" }]
  }
  expect_failures = [aws_lambda_function.this]
}

run "more_probes_than_an_environment_has_room_for" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    redis_host = null
    probes     = [for n in range(30) : { name = "cluster-${n}", redis_host = "master.cluster-${n}.abc123.usw2.cache.amazonaws.com" }]
  }
  expect_failures = [aws_lambda_function.this]
}

# What the program refuses of a list, too: Tests/Interop/python/test_terraform_probe.py.
run "probes_with_two_of_a_name" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    redis_host = null
    probes     = [{ name = "a", redis_host = "10.1.2.3" }, { name = "a", redis_host = "10.1.2.4" }]
  }
  expect_failures = [var.probes]
}

run "probes_with_a_secret_of_another_region" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    redis_host = null
    probes     = [{ name = "a", redis_host = "10.1.2.3", redis_secret_arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:probe-AbCdEf" }]
  }
  expect_failures = [var.probes]
}

run "probes_with_certificates_and_without_tls" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    redis_host      = null
    redis_ca_bundle = "/opt/ca.pem"
    probes          = [{ name = "a", redis_host = "10.1.2.3", redis_tls = false }]
  }
  expect_failures = [aws_lambda_function.this]
}

run "probes_with_two_endpoints_in_one" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    redis_host          = null
    postgres_secret_arn = "arn:aws:secretsmanager:us-west-2:123456789012:secret:probe-AbCdEf"
    probes              = [{ name = "a", redis_host = "10.1.2.3", postgres_host = "10.1.2.4" }]
  }
  expect_failures = [var.probes]
}

run "probes_with_none" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    redis_host = null
    probes     = [{ name = "a" }]
  }
  expect_failures = [var.probes]
}

run "probes_with_a_setting_of_the_other_kind_of_server" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    redis_host          = null
    postgres_secret_arn = "arn:aws:secretsmanager:us-west-2:123456789012:secret:probe-AbCdEf"
    probes              = [{ name = "a", postgres_host = "10.1.2.4", redis_port = 6379 }]
  }
  expect_failures = [var.probes]
}

run "probes_with_a_setting_of_the_other_kind_of_server_the_other_way_round" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    redis_host = null
    probes     = [{ name = "a", redis_host = "10.1.2.4", postgres_probe = "read" }]
  }
  expect_failures = [var.probes]
}

run "probes_with_a_database_without_a_login" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    redis_host = null
    probes     = [{ name = "a", postgres_host = "10.1.2.4" }]
  }
  expect_failures = [aws_lambda_function.this]
}

run "probes_with_certificates_that_nobody_looks_at" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    redis_host          = null
    postgres_secret_arn = "arn:aws:secretsmanager:us-west-2:123456789012:secret:probe-AbCdEf"
    postgres_ca_bundle  = "/opt/us-west-2-bundle.pem"
    probes              = [{ name = "a", postgres_host = "10.1.2.4", postgres_tls_mode = "require" }]
  }
  expect_failures = [aws_lambda_function.this]
}

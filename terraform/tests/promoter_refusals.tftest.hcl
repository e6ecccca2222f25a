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
  package_file        = "../LICENSE" # any file: a plan takes no more than its hash
  hosted_zone_id      = "Z0123456789ABCDEFGHIJ"
  dns_name            = "app.example.com"
  global_datastore_id = "ldgnf-sessions"
}

run "too_little_and_of_the_wrong_kind" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    global_cluster_id              = "1orders"
    record_regions                 = { blue = "use1" }
    record_targets                 = { blue = ["app.us-east-1.elb.amazonaws.com"] }
    confirmations                  = 0
    hold_down_seconds              = -1
    promote_in_status              = []
    cache_max_age_seconds          = -1
    notify_topic_arn               = "alerts"
    check_interval_seconds         = -1
    max_replication_lag_seconds    = -1
    when_lag_unknown               = "wait"
    detach_after_seconds           = 179
    alert_after_seconds            = -1
    watches_file                   = "watches.json"
    layers                         = ["watches"]
    name                           = "team/promoter"
    package_file                   = "dist/none.zip"
    memory_size                    = 127
    reserved_concurrent_executions = 0
    environment                    = { CONFIRMATIONS = "1" }
    vpc_config                     = { subnet_ids = [], security_group_ids = ["sg-1"] }
    on_failure_arn                 = "arn:aws:lambda:us-west-2:123456789012:function:f"
    permissions_boundary_arn       = "arn:aws:iam::123456789012:role/boundary"
    system_log_level               = "ERROR"
    log_retention_days             = 31
    log_kms_key_arn                = "alias/logs"
    alarm_actions                  = ["alerts"]
  }
  expect_failures = [
    var.global_cluster_id,
    var.record_regions,
    var.record_targets,
    var.confirmations,
    var.hold_down_seconds,
    var.promote_in_status,
    var.cache_max_age_seconds,
    var.notify_topic_arn,
    var.check_interval_seconds,
    var.max_replication_lag_seconds,
    var.when_lag_unknown,
    var.detach_after_seconds,
    var.alert_after_seconds,
    var.watches_file,
    var.layers,
    var.name,
    var.package_file,
    var.memory_size,
    var.reserved_concurrent_executions,
    var.environment,
    var.vpc_config,
    var.on_failure_arn,
    var.permissions_boundary_arn,
    var.system_log_level,
    var.log_retention_days,
    var.log_kms_key_arn,
    var.alarm_actions,
  ]
}

run "wrong_ids_words_and_too_little_time" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    log_level             = "ERROR"
    when_failover_refused = "promote"
    pause_parameter       = "pause/"
    hosted_zone_id        = "example.com"
    dns_name              = "localhost"
    global_datastore_id   = "arn:aws:elasticache::123456789012:globalreplicationgroup:ldgnf-sessions"
    timeout_seconds       = 9
    architecture          = "aarch64"
  }
  expect_failures = [
    var.log_level,
    var.when_failover_refused,
    var.pause_parameter,
    var.hosted_zone_id,
    var.dns_name,
    var.global_datastore_id,
    var.timeout_seconds,
    var.architecture,
  ]
}

run "too_much" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    global_cluster_id              = "a${join("", [for digit in range(63) : "0"])}"
    confirmations                  = 101
    hold_down_seconds              = 86401
    promote_in_status              = ["available", "ready"]
    cache_max_age_seconds          = 86401
    check_interval_seconds         = 301
    max_replication_lag_seconds    = 86401
    detach_after_seconds           = 86401
    alert_after_seconds            = 86401
    notify_topic_arn               = "arn:aws:sns:us-west-2:123456789012:alerts.fifo"
    layers                         = [for n in range(6) : "arn:aws:lambda:us-west-2:123456789012:layer:l:${n}"]
    name                           = join("", [for letter in range(41) : "a"])
    memory_size                    = 10241
    reserved_concurrent_executions = 2
    environment                    = { AWS_REGION = "us-east-1" }
    vpc_config                     = { subnet_ids = ["subnet-1"], security_group_ids = [] }
    record_targets                 = { us-east-1 = [] }
  }
  expect_failures = [
    var.global_cluster_id,
    var.confirmations,
    var.hold_down_seconds,
    var.promote_in_status,
    var.cache_max_age_seconds,
    var.check_interval_seconds,
    var.max_replication_lag_seconds,
    var.detach_after_seconds,
    var.alert_after_seconds,
    var.notify_topic_arn,
    var.layers,
    var.name,
    var.memory_size,
    var.reserved_concurrent_executions,
    var.environment,
    var.vpc_config,
    var.record_targets,
  ]
}

run "too_long" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    hosted_zone_id  = "Z${join("", [for digit in range(32) : "0"])}"
    dns_name        = "${join("", [for letter in range(64) : "a"])}.example.com"
    timeout_seconds = 901
  }
  expect_failures = [
    var.hosted_zone_id,
    var.dns_name,
    var.timeout_seconds,
  ]
}

run "fractions" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    confirmations          = 1.5
    check_interval_seconds = 0.1
    memory_size            = 128.5
    environment            = { AWS_LAMBDA_LOG_LEVEL = "DEBUG" }
    record_targets         = { us-east-1 = ["https://app.example.com"] }
  }
  expect_failures = [
    var.confirmations,
    var.check_interval_seconds,
    var.memory_size,
    var.environment,
    var.record_targets,
  ]
}

run "no_minute" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    schedule_minutes       = 0
    check_interval_seconds = 0
  }
  expect_failures = [var.schedule_minutes]
}

run "half_a_minute" {
  command = plan
  module { source = "./modules/promoter" }
  variables { schedule_minutes = 1.5 }
  expect_failures = [var.schedule_minutes]
}

run "more_than_an_hour" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    schedule_minutes       = 61
    check_interval_seconds = 0
  }
  expect_failures = [var.schedule_minutes]
}

run "a_schedule_that_is_longer_than_an_invocation_that_goes_on_checking" {
  command = plan
  module { source = "./modules/promoter" }
  variables { schedule_minutes = 16 }
  expect_failures = [var.schedule_minutes]
}

run "checks_that_are_further_apart_than_invocations" {
  command = plan
  module { source = "./modules/promoter" }
  variables { check_interval_seconds = 60 }
  expect_failures = [var.schedule_minutes]
}

run "what_lasts_is_no_warning_where_checks_go_on_and_on" {
  command = plan
  module { source = "./modules/promoter" }
  variables { log_level = "WARN" }
  expect_failures = [var.log_level]
}

run "detaching_without_a_place_to_keep_that_it_was_done" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    when_failover_refused = "detach"
    pause_enabled         = false
  }
  expect_failures = [var.when_failover_refused]
}

run "detaching_in_a_vpc_where_nobody_says_that_parameters_are_reached" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    when_failover_refused = "detach"
    vpc_config            = { subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"] }
  }
  expect_failures = [var.when_failover_refused]
}

run "a_name_that_parameter_store_does_not_allow" {
  command = plan
  module { source = "./modules/promoter" }
  variables { name = "aws-promoter" }
  expect_failures = [var.pause_parameter]
}

run "a_name_of_254_and_half_a_second" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    timeout_seconds = 10.5
    dns_name        = "${join(".", [for label in range(126) : "a"])}.bb"
  }
  expect_failures = [
    var.timeout_seconds,
    var.dns_name,
  ]
}

run "nothing_where_something_is_needed" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    hosted_zone_id      = null
    dns_name            = null
    global_datastore_id = null
  }
  expect_failures = [
    var.hosted_zone_id,
    var.dns_name,
    var.global_datastore_id,
  ]
}

run "empty_words" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    hosted_zone_id      = ""
    dns_name            = ""
    global_datastore_id = ""
    name                = ""
    environment         = { aws_profile = "x" }
  }
  expect_failures = [
    var.hosted_zone_id,
    var.dns_name,
    var.global_datastore_id,
    var.name,
    var.environment,
  ]
}

run "a_package_for_another_architecture_and_no_time_for_a_second_check" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    package_file           = "tests/promoter-arm64.zip"
    architecture           = "x86_64"
    timeout_seconds        = 20
    check_interval_seconds = 20
  }
  expect_failures = [
    var.architecture,
    var.timeout_seconds,
  ]
}

run "a_topic_of_another_region_a_queue_of_the_wrong_kind_and_an_invocation_that_outlasts_the_next" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    alarm_actions   = ["arn:aws:sns:us-east-1:123456789012:alerts"] # the provider's is us-west-2
    on_failure_arn  = "arn:aws:sqs:us-west-2:123456789012:failures.fifo"
    timeout_seconds = 61
  }
  expect_failures = [
    var.alarm_actions,
    var.on_failure_arn,
    var.timeout_seconds,
  ]
}

run "the_ends_of_the_ranges_are_allowed" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    dns_name              = "_aa.${join(".", [for label in range(125) : "a"])}"
    confirmations         = 100
    hold_down_seconds     = 86400
    cache_max_age_seconds = 86400
    timeout_seconds       = 900
    schedule_minutes      = 15
    memory_size           = 10240
    name                  = join("", [for letter in range(40) : "a"])
    promote_in_status     = ["available", "creating", "deleting", "modifying", "primary-only"]
    log_retention_days    = 0

    check_interval_seconds      = 300
    max_replication_lag_seconds = 86400
    detach_after_seconds        = 86400
    alert_after_seconds         = 86400
    pause_parameter             = "/${join("", [for letter in range(1002) : "a"])}"
    layers                      = [for n in range(5) : "arn:aws:lambda:us-west-2:123456789012:layer:l:${n}"]
  }

  assert {
    condition     = length(aws_iam_role.this.name) <= 64 && length(aws_iam_role.operator[0].name) <= 64 && length(var.dns_name) == 253
    error_message = "A role's name has 64 characters at most."
  }
}

run "an_hour_between_two_checks_is_allowed" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    schedule_minutes       = 60
    check_interval_seconds = 0
    hold_down_seconds      = 0.001
    detach_after_seconds   = 180
  }
}

# The example for two regions, with the real provider; nothing is made.
provider "aws" {
  alias                       = "primary"
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

provider "aws" {
  alias                       = "secondary"
  region                      = "us-west-2"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = module.primary.data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

override_data {
  target = module.secondary.data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

variables {
  package_file        = "../LICENSE"
  primary_region      = "us-east-1"
  secondary_region    = "us-west-2"
  hosted_zone_id      = "Z0123456789ABCDEFGHIJ"
  dns_name            = "app.example.com"
  global_datastore_id = "ldgnf-sessions"
}

run "both_regions_have_the_modules_defaults" {
  command = plan
  module { source = "./examples/existing" }

  assert {
    condition = jsonencode(output.environments) == jsonencode({
      for region in ["us-east-1", "us-west-2"] : region => {
        HOSTED_ZONE_ID        = "Z0123456789ABCDEFGHIJ"
        DNS_NAME              = "app.example.com"
        GLOBAL_DATASTORE_ID   = "ldgnf-sessions"
        CONFIRMATIONS         = "2"
        HOLD_DOWN_SECONDS     = "300"
        PROMOTE_IN_STATUS     = "available"
        CACHE_MAX_AGE_SECONDS = "300"

        CHECK_INTERVAL_SECONDS = "1"
        WHEN_LAG_UNKNOWN       = "hold"
        WHEN_FAILOVER_REFUSED  = "hold"
        DETACH_AFTER_SECONDS   = "300"
        PAUSE_PARAMETER        = "/promoter/pause"
        ALERT_AFTER_SECONDS    = "300"
        METRICS                = "on"

        DRY_RUN = "false"
        PAUSED  = "false"
      }
    })
    error_message = "environments: ${jsonencode(output.environments)}"
  }
  assert {
    condition     = output.functions == { us-east-1 = "promoter", us-west-2 = "promoter" }
    error_message = "functions: ${jsonencode(output.functions)}"
  }
}

run "both_regions_are_told_the_same" {
  command = plan
  module { source = "./examples/existing" }
  variables {
    name                  = "sessions-promoter"
    record_regions        = { blue = "us-east-1" }
    confirmations         = 3
    hold_down_seconds     = 60
    promote_in_status     = ["available", "modifying"]
    cache_max_age_seconds = 0
    dry_run               = true
    paused                = true
    environment           = { AWS_MAX_ATTEMPTS = "2" }

    hosted_zone_id              = null
    record_targets              = { us-east-1 = ["10.1.2.3"] }
    check_interval_seconds      = 0
    max_replication_lag_seconds = 5
    when_lag_unknown            = "promote"
    when_failover_refused       = "detach"
    detach_after_seconds        = 180
    alert_after_seconds         = 600
    metrics                     = false
    create_operator_function    = false
  }

  assert {
    condition = jsonencode(output.environments) == jsonencode({
      for region in ["us-east-1", "us-west-2"] : region => {
        DNS_NAME              = "app.example.com"
        GLOBAL_DATASTORE_ID   = "ldgnf-sessions"
        RECORD_REGIONS        = "{\"blue\":\"us-east-1\"}"
        CONFIRMATIONS         = "3"
        HOLD_DOWN_SECONDS     = "60"
        PROMOTE_IN_STATUS     = "available,modifying"
        CACHE_MAX_AGE_SECONDS = "0"

        RECORD_TARGETS              = "{\"us-east-1\":[\"10.1.2.3\"]}"
        CHECK_INTERVAL_SECONDS      = "0"
        MAX_REPLICATION_LAG_SECONDS = "5"
        WHEN_LAG_UNKNOWN            = "promote"
        WHEN_FAILOVER_REFUSED       = "detach"
        DETACH_AFTER_SECONDS        = "180"
        PAUSE_PARAMETER             = "/sessions-promoter/pause"
        ALERT_AFTER_SECONDS         = "600"
        METRICS                     = "off"

        DRY_RUN          = "true"
        PAUSED           = "true"
        AWS_MAX_ATTEMPTS = "2"
      }
    })
    error_message = "environments: ${jsonencode(output.environments)}"
  }
  assert {
    condition     = output.functions == { us-east-1 = "sessions-promoter", us-west-2 = "sessions-promoter" }
    error_message = "functions: ${jsonencode(output.functions)}"
  }
}

run "each_region_tells_its_own_topic" {
  command = plan
  module { source = "./examples/existing" }
  variables {
    notify_topic_arns = { for region in ["us-east-1", "us-west-2"] : region => "arn:aws:sns:${region}:123456789012:promotions" }
  }

  assert {
    condition = { for region, environment in output.environments : region => environment.NOTIFY_TOPIC_ARN } == {
      us-east-1 = "arn:aws:sns:us-east-1:123456789012:promotions", us-west-2 = "arn:aws:sns:us-west-2:123456789012:promotions"
    }
    error_message = "environments: ${jsonencode(output.environments)}"
  }
  assert {
    condition = output.operator_functions == { us-east-1 = "promoter-operator", us-west-2 = "promoter-operator" } && (
    output.pause_parameters == { us-east-1 = "/promoter/pause", us-west-2 = "/promoter/pause" })
    error_message = "operators: ${jsonencode(output.operator_functions)}, pauses: ${jsonencode(output.pause_parameters)}"
  }
}

run "the_same_region_twice" {
  command = plan
  module { source = "./examples/existing" }
  variables { secondary_region = "us-east-1" }
  expect_failures = [var.secondary_region]
}

run "regions_that_are_none_and_an_unknown_architecture" {
  command = plan
  module { source = "./examples/existing" }
  variables {
    primary_region = "use1"
    architecture   = "aarch64"
  }
  expect_failures = [var.primary_region, var.architecture]
}

run "alarms_and_vpcs_of_a_third_region" {
  command = plan
  module { source = "./examples/existing" }
  variables {
    alarm_actions = { eu-west-1 = ["arn:aws:sns:eu-west-1:123456789012:alerts"] }
    vpc_configs   = { eu-west-1 = { subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"] } }

    notify_topic_arns = { eu-west-1 = "arn:aws:sns:eu-west-1:123456789012:alerts" }
  }
  expect_failures = [var.alarm_actions, var.vpc_configs, var.notify_topic_arns]
}

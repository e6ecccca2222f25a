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
        DRY_RUN               = "false"
        PAUSED                = "false"
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
  }

  assert {
    condition = jsonencode(output.environments) == jsonencode({
      for region in ["us-east-1", "us-west-2"] : region => {
        HOSTED_ZONE_ID        = "Z0123456789ABCDEFGHIJ"
        DNS_NAME              = "app.example.com"
        GLOBAL_DATASTORE_ID   = "ldgnf-sessions"
        RECORD_REGIONS        = "{\"blue\":\"us-east-1\"}"
        CONFIRMATIONS         = "3"
        HOLD_DOWN_SECONDS     = "60"
        PROMOTE_IN_STATUS     = "available,modifying"
        CACHE_MAX_AGE_SECONDS = "0"
        DRY_RUN               = "true"
        PAUSED                = "true"
        AWS_MAX_ATTEMPTS      = "2"
      }
    })
    error_message = "environments: ${jsonencode(output.environments)}"
  }
  assert {
    condition     = output.functions == { us-east-1 = "sessions-promoter", us-west-2 = "sessions-promoter" }
    error_message = "functions: ${jsonencode(output.functions)}"
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
  }
  expect_failures = [var.alarm_actions, var.vpc_configs]
}

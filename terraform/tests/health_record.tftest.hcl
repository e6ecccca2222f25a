# The example for two regions, with the real provider; nothing is made. What an apply makes of it is read back in
# Tests/Interop/python/test_terraform_health.py.
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
  target = module.probe_primary.data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

override_data {
  target = module.probe_secondary.data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

override_data {
  target = module.promoter_primary.data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

override_data {
  target = module.promoter_secondary.data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

variables {
  package_file        = "../LICENSE" # any file: a plan takes no more than its hash
  primary_region      = "us-east-1"
  secondary_region    = "us-west-2"
  global_datastore_id = "ldgnf-sessions"
  hosted_zone_id      = "Z0123456789ABCDEFGHIJ"
  dns_name            = "redis.example.com"
  regions = {
    us-east-1 = {
      replication_group_id = "sessions-use1", redis_host = "master.sessions-use1.abc123.use1.cache.amazonaws.com"
      subnet_ids           = ["subnet-1"], security_group_ids = ["sg-1"]
    }
    us-west-2 = {
      replication_group_id = "sessions-usw2", redis_host = "master.sessions-usw2.def456.usw2.cache.amazonaws.com"
      subnet_ids           = ["subnet-2"], security_group_ids = ["sg-2"]
    }
  }
}

run "what_is_set_reaches_both_regions" {
  command = plan
  module { source = "./examples/health-record" }
  variables {
    redis_port                = 6380
    redis_tls                 = false
    probe_interval_seconds    = 5
    failures_to_unhealthy     = 3
    dry_run                   = true
    zone_is_private           = true
    return_by_hand            = false
    health_check_on_secondary = true
  }

  assert {
    condition = alltrue([for region in ["us-east-1", "us-west-2"] : jsonencode([for name in [
      "REDIS_PORT", "REDIS_TLS", "PROBE_INTERVAL_SECONDS", "FAILURES_TO_UNHEALTHY"] : output.environments[region].probe[name]
    ]) == jsonencode(["6380", "false", "5", "3"]) && output.environments[region].promoter.DRY_RUN == "true"])
    error_message = "environments: ${jsonencode(output.environments)}"
  }
  assert {
    condition     = alltrue([for environment in values(output.environments) : environment.probe.WHEN_READ_ONLY == "healthy" && !contains(keys(environment.probe), "EXPECT_ROLE")])
    error_message = "A secondary with a health check would never be healthy, and a primary would not come back by itself."
  }
  assert {
    condition     = alltrue([for promoter in [module.promoter_primary, module.promoter_secondary] : strcontains(promoter.policy, "ec2:CreateNetworkInterface")])
    error_message = "Outside of the VPC a private zone is not resolved."
  }
}

run "refuses_one_region_only" {
  command = plan
  module { source = "./examples/health-record" }
  variables {
    regions = {
      us-east-1 = { replication_group_id = "sessions-use1", redis_host = "10.1.2.3", subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"] }
    }
  }
  # The rest of the example looks the other one up.
  expect_failures = [var.regions]
}

run "refuses_one_region_twice_a_long_name_and_an_unknown_architecture" {
  command = plan
  module { source = "./examples/health-record" }
  variables {
    secondary_region = "us-east-1"
    name             = "a-name-that-leaves-no-room-for-more"
    architecture     = "aarch64"
  }
  expect_failures = [var.secondary_region, var.name, var.architecture]
}

# The whole example, as planned by the real provider in two regions. Nothing is sent anywhere.

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
  target = module.primary.module.network.data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

override_data {
  target = module.secondary.module.network.data.aws_caller_identity.current
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

override_data {
  target = module.primary.module.network.data.aws_availability_zones.available
  values = { names = ["us-east-1a", "us-east-1b", "us-east-1c"] }
}

override_data {
  target = module.secondary.module.network.data.aws_availability_zones.available
  values = { names = ["us-west-2a", "us-west-2b", "us-west-2c"] }
}

# What the promoters' environment is made of, known at the plan already.
override_resource {
  target          = module.datastore_primary.aws_elasticache_global_replication_group.this
  override_during = plan
  values          = { global_replication_group_id = "ldgnf-sessions" }
}

override_resource {
  target          = aws_route53_zone.private
  override_during = plan
  values          = { zone_id = "Z0123456789ABCDEFGHIJ" }
}

variables {
  primary_region   = "us-east-1"
  secondary_region = "us-west-2"
  package_file     = "./tests/complete.tftest.hcl" # any file will do: a plan does not look into it
}

run "one_apply_makes_it_all" {
  command = plan
  module { source = "./examples/complete" }

  assert {
    condition     = { for vpc in aws_route53_zone.private.vpc : vpc.vpc_region => true } == { us-east-1 = true, us-west-2 = true }
    error_message = "The zone is resolved in both regions."
  }
  assert {
    condition     = aws_route53_record.primary.failover_routing_policy[0].type == "PRIMARY" && aws_route53_record.secondary.failover_routing_policy[0].type == "SECONDARY"
    error_message = "A failover pair."
  }
  assert {
    condition     = aws_route53_record.primary.set_identifier == "us-east-1" && aws_route53_record.secondary.set_identifier == "us-west-2"
    error_message = "The records are told apart by their regions."
  }
  assert {
    condition     = aws_route53_record.primary.name == aws_route53_record.secondary.name && aws_route53_record.primary.name == "app.sessions.internal"
    error_message = "Both records have the one name."
  }
  assert {
    condition     = aws_route53_record.primary.alias[0].evaluate_target_health && aws_route53_record.secondary.alias[0].evaluate_target_health
    error_message = "Without target health, the record would never fail over."
  }
  assert {
    condition     = toset(keys(output.functions)) == toset(["us-east-1", "us-west-2"])
    error_message = "A promoter in each region."
  }
  assert {
    condition = alltrue([
      for promoter in [module.promoter_primary, module.promoter_secondary] :
      promoter.environment.GLOBAL_DATASTORE_ID == "ldgnf-sessions" && promoter.environment.DNS_NAME == "app.sessions.internal" && promoter.environment.PAUSE_PARAMETER == "/sessions-promoter/pause"
    ])
    error_message = "Both promoters watch the same record and the same datastore."
  }
  assert {
    condition     = toset(keys(module.primary.endpoint_ids)) == toset(["elasticache", "ssm"]) && toset(keys(module.secondary.endpoint_ids)) == toset(["elasticache", "ssm"])
    error_message = "Each network has the endpoints that a promoter needs."
  }
  assert {
    condition     = length(output.networks["us-east-1"].subnet_ids) == 2 && length(output.networks["us-west-2"].subnet_ids) == 2
    error_message = "Two subnets in each region."
  }
}

run "with_load_balancers_of_your_own" {
  command = plan
  module { source = "./examples/complete" }
  variables {
    targets = {
      us-east-1 = { dns_name = "app-1234567890abcdef.elb.us-east-1.amazonaws.com", zone_id = "Z26RNL4JYFTOTI", health_check_id = "11111111-2222-3333-4444-555555555555" }
      us-west-2 = { dns_name = "app-abcdef1234567890.elb.us-west-2.amazonaws.com", zone_id = "Z18D5FSROUN65G" }
    }
  }

  assert {
    condition     = aws_route53_record.primary.alias[0].name == "app-1234567890abcdef.elb.us-east-1.amazonaws.com" && aws_route53_record.primary.health_check_id == "11111111-2222-3333-4444-555555555555"
    error_message = "The primary record leads to the load balancer given, with its health check."
  }
  assert {
    condition     = aws_route53_record.secondary.alias[0].name == "app-abcdef1234567890.elb.us-west-2.amazonaws.com" && aws_route53_record.secondary.health_check_id == null
    error_message = "The secondary record leads to the load balancer given; a health check is optional."
  }
  assert {
    condition     = output.target_groups == { us-east-1 = null, us-west-2 = null }
    error_message = "No load balancer is made beside yours."
  }
  assert {
    condition = alltrue([
      for promoter in [module.promoter_primary, module.promoter_secondary] :
      promoter.environment.RECORD_TARGETS == jsonencode({
        us-east-1 = ["app-1234567890abcdef.elb.us-east-1.amazonaws.com"], us-west-2 = ["app-abcdef1234567890.elb.us-west-2.amazonaws.com"]
      }) && !contains(keys(promoter.environment), "HOSTED_ZONE_ID") && !strcontains(promoter.policy, "route53")
    ])
    error_message = "A promoter would ask Route 53 in another region: ${jsonencode(module.promoter_secondary.environment)}"
  }
}

run "refuses_alarms_of_a_third_region_and_an_unknown_architecture" {
  command = plan
  module { source = "./examples/complete" }
  variables {
    alarm_actions = { eu-west-1 = ["arn:aws:sns:eu-west-1:123456789012:alerts"] }
    architecture  = "aarch64"
  }
  expect_failures = [var.alarm_actions, var.architecture]
}

run "a_package_says_what_it_was_built_for" {
  command = plan
  module { source = "./examples/complete" }
  variables { package_file = "./tests/promoter-arm64.zip" }

  assert {
    condition     = local.architecture == "arm64"
    error_message = "The functions would not start."
  }
}

run "dry_run_and_pause_reach_both" {
  command = plan
  module { source = "./examples/complete" }
  variables {
    dry_run = true
    paused  = true
  }

  assert {
    condition = alltrue([
      for promoter in [module.promoter_primary, module.promoter_secondary] :
      promoter.environment.DRY_RUN == "true" && promoter.environment.PAUSED == "true"
    ])
    error_message = "Paused in one region only, the other would still promote."
  }
}

run "refuses_one_region_twice" {
  command = plan
  module { source = "./examples/complete" }
  variables {
    secondary_region = "us-east-1"
  }
  expect_failures = [var.secondary_region]
}

run "refuses_a_name_outside_of_the_zone" {
  command = plan
  module { source = "./examples/complete" }
  variables {
    dns_name = "app.example.com"
  }
  expect_failures = [var.dns_name]
}

run "refuses_a_target_in_one_region_only" {
  command = plan
  module { source = "./examples/complete" }
  variables {
    targets = {
      us-east-1 = { dns_name = "app-1234567890abcdef.elb.us-east-1.amazonaws.com", zone_id = "Z26RNL4JYFTOTI" }
    }
  }
  expect_failures = [var.targets]
}

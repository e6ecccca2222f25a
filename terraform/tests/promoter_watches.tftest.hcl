# Several records and datastores in one function. The real provider plans, and nothing is made.
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

run "a_watch_has_all_that_it_is_given_and_nothing_else" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    watches = [
      {
        name              = "sessions", hosted_zone_id = "Z1", dns_name = "s.example.com", global_datastore_id = "LDGNF-S", global_cluster_id = "orders"
        record_targets    = { us-east-1 = ["10.1.2.3"] }, record_regions = { blue = "us-east-1" }, confirmations = 1, hold_down_seconds = 60
        promote_in_status = ["available", "modifying"], cache_max_age_seconds = 0, check_interval_seconds = 0.5, max_replication_lag_seconds = 1.5
        when_lag_unknown  = "promote", when_failover_refused = "detach", detach_after_seconds = 190
        notify_topic_arn  = "arn:aws:sns:us-west-2:123456789012:s", alert_after_seconds = 0, dry_run = false, paused = true
      },
      { dns_name = "t.example.com", record_targets = {} },
    ]
  }

  assert {
    condition = jsondecode(local.environment.WATCHES) == jsondecode(jsonencode([
      {
        name            = "sessions", hostedZoneId = "Z1", dnsName = "s.example.com", globalDatastoreId = "ldgnf-s", globalClusterId = "orders"
        recordTargets   = { us-east-1 = ["10.1.2.3"] }, recordRegions = { blue = "us-east-1" }, confirmations = 1, holdDownSeconds = 60
        promoteInStatus = "available,modifying", cacheMaxAgeSeconds = 0, checkIntervalSeconds = 0.5, maxReplicationLagSeconds = 1.5
        whenLagUnknown  = "promote", whenFailoverRefused = "detach", detachAfterSeconds = 190
        notifyTopicArn  = "arn:aws:sns:us-west-2:123456789012:s", alertAfterSeconds = 0, dryRun = false, paused = true
      },
      { dnsName = "t.example.com" },
    ]))
    error_message = "watches: ${local.environment.WATCHES}"
  }
  assert {
    condition     = output.watches_json == local.environment.WATCHES
    error_message = "A file would hold something else."
  }
}

run "too_many_for_the_environment" {
  command = plan
  module { source = "./modules/promoter" }
  variables { watches = [for n in range(60) : { dns_name = "app${n}.example.com", global_datastore_id = "ldgnf-${n}" }] }
  expect_failures = [aws_lambda_function.this]
}

run "a_name_is_printable_ascii" {
  command = plan
  module { source = "./modules/promoter" }
  variables { watches = [{ name = "grün", dns_name = "app.example.com" }] }
  expect_failures = [var.watches]
}

run "a_file_has_room_for_a_thousand" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    watches      = [for n in range(1000) : { dns_name = "app${n}.example.com", global_datastore_id = "ldgnf-${n}" }]
    watches_file = "/opt/watches.json"
    layers       = ["arn:aws:lambda:us-west-2:123456789012:layer:watches:1"]
  }

  assert {
    condition     = local.environment.WATCHES_FILE == "/opt/watches.json" && !contains(keys(local.environment), "WATCHES")
    error_message = "environment: ${jsonencode(local.environment)}"
  }
  assert {
    condition     = length(jsondecode(output.watches_json)) == 1000 && aws_lambda_function.operator[0].layers == aws_lambda_function.this.layers
    error_message = "The functions would not find their watches."
  }
  assert {
    condition     = strcontains(aws_iam_role_policy.this.policy, "globalreplicationgroup:*")
    error_message = "What is watched by the file must be allowed as well: ${aws_iam_role_policy.this.policy}"
  }
}

run "a_policy_has_no_room_for_the_names_of_hundreds" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    watches      = [for n in range(300) : { dns_name = "app${n}.example.com", global_datastore_id = "ldgnf-${n}", when_failover_refused = "detach" }]
    watches_file = "/opt/watches.json"
  }

  assert {
    condition = alltrue([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement :
    statement.Resource == "arn:aws:elasticache::123456789012:globalreplicationgroup:*" if contains(["PromoteDatastore", "DetachMember"], statement.Sid)])
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
}

run "a_policy_with_all_that_it_names_fits" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    watches                     = [for n in range(42) : { dns_name = "app${n}.example.com", global_datastore_id = "ldgnf-app${n}", when_failover_refused = "detach" }]
    watches_file                = "/opt/watches.json"
    notify_topic_arn            = "arn:aws:sns:us-west-2:123456789012:promotions"
    max_replication_lag_seconds = 5
    tracing_enabled             = true
    on_failure_arn              = "arn:aws:sqs:us-west-2:123456789012:failures"
    pause_enabled               = true
    vpc_config                  = { subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"] }
  }

  assert {
    condition     = strcontains(aws_iam_role_policy.this.policy, "ldgnf-app41") && length(aws_iam_role_policy.this.policy) <= 10240
    error_message = "IAM would refuse ${length(aws_iam_role_policy.this.policy)} characters: ${aws_iam_role_policy.this.policy}"
  }
}

run "a_thousand_and_one" {
  command = plan
  module { source = "./modules/promoter" }
  variables { watches = [for n in range(1001) : { dns_name = "app${n}.example.com" }] }
  expect_failures = [var.watches]
}

run "a_file_alone_says_nothing_of_the_permissions" {
  command = plan
  module { source = "./modules/promoter" }
  variables { watches_file = "/opt/watches.json" }
  expect_failures = [var.watches_file]
}

run "a_watch_without_a_name" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    dns_name = null
    watches  = [{ hosted_zone_id = "Z1" }]
  }
  expect_failures = [aws_lambda_function.this]
}

run "a_watch_without_anything_to_promote" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    global_datastore_id = null
    watches             = [{ name = "sessions" }]
  }
  expect_failures = [aws_lambda_function.this]
}

run "a_watch_without_a_zone" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    hosted_zone_id = null
    watches        = [{ name = "sessions" }]
  }
  expect_failures = [aws_lambda_function.this]
}

run "two_of_one_name" {
  command = plan
  module { source = "./modules/promoter" }
  variables { watches = [{ name = "app.example.com", dns_name = "a.example.com" }, { dns_name = "App.Example.com." }] }
  expect_failures = [aws_lambda_function.this]
}

run "two_of_one_datastore" {
  command = plan
  module { source = "./modules/promoter" }
  variables { watches = [{ dns_name = "a.example.com", global_datastore_id = "LDGNF-sessions" }, { dns_name = "b.example.com" }] }
  expect_failures = [aws_lambda_function.this]
}

run "a_region_that_is_mistyped" {
  command = plan
  module { source = "./modules/promoter" }
  variables { watches = [{ record_targets = { us-esat-1 = ["app.us-east-1.elb.amazonaws.com"] } }] }
  expect_failures = [var.watches]
}

run "an_address_that_is_mistyped" {
  command = plan
  module { source = "./modules/promoter" }
  variables { watches = [{ record_targets = { us-east-1 = ["10.1.2.300"] } }] }
  expect_failures = [var.watches]
}

run "two_of_one_record_with_names_of_their_own" {
  command = plan
  module { source = "./modules/promoter" }
  variables { watches = [{ name = "a", global_datastore_id = "ldgnf-a" }, { name = "b", global_datastore_id = "ldgnf-b" }] }
}

run "a_watch_that_detaches_without_a_place_to_keep_it" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    pause_enabled = false
    watches       = [{ when_failover_refused = "detach" }]
  }
  expect_failures = [aws_lambda_function.this]
}

run "a_watch_that_does_not_fit_the_schedule" {
  command = plan
  module { source = "./modules/promoter" }
  variables { watches = [{ check_interval_seconds = 60 }] }
  expect_failures = [aws_lambda_function.this]
}

run "a_watch_that_goes_on_checking_on_a_schedule_that_is_longer_than_an_invocation" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    check_interval_seconds = 0
    schedule_minutes       = 16
    watches                = [{ check_interval_seconds = 1 }]
  }
  expect_failures = [aws_lambda_function.this]
}

run "a_watch_with_no_letter_in_its_name" {
  command = plan
  module { source = "./modules/promoter" }
  variables { watches = [{ name = "" }] }
  expect_failures = [var.watches]
}

run "a_watch_with_a_zone_that_is_none" {
  command = plan
  module { source = "./modules/promoter" }
  variables { watches = [{ hosted_zone_id = "example.com" }] }
  expect_failures = [var.watches]
}

run "a_watch_with_a_dns_name_that_is_none" {
  command = plan
  module { source = "./modules/promoter" }
  variables { watches = [{ dns_name = "localhost" }] }
  expect_failures = [var.watches]
}

run "a_watch_with_a_datastore_that_is_none" {
  command = plan
  module { source = "./modules/promoter" }
  variables { watches = [{ global_datastore_id = "arn:aws" }] }
  expect_failures = [var.watches]
}

run "a_watch_with_targets_in_no_region" {
  command = plan
  module { source = "./modules/promoter" }
  variables { watches = [{ record_targets = { blue = ["10.1.2.3"] } }] }
  expect_failures = [var.watches]
}

run "a_watch_with_a_region_without_targets" {
  command = plan
  module { source = "./modules/promoter" }
  variables { watches = [{ record_targets = { us-east-1 = [] } }] }
  expect_failures = [var.watches]
}

run "a_watch_with_a_target_that_is_a_url" {
  command = plan
  module { source = "./modules/promoter" }
  variables { watches = [{ record_targets = { us-east-1 = ["https://app.example.com"] } }] }
  expect_failures = [var.watches]
}

run "a_watch_with_records_of_no_region" {
  command = plan
  module { source = "./modules/promoter" }
  variables { watches = [{ record_regions = { blue = "use1" } }] }
  expect_failures = [var.watches]
}

run "a_watch_with_too_few_confirmations" {
  command = plan
  module { source = "./modules/promoter" }
  variables { watches = [{ confirmations = 0 }] }
  expect_failures = [var.watches]
}

run "a_watch_with_half_a_confirmation" {
  command = plan
  module { source = "./modules/promoter" }
  variables { watches = [{ confirmations = 1.5 }] }
  expect_failures = [var.watches]
}

run "a_watch_with_too_short_an_interval" {
  command = plan
  module { source = "./modules/promoter" }
  variables { watches = [{ check_interval_seconds = 0.1 }] }
  expect_failures = [var.watches]
}

run "a_watch_with_too_short_a_time_to_detach" {
  command = plan
  module { source = "./modules/promoter" }
  variables { watches = [{ detach_after_seconds = 179 }] }
  expect_failures = [var.watches]
}

run "a_watch_with_too_long_a_lag" {
  command = plan
  module { source = "./modules/promoter" }
  variables { watches = [{ max_replication_lag_seconds = 86401 }] }
  expect_failures = [var.watches]
}

run "a_watch_with_an_unknown_word_for_the_lag" {
  command = plan
  module { source = "./modules/promoter" }
  variables { watches = [{ when_lag_unknown = "wait" }] }
  expect_failures = [var.watches]
}

run "a_watch_with_an_unknown_word_for_refusals" {
  command = plan
  module { source = "./modules/promoter" }
  variables { watches = [{ when_failover_refused = "promote" }] }
  expect_failures = [var.watches]
}

run "a_watch_with_no_status" {
  command = plan
  module { source = "./modules/promoter" }
  variables { watches = [{ promote_in_status = [] }] }
  expect_failures = [var.watches]
}

run "a_watch_with_an_unknown_status" {
  command = plan
  module { source = "./modules/promoter" }
  variables { watches = [{ promote_in_status = ["ready"] }] }
  expect_failures = [var.watches]
}

run "a_watch_with_a_topic_that_is_none" {
  command = plan
  module { source = "./modules/promoter" }
  variables { watches = [{ notify_topic_arn = "alerts" }] }
  expect_failures = [var.watches]
}

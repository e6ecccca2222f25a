# The name that a promoter leads to its own member, where it is asked to. The real provider plans, and nothing is made.
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

run "unless_it_is_asked_to_it_changes_no_record" {
  command = plan
  module { source = "./modules/promoter" }

  assert {
    condition = !anytrue([for policy in [aws_iam_role_policy.this.policy, aws_iam_role_policy.operator[0].policy] :
    anytrue([for action in ["route53:Change", "route53:GetChange", "route53:GetHostedZone", "elasticache:DescribeReplicationGroups"] : strcontains(policy, action)])])
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
  assert {
    condition     = !anytrue([for name in ["PRIMARY_RECORD_NAME", "PRIMARY_ENDPOINT", "RECORD_TTL_SECONDS"] : contains(keys(output.environment), name)])
    error_message = "environment: ${jsonencode(output.environment)}"
  }
}

run "the_checks_may_move_that_name_and_no_other_and_orders_none" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    hosted_zone_id      = "/hostedzone/Z0123456789ABCDEFGHIJ"
    primary_record_name = "Redis.example.com."
  }

  assert {
    condition = jsonencode([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : merge(statement, { Action = sort(flatten([statement.Action])) })
      if contains(["ReadPrimaryRecord", "MovePrimaryRecord", "ReadPrimaryEndpoint"], statement.Sid)]) == jsonencode([
      {
        Sid      = "ReadPrimaryRecord", Effect = "Allow", Action = ["route53:GetHostedZone", "route53:ListResourceRecordSets"]
        Resource = "arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ"
      },
      {
        Sid      = "MovePrimaryRecord", Effect = "Allow", Action = ["route53:ChangeResourceRecordSets"]
        Resource = "arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ"
        Condition = {
          "ForAllValues:StringEquals" = {
            "route53:ChangeResourceRecordSetsActions"               = ["CREATE", "DELETE"]
            "route53:ChangeResourceRecordSetsNormalizedRecordNames" = "redis.example.com"
            "route53:ChangeResourceRecordSetsRecordTypes"           = "CNAME"
          }
        }
      },
      {
        Sid      = "ReadPrimaryEndpoint", Effect = "Allow", Action = ["elasticache:DescribeReplicationGroups"]
        Resource = "arn:aws:elasticache:us-west-2:123456789012:replicationgroup:*"
      },
    ])
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
  assert {
    condition     = !anytrue([for action in ["route53:Change", "route53:GetHostedZone", "elasticache:DescribeReplicationGroups"] : strcontains(aws_iam_role_policy.operator[0].policy, action)])
    error_message = "policy: ${aws_iam_role_policy.operator[0].policy}"
  }
  assert {
    condition = alltrue([for environment in [aws_lambda_function.this.environment[0].variables, aws_lambda_function.operator[0].environment[0].variables] :
    environment.PRIMARY_RECORD_NAME == "Redis.example.com." && environment.RECORD_TTL_SECONDS == "10" && !contains(keys(environment), "PRIMARY_ENDPOINT")])
    error_message = "environment: ${jsonencode(output.environment)}"
  }
}

run "an_endpoint_that_is_given_is_not_read_and_targets_do_not_take_the_zone_away" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    record_targets      = { us-east-1 = ["10.1.2.3"] }
    primary_record_name = "redis.example.com"
    primary_endpoint    = "master.sessions-usw2.abc123.usw2.cache.amazonaws.com"
    record_ttl_seconds  = 5
  }

  assert {
    condition = { for name, value in output.environment : name => value if contains(["HOSTED_ZONE_ID", "PRIMARY_RECORD_NAME", "PRIMARY_ENDPOINT", "RECORD_TTL_SECONDS"], name) } == {
      HOSTED_ZONE_ID      = "Z0123456789ABCDEFGHIJ"
      PRIMARY_RECORD_NAME = "redis.example.com"
      PRIMARY_ENDPOINT    = "master.sessions-usw2.abc123.usw2.cache.amazonaws.com"
      RECORD_TTL_SECONDS  = "5"
    }
    error_message = "environment: ${jsonencode(output.environment)}"
  }
  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Sid if strcontains(jsonencode(statement), "route53") || strcontains(jsonencode(statement), "DescribeReplicationGroups")] == ["ReadPrimaryRecord", "MovePrimaryRecord"]
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
}

run "what_is_no_name_no_endpoint_and_no_time" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    primary_record_name = "redis"
    record_ttl_seconds  = 0
  }
  expect_failures = [var.primary_record_name, var.record_ttl_seconds]
}

run "an_address_for_an_endpoint_and_a_time_that_is_too_long" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    primary_record_name = "redis.example.com"
    primary_endpoint    = "10.1.2.3"
    record_ttl_seconds  = 86401
  }
  expect_failures = [var.primary_endpoint, var.record_ttl_seconds]
}

run "an_endpoint_without_a_name_and_half_a_second" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    primary_endpoint   = "master.sessions-usw2.abc123.usw2.cache.amazonaws.com"
    record_ttl_seconds = 1.5
  }
  expect_failures = [var.primary_endpoint, var.record_ttl_seconds]
}

run "a_name_in_no_zone" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    hosted_zone_id      = null
    record_targets      = { us-east-1 = ["10.1.2.3"] }
    primary_record_name = "redis.example.com"
  }
  expect_failures = [var.primary_record_name]
}

run "one_name_for_several_datastores" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    watches             = [{ name = "a" }]
    primary_record_name = "redis.example.com"
  }
  expect_failures = [var.primary_record_name]
}

run "the_name_that_says_where_to_promote" {
  command = plan
  module { source = "./modules/promoter" }
  variables { primary_record_name = "App.example.com." }
  expect_failures = [var.primary_record_name]
}

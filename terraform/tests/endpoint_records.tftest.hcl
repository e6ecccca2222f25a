# The example for two regions, with the real provider; nothing is made. What an apply makes of it is read back in
# Tests/Interop/python/test_terraform_endpoints.py.
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
  package_file        = "../LICENSE" # any file: a plan takes no more than its hash
  primary_region      = "us-east-1"
  secondary_region    = "us-west-2"
  global_datastore_id = "ldgnf-sessions"
  hosted_zone_id      = "Z0123456789ABCDEFGHIJ"
  primary_record_name = "redis.example.internal"
  regions = {
    us-east-1 = { replication_group_id = "sessions-use1", record_name = "read.use1.example.internal" }
    us-west-2 = { replication_group_id = "sessions-usw2", record_name = "read.usw2.example.internal" }
  }
}

run "one_name_for_the_primary_and_each_regions_own_for_replicas" {
  command = plan
  module { source = "./examples/endpoint-records" }

  assert {
    condition = jsonencode(output.environments) == jsonencode({
      for region, short in { us-east-1 = "use1", us-west-2 = "usw2" } : region => {
        HOSTED_ZONE_ID                 = "Z0123456789ABCDEFGHIJ"
        REPLICATION_GROUP_ID           = "sessions-${short}"
        RECORD_NAME                    = "read.${short}.example.internal"
        PRIMARY_RECORD_NAME            = "redis.example.internal"
        GLOBAL_DATASTORE_ID            = "ldgnf-sessions"
        RECORD_TTL_SECONDS             = "10"
        WHEN_NO_REPLICAS               = "keep"
        WAIT_FOR_SYNC                  = "true"
        DRY_RUN                        = "false"
      }
    })
    error_message = "environments: ${jsonencode(output.environments)}"
  }
  assert {
    condition     = output.topic_arns == { for region in ["us-east-1", "us-west-2"] : region => "arn:aws:sns:${region}:123456789012:promoter-endpoints" }
    error_message = "topics: ${jsonencode(output.topic_arns)}"
  }
  assert {
    condition     = output.functions == { us-east-1 = "promoter-endpoints", us-west-2 = "promoter-endpoints" }
    error_message = "functions: ${jsonencode(output.functions)}"
  }
}

run "what_is_set_reaches_both_regions" {
  command = plan
  module { source = "./examples/endpoint-records" }
  variables {
    name               = "sessions"
    record_ttl_seconds = 5
    when_no_replicas   = "delete"
    dry_run            = true
    regions = {
      us-east-1 = { replication_group_id = "sessions-use1", weighted_record_name = "replicas.use1.example.internal", topic_arn = "arn:aws:sns:us-east-1:123456789012:redis" }
      us-west-2 = { replication_group_id = "sessions-usw2", weighted_record_name = "replicas.usw2.example.internal" }
    }
  }

  assert {
    condition = alltrue([for environment in values(output.environments) : jsonencode([
      environment.RECORD_TTL_SECONDS, environment.WHEN_NO_REPLICAS, environment.DRY_RUN, contains(keys(environment), "RECORD_NAME")
    ]) == jsonencode(["5", "delete", "true", false])])
    error_message = "environments: ${jsonencode(output.environments)}"
  }
  assert {
    condition = { for region, environment in output.environments : region => environment.WEIGHTED_RECORD_NAME } == {
      us-east-1 = "replicas.use1.example.internal", us-west-2 = "replicas.usw2.example.internal"
    }
    error_message = "environments: ${jsonencode(output.environments)}"
  }
  assert {
    condition     = output.topic_arns == { us-east-1 = "arn:aws:sns:us-east-1:123456789012:redis", us-west-2 = "arn:aws:sns:us-west-2:123456789012:sessions" }
    error_message = "topics: ${jsonencode(output.topic_arns)}"
  }
}

run "the_same_region_twice_and_an_unknown_architecture" {
  command = plan
  module { source = "./examples/endpoint-records" }
  variables {
    secondary_region = "us-east-1"
    architecture     = "aarch64"
  }
  expect_failures = [var.secondary_region, var.architecture]
}

run "one_region_only" {
  command = plan
  module { source = "./examples/endpoint-records" }
  variables {
    regions = { us-east-1 = { replication_group_id = "sessions-use1", record_name = "read.use1.example.internal" } }
  }
  expect_failures = [var.regions]
}

run "one_name_for_the_replicas_of_both_regions" {
  command = plan
  module { source = "./examples/endpoint-records" }
  variables {
    regions = {
      us-east-1 = { replication_group_id = "sessions-use1", record_name = "read.example.internal" }
      us-west-2 = { replication_group_id = "sessions-usw2", record_name = "Read.example.internal." }
    }
  }
  expect_failures = [var.regions]
}

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
  target = module.promoter_primary.data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

override_data {
  target = module.promoter_secondary.data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

override_data {
  target = module.aurora_primary.data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

override_data {
  target = module.aurora_secondary.data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

# The provider has a definition that it plans judged by AWS, which is not here; and of what is made, only this is known.
override_resource {
  target          = module.aurora_primary.aws_sfn_state_machine.this
  override_during = plan
}

override_resource {
  target          = module.aurora_secondary.aws_sfn_state_machine.this
  override_during = plan
}

override_resource {
  target          = module.promoter_primary.aws_lambda_function.operator
  override_during = plan
  values          = { arn = "arn:aws:lambda:us-east-1:123456789012:function:promoter-operator" }
}

override_resource {
  target          = module.promoter_secondary.aws_lambda_function.operator
  override_during = plan
  values          = { arn = "arn:aws:lambda:us-west-2:123456789012:function:promoter-operator" }
}

override_resource {
  target          = module.promoter_primary.aws_lambda_function.this
  override_during = plan
  values          = { arn = "arn:aws:lambda:us-east-1:123456789012:function:promoter" }
}

override_resource {
  target          = module.promoter_secondary.aws_lambda_function.this
  override_during = plan
  values          = { arn = "arn:aws:lambda:us-west-2:123456789012:function:promoter" }
}

variables {
  package_file      = "../LICENSE"
  primary_region    = "us-east-1"
  secondary_region  = "us-west-2"
  hosted_zone_id    = "Z0123456789ABCDEFGHIJ"
  dns_name          = "app.example.com"
  global_cluster_id = "orders"
}

run "each_region_has_state_machines_for_its_own_functions" {
  command = plan
  module { source = "./examples/aurora" }
  variables { topic_arns = { us-west-2 = "arn:aws:sns:us-west-2:123456789012:alerts" } }

  assert {
    condition     = output.start_commands["us-west-2"].switchover == "aws stepfunctions start-execution --region us-west-2 --state-machine-arn arn:aws:states:us-west-2:123456789012:stateMachine:promoter-aurora-switchover"
    error_message = "commands: ${jsonencode(output.start_commands)}"
  }
  assert {
    condition     = { for region, environment in output.environments : region => [environment.GLOBAL_CLUSTER_ID, environment.DNS_NAME, environment.DRY_RUN] } == { for region in ["us-east-1", "us-west-2"] : region => ["orders", "app.example.com", "false"] }
    error_message = "environments: ${jsonencode(output.environments)}"
  }
}

run "a_topic_of_a_third_region" {
  command = plan
  module { source = "./examples/aurora" }
  variables { topic_arns = { eu-west-1 = "arn:aws:sns:eu-west-1:123456789012:alerts" } }
  expect_failures = [var.topic_arns]
}

run "one_region_twice" {
  command = plan
  module { source = "./examples/aurora" }
  variables { secondary_region = "us-east-1" }
  expect_failures = [var.secondary_region]
}

# Pausing, and the function that carries out orders. The real provider plans, and nothing is made.
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

run "nothing_is_paused_and_the_history_is_empty" {
  command = plan
  module { source = "./modules/promoter" }

  assert {
    condition = jsonencode({ for key, parameter in aws_ssm_parameter.this : key => [parameter.name, parameter.type, nonsensitive(parameter.value)] }) == jsonencode({
      history = ["/promoter/pause-history", "String", "[]"]
      pause   = ["/promoter/pause", "String", "running"]
    })
    error_message = "parameters: ${jsonencode([for parameter in aws_ssm_parameter.this : parameter.name])}"
  }
  assert {
    condition     = output.pause_parameter == "/promoter/pause"
    error_message = "Nobody would know what to write to."
  }
}

run "parameters_that_are_there_are_not_made" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    pause_parameter         = "pause"
    create_pause_parameters = false
  }

  assert {
    condition     = length(aws_ssm_parameter.this) == 0 && local.environment.PAUSE_PARAMETER == "pause"
    error_message = "parameters: ${jsonencode(keys(aws_ssm_parameter.this))}"
  }
  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Resource if statement.Sid == "ReadPauseAndHistory"][0] == [
    "arn:aws:ssm:us-west-2:123456789012:parameter/pause-history", "arn:aws:ssm:us-west-2:123456789012:parameter/pause"]
    error_message = "A name without a slash has an ARN with one: ${aws_iam_role_policy.this.policy}"
  }
}

run "without_pausing_there_is_neither_parameter_nor_permission" {
  command = plan
  module { source = "./modules/promoter" }
  variables { pause_enabled = false }

  assert {
    condition     = length(aws_ssm_parameter.this) == 0 && output.pause_parameter == null && !contains(keys(local.environment), "PAUSE_PARAMETER")
    error_message = "environment: ${jsonencode(local.environment)}"
  }
  assert {
    condition     = !strcontains(aws_iam_role_policy.this.policy, "ssm") && !strcontains(aws_iam_role_policy.operator[0].policy, "ssm")
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
}

run "in_a_vpc_the_parameter_might_not_be_reached_and_nothing_would_be_promoted" {
  command = plan
  module { source = "./modules/promoter" }
  variables { vpc_config = { subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"] } }

  assert {
    condition     = !contains(keys(local.environment), "PAUSE_PARAMETER") && length(aws_ssm_parameter.this) == 0
    error_message = "environment: ${jsonencode(local.environment)}"
  }
}

run "in_a_vpc_with_a_way_to_it" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    vpc_config    = { subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"] }
    pause_enabled = true
  }

  assert {
    condition     = local.environment.PAUSE_PARAMETER == "/promoter/pause" && length(aws_ssm_parameter.this) == 2
    error_message = "environment: ${jsonencode(local.environment)}"
  }
  assert {
    condition     = aws_lambda_function.operator[0].vpc_config[0].subnet_ids == toset(["subnet-1"])
    error_message = "The record may be of a private zone, for orders as for checks."
  }
  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.operator[0].policy).Statement : toset(statement.Condition.ArnEquals["lambda:SourceFunctionArn"]) if statement.Sid == "AttachToVPCIsNotForTheCode"][0] == toset([
    "arn:aws:lambda:us-west-2:123456789012:function:promoter", "arn:aws:lambda:us-west-2:123456789012:function:promoter-operator"])
    error_message = "policy: ${aws_iam_role_policy.operator[0].policy}"
  }
}

run "orders_have_a_function_of_their_own" {
  command = plan
  module { source = "./modules/promoter" }

  assert {
    condition = jsonencode([
      aws_lambda_function.operator[0].function_name, aws_lambda_function.operator[0].handler, aws_lambda_function.operator[0].timeout,
      aws_lambda_function.operator[0].reserved_concurrent_executions, aws_lambda_function.operator[0].source_code_hash,
      aws_lambda_function.operator[0].runtime, aws_lambda_function.operator[0].logging_config[0].log_group,
      aws_lambda_function.operator[0].logging_config[0].log_format,
      ]) == jsonencode(["promoter-operator", "operator", 900, -1, filebase64sha256("../LICENSE"), "provided.al2023",
    "/aws/lambda/promoter-operator", "JSON"])
    error_message = "function: ${jsonencode(aws_lambda_function.operator[0])}"
  }
  assert {
    condition = (aws_lambda_function.operator[0].environment[0].variables ==
    tomap({ for name, value in local.environment : name => value if name != "CHECK_INTERVAL_SECONDS" }))
    error_message = "environment: ${jsonencode(aws_lambda_function.operator[0].environment[0].variables)}"
  }
  assert {
    condition     = aws_lambda_function_event_invoke_config.operator[0].maximum_retry_attempts == 0 && aws_lambda_function_event_invoke_config.operator[0].maximum_event_age_in_seconds == 60
    error_message = "A failed order would be repeated when nobody expects it."
  }
  assert {
    condition     = aws_lambda_permission.schedule.function_name == "promoter" && aws_iam_role.operator[0].name == "promoter-operator-us-west-2"
    error_message = "The schedule, or both roles, are mixed up."
  }
  assert {
    condition     = jsondecode(aws_iam_role.operator[0].assume_role_policy) == jsondecode(aws_iam_role.this.assume_role_policy)
    error_message = "trust: ${aws_iam_role.operator[0].assume_role_policy}"
  }
}

run "what_orders_take" {
  command = plan
  module { source = "./modules/promoter" }
  variables { notify_topic_arn = "arn:aws:sns:us-west-2:123456789012:promotions" }

  assert {
    condition = jsonencode({ for statement in jsondecode(aws_iam_role_policy.operator[0].policy).Statement : statement.Sid => [sort(flatten([statement.Action])), sort(flatten([statement.Resource]))] }) == jsonencode({
      ReadRecords = [["route53:ListResourceRecordSets"], ["arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ"]]
      PromoteDatastore = [
        ["elasticache:DescribeGlobalReplicationGroups", "elasticache:FailoverGlobalReplicationGroup"],
        ["arn:aws:elasticache::123456789012:globalreplicationgroup:ldgnf-sessions"],
      ]
      Notify    = [["sns:Publish"], ["arn:aws:sns:us-west-2:123456789012:promotions"]]
      WriteLogs = [["logs:CreateLogStream", "logs:PutLogEvents"], ["arn:aws:logs:us-west-2:123456789012:log-group:/aws/lambda/promoter-operator:*"]]
      ReadLag   = [["cloudwatch:GetMetricData", "cloudwatch:ListMetrics"], ["*"]]
      PauseAndKeepHistory = [["ssm:GetParameter", "ssm:PutParameter"],
      [for name in ["pause", "pause-history"] : "arn:aws:ssm:us-west-2:123456789012:parameter/promoter/${name}"]]
    })
    error_message = "policy: ${aws_iam_role_policy.operator[0].policy}"
  }
  assert {
    condition     = jsondecode(output.operator_policy) == jsondecode(aws_iam_role_policy.operator[0].policy)
    error_message = "The policy that is shown is not the one that counts."
  }
}

run "no_function_for_orders_where_none_is_wanted" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    create_operator_function = false
    vpc_config               = { subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"] }
  }

  assert {
    condition = jsonencode([
      length(aws_lambda_function.operator), length(aws_iam_role.operator), length(aws_iam_role_policy.operator),
      length(aws_cloudwatch_log_group.operator), length(aws_lambda_function_event_invoke_config.operator), output.operator_function_arn,
    ]) == jsonencode([0, 0, 0, 0, 0, null])
    error_message = "Something is made all the same."
  }
  assert {
    condition     = !strcontains(aws_iam_role_policy.this.policy, "promoter-operator")
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
}

# The state machines of the module aurora. The real provider plans, and nothing is made; what the definitions do is tried
# out by Tests/Interop/python/test_terraform_aurora.py.
provider "aws" {
  region                      = "us-west-2"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

provider "aws" {
  alias                       = "china"
  region                      = "cn-north-1"
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

# The provider has a definition that it plans judged by AWS, which is not here.
override_resource {
  target          = aws_sfn_state_machine.this
  override_during = plan
  values          = { arn = "arn:aws:states:us-west-2:123456789012:stateMachine:known" }
}

variables {
  operator_function_arn = "arn:aws:lambda:us-west-2:123456789012:function:promoter-operator"
}

run "the_least_of_it" {
  command = plan
  module { source = "./modules/aurora" }

  assert {
    condition = jsonencode({ for path, machine in aws_sfn_state_machine.this : path => [machine.name, machine.type, machine.logging_configuration[0].level, machine.tracing_configuration[0].enabled] }) == jsonencode({
      switchover = ["promoter-aurora-switchover", "STANDARD", "ALL", false]
      unplanned  = ["promoter-aurora-unplanned", "STANDARD", "ALL", false]
    })
    error_message = "state machines: ${jsonencode(aws_sfn_state_machine.this)}"
  }
  assert {
    condition     = { for path, machine in aws_sfn_state_machine.this : path => machine.definition } == output.definitions
    error_message = "What is shown for approval is not what is made."
  }

  # Without a topic and a promoter there is nobody to tell and to ask.
  assert {
    condition = jsonencode({ for path, definition in output.definitions : path => keys(jsondecode(definition).States) }) == jsonencode({
      switchover = ["Begin", "Done", "Failed", "IsSeen", "IsWriter", "Judge", "Look", "NotSeen", "NotVerified", "Switchover", "Verify", "Wait"]
      unplanned  = ["Begin", "Detach", "Done", "Failed"]
    })
    error_message = "states: ${jsonencode({ for path, definition in output.definitions : path => keys(jsondecode(definition).States) })}"
  }
  assert {
    condition = jsonencode({ for path, definition in output.definitions : path => { for name, state in jsondecode(definition).States : name => state.Parameters.Payload if state.Type == "Task" } }) == jsonencode({
      switchover = {
        Look       = { command = "status" }
        Switchover = { command = "switchover", to = "us-west-2", "by.$" = "States.Format('{}, execution {}', $$.StateMachine.Name, $$.Execution.Name)" }
        Verify     = { command = "status" }
      }
      unplanned = {
        Detach = { command = "detach", "by.$" = "States.Format('{}, execution {}', $$.StateMachine.Name, $$.Execution.Name)" }
      }
    })
    error_message = "orders: ${jsonencode(output.definitions)}"
  }
  assert {
    condition = jsonencode([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : merge(statement, { Action = sort(flatten([statement.Action])) })]) == jsonencode([
      { Sid = "GiveOrders", Effect = "Allow", Action = ["lambda:InvokeFunction"], Resource = "arn:aws:lambda:us-west-2:123456789012:function:promoter-operator" },
      {
        Sid    = "DeliverLogs", Effect = "Allow", Resource = "*"
        Action = ["logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies", "logs:GetLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:UpdateLogDelivery"]
      },
    ])
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
  assert {
    condition = jsonencode([for statement in jsondecode(aws_iam_role.this.assume_role_policy).Statement : [statement.Principal, statement.Condition.StringEquals, sort(statement.Condition.ArnEquals["aws:SourceArn"])]]) == jsonencode([[
      { Service = "states.amazonaws.com" }, { "aws:SourceAccount" = "123456789012" },
      ["arn:aws:states:us-west-2:123456789012:stateMachine:promoter-aurora-switchover", "arn:aws:states:us-west-2:123456789012:stateMachine:promoter-aurora-unplanned"],
    ]])
    error_message = "role: ${aws_iam_role.this.assume_role_policy}"
  }
  assert {
    condition     = aws_iam_role.this.name == "promoter-aurora-us-west-2" && aws_cloudwatch_log_group.this.name == "/aws/vendedlogs/states/promoter-aurora" && aws_cloudwatch_log_group.this.retention_in_days == 30
    error_message = "log group: ${jsonencode(aws_cloudwatch_log_group.this)}"
  }
  assert {
    condition     = output.start_commands.unplanned == "aws stepfunctions start-execution --region us-west-2 --state-machine-arn arn:aws:states:us-west-2:123456789012:stateMachine:promoter-aurora-unplanned"
    error_message = "commands: ${jsonencode(output.start_commands)}"
  }
}

run "all_of_it" {
  command = plan
  module { source = "./modules/aurora" }
  variables {
    promoter_function_arn    = "arn:aws:lambda:us-west-2:123456789012:function:promoter"
    watch                    = "orders"
    group                    = "orders-global"
    maximum_lag_seconds      = 0.5
    notify_topic_arn         = "arn:aws:sns:us-west-2:123456789012:alerts"
    name                     = "orders"
    log_level                = "ERROR"
    log_retention_days       = 0
    log_kms_key_arn          = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    tracing_enabled          = true
    permissions_boundary_arn = "arn:aws:iam::123456789012:policy/boundary"
    tags                     = { Team = "storage" }
  }

  assert {
    condition = jsonencode([for path, task in { switchover = "Switchover", unplanned = "Detach" } : jsondecode(output.definitions[path]).States[task].Parameters]) == jsonencode([
      {
        FunctionName = "arn:aws:lambda:us-west-2:123456789012:function:promoter-operator"
        Payload = {
          command = "switchover", to = "us-west-2", watch = "orders", group = "orders-global", maximumLagSeconds = 0.5
          "by.$"  = "States.Format('{}, execution {}', $$.StateMachine.Name, $$.Execution.Name)"
        }
      },
      {
        FunctionName = "arn:aws:lambda:us-west-2:123456789012:function:promoter-operator"
        Payload = {
          command = "detach", watch = "orders", group = "orders-global"
          "by.$"  = "States.Format('{}, execution {}', $$.StateMachine.Name, $$.Execution.Name)"
        }
      },
    ])
    error_message = "orders: ${jsonencode(output.definitions)}"
  }

  # A state that nothing leads to, or that leads nowhere.
  assert {
    condition = alltrue([for definition in values(output.definitions) : length(setsubtract(keys(jsondecode(definition).States), distinct(concat(
      [jsondecode(definition).StartAt], flatten([for state in values(jsondecode(definition).States) : concat(
        try([state.Next], []), try([state.Default], []), try(state.Choices[*].Next, []), try(state.Catch[*].Next, [])
    )]))))) == 0])
    error_message = "There is a state that nothing leads to."
  }
  assert {
    condition = alltrue(flatten([for definition in values(output.definitions) : [for state in values(jsondecode(definition).States) : [
      for next in concat(try([state.Next], []), try([state.Default], []), try(state.Choices[*].Next, []), try(state.Catch[*].Next, [])) : contains(keys(jsondecode(definition).States), next)
    ]]]))
    error_message = "There is a state that leads nowhere."
  }
  # What fails is told to somebody, whatever it failed by.
  assert {
    condition = alltrue(flatten([for definition in values(output.definitions) : [for state in values(jsondecode(definition).States) :
    contains(flatten(state.Catch[*].ErrorEquals), "States.ALL") && try(state.TimeoutSeconds > 0, strcontains(state.Resource, "sns")) if state.Type == "Task"]]))
    error_message = "There is a task whose failure ends the execution without a word, or that waits for ever."
  }
  # An order that was refused is not given again: there is no retry but for what Lambda itself says.
  assert {
    condition = alltrue(flatten([for definition in values(output.definitions) : [for state in values(jsondecode(definition).States) : [for error in flatten(try(state.Retry[*].ErrorEquals, [])) :
    can(regex("^(Lambda|Sandbox|Runtime)[.]", error)) || error == "States.Timeout"]]]))
    error_message = "A refused order would be given again."
  }
  # And where it may have been carried out, a switchover is looked for, not repeated.
  assert {
    condition     = sort(flatten(jsondecode(output.definitions.switchover).States.Switchover.Retry[*].ErrorEquals)) == tolist(["Lambda.EC2ThrottledException", "Lambda.ServiceException", "Lambda.TooManyRequestsException"])
    error_message = "A switchover that was begun would be begun again."
  }

  assert {
    condition     = jsonencode([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Sid]) == jsonencode(["GiveOrders", "Notify", "DeliverLogs", "WriteTraces"])
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
  assert {
    condition = (sort(jsondecode(aws_iam_role_policy.this.policy).Statement[0].Resource) == tolist(["arn:aws:lambda:us-west-2:123456789012:function:promoter", "arn:aws:lambda:us-west-2:123456789012:function:promoter-operator"])
    && jsondecode(aws_iam_role_policy.this.policy).Statement[1].Resource == "arn:aws:sns:us-west-2:123456789012:alerts")
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
  assert {
    condition = jsonencode([
      aws_sfn_state_machine.this["unplanned"].name, aws_sfn_state_machine.this["unplanned"].logging_configuration[0].level, aws_sfn_state_machine.this["unplanned"].tracing_configuration[0].enabled,
      aws_cloudwatch_log_group.this.retention_in_days, aws_cloudwatch_log_group.this.kms_key_id, aws_iam_role.this.permissions_boundary, aws_iam_role.this.tags,
      ]) == jsonencode(["orders-unplanned", "ERROR", true, 0, "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "arn:aws:iam::123456789012:policy/boundary", { Team = "storage" }])
    error_message = "settings: ${jsonencode(aws_sfn_state_machine.this)}"
  }
}

run "in_china" {
  command   = plan
  providers = { aws = aws.china }
  module { source = "./modules/aurora" }
  variables {
    operator_function_arn = "arn:aws-cn:lambda:cn-north-1:123456789012:function:promoter-operator"
    notify_topic_arn      = "arn:aws-cn:sns:cn-north-1:123456789012:alerts"
  }

  assert {
    condition = sort(distinct(flatten([for definition in values(output.definitions) : [for state in values(jsondecode(definition).States) : state.Resource if state.Type == "Task"]]))) == tolist([
    "arn:aws-cn:states:::lambda:invoke", "arn:aws-cn:states:::sns:publish"])
    error_message = "definitions: ${jsonencode(output.definitions)}"
  }
}

run "what_is_refused" {
  command = plan
  module { source = "./modules/aurora" }
  variables {
    operator_function_arn    = "promoter-operator"
    promoter_function_arn    = "promoter"
    watch                    = " "
    group                    = "a_b"
    maximum_lag_seconds      = -1
    notify_topic_arn         = "arn:aws:sns:us-west-2:123456789012:alerts.fifo"
    name                     = "a b"
    log_level                = "INFO"
    log_retention_days       = 31
    log_kms_key_arn          = "alias/logs"
    permissions_boundary_arn = "boundary"
  }
  expect_failures = [
    var.operator_function_arn,
    var.promoter_function_arn,
    var.watch,
    var.group,
    var.maximum_lag_seconds,
    var.notify_topic_arn,
    var.name,
    var.log_level,
    var.log_retention_days,
    var.log_kms_key_arn,
    var.permissions_boundary_arn,
  ]
}

run "what_is_of_another_region" {
  command = plan
  module { source = "./modules/aurora" }
  variables {
    operator_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:promoter-operator"
    promoter_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:promoter"
    notify_topic_arn      = "arn:aws:sns:us-east-1:123456789012:alerts"
    maximum_lag_seconds   = 86401
  }
  expect_failures = [var.operator_function_arn, var.promoter_function_arn, var.notify_topic_arn, var.maximum_lag_seconds]
}

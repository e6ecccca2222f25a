# The real provider plans, and nothing is made: no account, no network, no key that means anything.
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

variables {
  package_file        = "../LICENSE" # any file: a plan takes no more than its hash
  hosted_zone_id      = "Z0123456789ABCDEFGHIJ"
  dns_name            = "app.example.com"
  global_datastore_id = "ldgnf-sessions"
}

run "least_privilege" {
  command = plan
  module { source = "./modules/promoter" }

  assert {
    condition = jsonencode([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : merge(statement, { Action = sort(flatten([statement.Action])), Resource = sort(flatten([statement.Resource])) })]) == jsonencode([
      {
        Sid      = "ReadRecords", Effect = "Allow", Action = ["route53:ListResourceRecordSets"]
        Resource = ["arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ"]
      },
      {
        Sid      = "PromoteDatastore", Effect = "Allow"
        Action   = ["elasticache:DescribeGlobalReplicationGroups", "elasticache:FailoverGlobalReplicationGroup"]
        Resource = ["arn:aws:elasticache::123456789012:globalreplicationgroup:ldgnf-sessions"]
      },
      {
        Sid      = "WriteLogs", Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["arn:aws:logs:us-west-2:123456789012:log-group:/aws/lambda/promoter:*"]
      },
      {
        Sid      = "ReadPauseAndHistory", Effect = "Allow", Action = ["ssm:GetParameter"]
        Resource = [for name in ["pause", "pause-history"] : "arn:aws:ssm:us-west-2:123456789012:parameter/promoter/${name}"]
      },
      {
        Sid      = "WriteHistory", Effect = "Allow", Action = ["ssm:PutParameter"]
        Resource = ["arn:aws:ssm:us-west-2:123456789012:parameter/promoter/pause-history"]
      },
    ])
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
  assert {
    condition     = jsondecode(output.policy) == jsondecode(aws_iam_role_policy.this.policy)
    error_message = "The policy that is shown is not the one that counts."
  }
}

run "only_lambda_assumes_the_role" {
  command = plan
  module { source = "./modules/promoter" }

  assert {
    condition = jsondecode(aws_iam_role.this.assume_role_policy) == jsondecode(jsonencode({
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
    }))
    error_message = "trust: ${aws_iam_role.this.assume_role_policy}"
  }
  assert {
    condition     = aws_iam_role.this.name == "promoter-us-west-2"
    error_message = "Roles are global: the other region's would have the same name."
  }
}

run "ids_are_written_as_iam_compares_them" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    hosted_zone_id      = "/hostedzone/Z0123456789ABCDEFGHIJ"
    global_datastore_id = "LDGNF-Sessions"
  }

  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Resource if contains(["ReadRecords", "PromoteDatastore"], statement.Sid)] == [
      "arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ",
      "arn:aws:elasticache::123456789012:globalreplicationgroup:ldgnf-sessions",
    ]
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
}

run "what_each_option_adds" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    tracing_enabled   = true
    on_failure_arn    = "arn:aws:sqs:us-west-2:123456789012:failures"
    notify_topic_arn  = "arn:aws:sns:us-west-2:123456789012:promotions"
    global_cluster_id = "orders"
    aurora_action     = "failover-then-detach"
    vpc_config        = { subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"] }

    create_operator_function    = false
    pause_enabled               = true
    max_replication_lag_seconds = 60
    when_failover_refused       = "detach"
  }

  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Sid] == [
      "ReadRecords", "PromoteDatastore", "PromoteGlobalCluster", "Notify", "WriteTraces", "AttachToVPC", "AttachToVPCIsNotForTheCode",
      "WriteLogs", "ReadPauseAndHistory", "WriteHistory", "ReadLag", "DetachMember", "DetachCluster", "SendFailures",
    ]
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
  assert {
    condition = jsonencode({ for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Sid => merge(statement, { Action = sort(flatten([statement.Action])), Resource = sort(flatten([statement.Resource])) })
      if !contains(["ReadRecords", "PromoteDatastore", "WriteLogs", "ReadPauseAndHistory", "WriteHistory"], statement.Sid) }) == jsonencode({
      ReadLag = {
        Sid      = "ReadLag", Effect = "Allow", Action = ["cloudwatch:GetMetricData", "cloudwatch:ListMetrics"]
        Resource = ["*"]
      }
      DetachMember = {
        Sid      = "DetachMember", Effect = "Allow", Action = ["elasticache:DisassociateGlobalReplicationGroup"]
        Resource = ["arn:aws:elasticache::123456789012:globalreplicationgroup:ldgnf-sessions"]
      }
      DetachCluster = {
        Sid = "DetachCluster", Effect = "Allow", Action = ["rds:RemoveFromGlobalCluster"]
        Resource = [
          "arn:aws:rds::123456789012:global-cluster:orders",
          "arn:aws:rds:us-west-2:123456789012:cluster:*",
        ]
      }
      PromoteGlobalCluster = {
        Sid    = "PromoteGlobalCluster", Effect = "Allow"
        Action = ["rds:DescribeGlobalClusters", "rds:FailoverGlobalCluster", "rds:SwitchoverGlobalCluster"]
        Resource = [
          "arn:aws:rds::123456789012:global-cluster:orders",
          "arn:aws:rds:us-west-2:123456789012:cluster:*",
        ]
      }
      Notify = {
        Sid      = "Notify", Effect = "Allow", Action = ["sns:Publish"]
        Resource = ["arn:aws:sns:us-west-2:123456789012:promotions"]
      }
      SendFailures = {
        Sid      = "SendFailures", Effect = "Allow", Action = ["sqs:SendMessage"]
        Resource = ["arn:aws:sqs:us-west-2:123456789012:failures"]
      }
      WriteTraces = {
        Sid      = "WriteTraces", Effect = "Allow", Action = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
        Resource = ["*"]
      }
      AttachToVPC = {
        Sid = "AttachToVPC", Effect = "Allow", Resource = ["*"]
        Action = [
          "ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface",
          "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:UnassignPrivateIpAddresses",
        ]
      }
      AttachToVPCIsNotForTheCode = {
        Sid = "AttachToVPCIsNotForTheCode", Effect = "Deny", Resource = ["*"]
        Action = [
          "ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface",
          "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:UnassignPrivateIpAddresses",
        ]
        Condition = { ArnEquals = { "lambda:SourceFunctionArn" = "arn:aws:lambda:us-west-2:123456789012:function:promoter" } }
      }
    })
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
}

run "a_topic_for_failures_is_published_to" {
  command = plan
  module { source = "./modules/promoter" }
  variables { on_failure_arn = "arn:aws:sns:us-west-2:123456789012:failures" }

  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : [statement.Action, statement.Resource] if statement.Sid == "SendFailures"] == [
    ["sns:Publish", "arn:aws:sns:us-west-2:123456789012:failures"]]
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
}

run "with_targets_route_53_is_not_asked" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    record_targets = { us-east-1 = ["app.us-east-1.elb.amazonaws.com"] }
  }

  assert {
    condition     = !strcontains(aws_iam_role_policy.this.policy, "route53") && !strcontains(aws_iam_role_policy.operator[0].policy, "route53")
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
}

run "watches_bring_their_own_zones_datastores_and_topics" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    hosted_zone_id      = null
    dns_name            = null
    global_datastore_id = null
    watches = [
      { hosted_zone_id = "Z1", dns_name = "a.example.com", global_datastore_id = "ldgnf-a", notify_topic_arn = "arn:aws:sns:us-west-2:123456789012:a" },
      { hosted_zone_id = "/hostedzone/Z1", dns_name = "b.example.com", global_datastore_id = "LDGNF-b", when_failover_refused = "detach" },
      { hosted_zone_id = "Z2", dns_name = "c.example.com", global_cluster_id = "Orders" },
      { hosted_zone_id = "Z3", dns_name = "d.example.com", global_datastore_id = "ldgnf-d", record_targets = { us-east-1 = ["10.1.2.3"] }, max_replication_lag_seconds = 5 },
    ]
  }

  assert {
    condition = jsonencode({ for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Sid => sort(flatten([statement.Resource]))
      if !contains(["WriteLogs", "ReadPauseAndHistory", "WriteHistory"], statement.Sid) }) == jsonencode({
      ReadRecords      = ["arn:aws:route53:::hostedzone/Z1", "arn:aws:route53:::hostedzone/Z2"]
      PromoteDatastore = [for id in ["a", "b", "d"] : "arn:aws:elasticache::123456789012:globalreplicationgroup:ldgnf-${id}"]
      PromoteGlobalCluster = [
        "arn:aws:rds::123456789012:global-cluster:orders",
        "arn:aws:rds:us-west-2:123456789012:cluster:*",
      ]
      Notify       = ["arn:aws:sns:us-west-2:123456789012:a"]
      ReadLag      = ["*"]
      DetachMember = ["arn:aws:elasticache::123456789012:globalreplicationgroup:ldgnf-b"]
    })
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
}

run "what_no_watch_uses_is_not_allowed" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    notify_topic_arn = "arn:aws:sns:us-west-2:123456789012:unused"
    watches = [{
      hosted_zone_id = "Z1", dns_name = "a.example.com", global_datastore_id = "ldgnf-a", notify_topic_arn = "arn:aws:sns:us-west-2:123456789012:a"
    }]
  }

  assert {
    condition     = !anytrue([for word in ["Z0123456789ABCDEFGHIJ", "ldgnf-sessions", "unused"] : strcontains(aws_iam_role_policy.this.policy, word)])
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
}

run "four_datastores_are_read_one_by_one" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    watches = [for n in range(4) : { dns_name = "app${n}.example.com", global_datastore_id = "ldgnf-${n}" }]
  }

  assert {
    condition     = !strcontains(aws_iam_role_policy.this.policy, "\"*\"")
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
}

run "five_datastores_are_read_with_a_list_of_all" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    watches = [for n in range(5) : { dns_name = "app${n}.example.com", global_datastore_id = "ldgnf-${n}" }]
  }

  assert {
    condition = alltrue([for policy in [aws_iam_role_policy.this.policy, aws_iam_role_policy.operator[0].policy] :
      [for statement in jsondecode(policy).Statement : [statement.Action, statement.Resource] if statement.Sid == "ListDatastores"] == [
    ["elasticache:DescribeGlobalReplicationGroups", "*"]]])
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : length(statement.Resource) if statement.Sid == "PromoteDatastore"] == [5]
    error_message = "To promote is not allowed on all: ${aws_iam_role_policy.this.policy}"
  }
}

run "another_partition_has_its_own_arns" {
  command = plan
  module { source = "./modules/promoter" }
  providers = { aws = aws.china }

  assert {
    condition = jsonencode([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Resource]) == jsonencode([
      "arn:aws-cn:route53:::hostedzone/Z0123456789ABCDEFGHIJ",
      "arn:aws-cn:elasticache::123456789012:globalreplicationgroup:ldgnf-sessions",
      "arn:aws-cn:logs:cn-north-1:123456789012:log-group:/aws/lambda/promoter:*",
      ["arn:aws-cn:ssm:cn-north-1:123456789012:parameter/promoter/pause-history", "arn:aws-cn:ssm:cn-north-1:123456789012:parameter/promoter/pause"],
      "arn:aws-cn:ssm:cn-north-1:123456789012:parameter/promoter/pause-history",
    ])
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
}

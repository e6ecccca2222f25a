# What the function may do. The real provider plans, and nothing is made.
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
  package_file         = "../LICENSE" # any file: a plan takes no more than its hash
  hosted_zone_id       = "Z0123456789ABCDEFGHIJ"
  replication_group_id = "sessions-usw2"
  record_name          = "read.example.internal"
}

run "least_privilege" {
  command = plan
  module { source = "./modules/endpoints" }
  variables {
    hosted_zone_id       = "/hostedzone/Z0123456789ABCDEFGHIJ"
    replication_group_id = "Sessions-usw2"
    record_name          = "Read.Example.internal."
    weighted_record_name = "Replicas.example.internal."
    primary_record_name  = "Redis.example.internal."
    global_datastore_id  = "LDGNF-sessions"
    on_failure_arn       = "arn:aws:sqs:us-west-2:123456789012:failures"
  }

  assert {
    condition = jsonencode([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : merge(statement, { Action = sort(flatten([statement.Action])), Resource = sort(flatten([statement.Resource])) })]) == jsonencode([
      {
        Sid      = "WriteLogs", Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["arn:aws:logs:us-west-2:123456789012:log-group:/aws/lambda/promoter-endpoints:*"]
      },
      {
        Sid      = "ReadRecords", Effect = "Allow", Action = ["route53:GetHostedZone", "route53:ListResourceRecordSets"]
        Resource = ["arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ"]
      },
      {
        Sid      = "ChangeRecords", Effect = "Allow", Action = ["route53:ChangeResourceRecordSets"]
        Resource = ["arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ"]
        Condition = {
          "ForAllValues:StringEquals" = {
            "route53:ChangeResourceRecordSetsActions"     = ["CREATE", "DELETE"]
            "route53:ChangeResourceRecordSetsRecordTypes" = "CNAME"
          }
          "ForAllValues:StringLike" = {
            "route53:ChangeResourceRecordSetsNormalizedRecordNames" = [
              "read1*.example.internal", "read2*.example.internal", "read3*.example.internal", "read4*.example.internal",
              "read5*.example.internal", "read6*.example.internal", "read7*.example.internal", "read8*.example.internal",
              "read9*.example.internal", "replicas.example.internal", "redis.example.internal",
            ]
          }
        }
      },
      {
        Sid      = "FollowChanges", Effect = "Allow", Action = ["route53:GetChange"]
        Resource = ["arn:aws:route53:::change/*"]
      },
      {
        Sid      = "ReadCluster", Effect = "Allow", Action = ["elasticache:DescribeReplicationGroups"]
        Resource = ["arn:aws:elasticache:us-west-2:123456789012:replicationgroup:sessions-usw2"]
      },
      {
        Sid      = "ReadDatastore", Effect = "Allow", Action = ["elasticache:DescribeGlobalReplicationGroups"]
        Resource = ["arn:aws:elasticache::123456789012:globalreplicationgroup:ldgnf-sessions"]
      },
      {
        Sid      = "SendFailures", Effect = "Allow", Action = ["sqs:SendMessage"]
        Resource = ["arn:aws:sqs:us-west-2:123456789012:failures"]
      },
    ])
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
  assert {
    condition     = jsondecode(output.policy) == jsondecode(aws_iam_role_policy.this.policy) && aws_iam_role.this.name == "promoter-endpoints-us-west-2"
    error_message = "The policy that is shown is not the one that counts, or the other region's role would have the same name."
  }
  assert {
    condition = jsondecode(aws_iam_role.this.assume_role_policy) == jsondecode(jsonencode({
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
    }))
    error_message = "trust: ${aws_iam_role.this.assume_role_policy}"
  }
}

run "what_is_not_used_is_not_allowed" {
  command = plan
  module { source = "./modules/endpoints" }
  variables { wait_for_sync = false }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Sid] == ["WriteLogs", "ReadRecords", "ChangeRecords", "ReadCluster"]
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
}

run "a_primary_record_alone_needs_no_cluster" {
  command = plan
  module { source = "./modules/endpoints" }
  variables {
    replication_group_id = null
    record_name          = null
    primary_record_name  = "redis.example.internal"
    primary_endpoint     = "master.sessions-usw2.abc123.usw2.cache.amazonaws.com"
    global_datastore_id  = "ldgnf-sessions"
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Sid] == ["WriteLogs", "ReadRecords", "ChangeRecords", "FollowChanges", "ReadDatastore"]
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Condition["ForAllValues:StringLike"] if statement.Sid == "ChangeRecords"] == [
    { "route53:ChangeResourceRecordSetsNormalizedRecordNames" = "redis.example.internal" }]
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
  assert {
    condition     = !contains(keys(output.environment), "REPLICATION_GROUP_ID") && !contains(keys(output.environment), "RECORD_NAME")
    error_message = "environment: ${jsonencode(output.environment)}"
  }
}

run "without_its_id_the_datastore_is_any_of_the_account" {
  command = plan
  module { source = "./modules/endpoints" }
  variables { primary_record_name = "redis.example.internal" }

  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Resource if statement.Sid == "ReadDatastore"] == [
    "arn:aws:elasticache::123456789012:globalreplicationgroup:*"]
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
}

run "a_topic_for_failures_is_published_to" {
  command = plan
  module { source = "./modules/endpoints" }
  variables { on_failure_arn = "arn:aws:sns:us-west-2:123456789012:failures" }

  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : [statement.Action, statement.Resource] if statement.Sid == "SendFailures"] == [
    ["sns:Publish", "arn:aws:sns:us-west-2:123456789012:failures"]]
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
}

run "another_partition_has_its_own_arns" {
  command = plan
  module { source = "./modules/endpoints" }
  providers = { aws = aws.china }
  variables { primary_record_name = "redis.example.internal" }

  assert {
    condition = jsonencode([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Resource]) == jsonencode([
      "arn:aws-cn:logs:cn-north-1:123456789012:log-group:/aws/lambda/promoter-endpoints:*",
      "arn:aws-cn:route53:::hostedzone/Z0123456789ABCDEFGHIJ",
      "arn:aws-cn:route53:::hostedzone/Z0123456789ABCDEFGHIJ",
      "arn:aws-cn:route53:::change/*",
      "arn:aws-cn:elasticache:cn-north-1:123456789012:replicationgroup:sessions-usw2",
      "arn:aws-cn:elasticache::123456789012:globalreplicationgroup:*",
    ])
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
  assert {
    condition     = output.topic_arn == "arn:aws-cn:sns:cn-north-1:123456789012:promoter-endpoints"
    error_message = "topic: ${output.topic_arn}"
  }
}

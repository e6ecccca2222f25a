# The names that a promoter leads to its own Aurora cluster, and an operator who may detach it. The real provider plans, and
# nothing is made.
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
  package_file      = "../LICENSE" # any file: a plan takes no more than its hash
  hosted_zone_id    = "/hostedzone/Z0123456789ABCDEFGHIJ"
  dns_name          = "app.example.com"
  global_cluster_id = "orders"
}

run "unless_it_is_asked_to_it_changes_no_record_and_detaches_nothing_by_order" {
  command = plan
  module { source = "./modules/promoter" }

  assert {
    condition = !anytrue([for policy in [aws_iam_role_policy.this.policy, aws_iam_role_policy.operator[0].policy] :
    anytrue([for action in ["route53:Change", "route53:GetHostedZone", "rds:DescribeDBClusters", "rds:RemoveFromGlobalCluster", "elasticache:"] : strcontains(policy, action)])])
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
  assert {
    condition     = !anytrue([for name in ["WRITER_RECORD_NAME", "READER_RECORD_NAME", "RECORD_TTL_SECONDS"] : contains(keys(output.environment), name)])
    error_message = "environment: ${jsonencode(output.environment)}"
  }
}

run "the_checks_may_move_those_names_and_no_other_and_orders_none" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    writer_record_name = "Writer.example.com."
    reader_record_name = "reader.example.com"
    record_ttl_seconds = 5
  }

  assert {
    condition = jsonencode([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : merge(statement, { Action = sort(flatten([statement.Action])) })
      if contains(["ReadWriterRecords", "MoveWriterRecords", "ReadClusterEndpoints"], statement.Sid)]) == jsonencode([
      {
        Sid      = "ReadWriterRecords", Effect = "Allow", Action = ["route53:GetHostedZone", "route53:ListResourceRecordSets"]
        Resource = "arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ"
      },
      {
        Sid      = "MoveWriterRecords", Effect = "Allow", Action = ["route53:ChangeResourceRecordSets"]
        Resource = "arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ"
        Condition = {
          "ForAllValues:StringEquals" = {
            "route53:ChangeResourceRecordSetsActions"               = ["CREATE", "DELETE"]
            "route53:ChangeResourceRecordSetsNormalizedRecordNames" = ["writer.example.com", "reader.example.com"]
            "route53:ChangeResourceRecordSetsRecordTypes"           = "CNAME"
          }
        }
      },
      {
        Sid      = "ReadClusterEndpoints", Effect = "Allow", Action = ["rds:DescribeDBClusters"]
        Resource = "arn:aws:rds:us-west-2:123456789012:cluster:*"
      },
    ])
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
  assert {
    condition     = !anytrue([for action in ["route53:Change", "route53:GetHostedZone", "rds:DescribeDBClusters"] : strcontains(aws_iam_role_policy.operator[0].policy, action)])
    error_message = "policy: ${aws_iam_role_policy.operator[0].policy}"
  }
  assert {
    condition = ({ for name, value in output.environment : name => value if contains(["WRITER_RECORD_NAME", "READER_RECORD_NAME", "RECORD_TTL_SECONDS"], name) } ==
    { WRITER_RECORD_NAME = "Writer.example.com.", READER_RECORD_NAME = "reader.example.com", RECORD_TTL_SECONDS = "5" })
    error_message = "environment: ${jsonencode(output.environment)}"
  }
}

run "one_of_them_beside_the_primary_of_a_datastore_and_targets_do_not_take_the_zone_away" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    global_datastore_id = "ldgnf-sessions"
    primary_record_name = "redis.example.com"
    reader_record_name  = "reader.example.com"
    record_targets      = { us-east-1 = ["10.1.2.3"] }
  }

  assert {
    condition = ([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Condition["ForAllValues:StringEquals"]["route53:ChangeResourceRecordSetsNormalizedRecordNames"]
    if contains(["MovePrimaryRecord", "MoveWriterRecords"], statement.Sid)] == ["redis.example.com", "reader.example.com"])
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
  assert {
    condition     = output.environment["HOSTED_ZONE_ID"] == "/hostedzone/Z0123456789ABCDEFGHIJ" && !contains(keys(output.environment), "WRITER_RECORD_NAME")
    error_message = "environment: ${jsonencode(output.environment)}"
  }
}

run "orders_may_detach_where_it_is_asked_for" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    global_datastore_id = "ldgnf-sessions"
    operator_may_detach = true
  }

  assert {
    condition = jsonencode({ for statement in jsondecode(aws_iam_role_policy.operator[0].policy).Statement : statement.Sid => [statement.Action, sort(flatten([statement.Resource]))] if contains(["DetachMember", "DetachCluster"], statement.Sid) }) == jsonencode({
      DetachMember  = ["elasticache:DisassociateGlobalReplicationGroup", ["arn:aws:elasticache::123456789012:globalreplicationgroup:ldgnf-sessions"]]
      DetachCluster = ["rds:RemoveFromGlobalCluster", ["arn:aws:rds::123456789012:global-cluster:orders", "arn:aws:rds:us-west-2:123456789012:cluster:*"]]
    })
    error_message = "policy: ${aws_iam_role_policy.operator[0].policy}"
  }
  # What the checks may has its own variables.
  assert {
    condition     = !anytrue([for action in ["Disassociate", "RemoveFrom"] : strcontains(aws_iam_role_policy.this.policy, action)])
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
}

run "orders_may_not_detach_what_the_checks_may" {
  command = plan
  module { source = "./modules/promoter" }
  variables { aurora_action = "detach" }

  assert {
    condition     = !strcontains(aws_iam_role_policy.operator[0].policy, "RemoveFrom") && strcontains(aws_iam_role_policy.this.policy, "RemoveFrom")
    error_message = "policy: ${aws_iam_role_policy.operator[0].policy}"
  }
}

run "a_detachment_that_nobody_would_know_of" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    operator_may_detach = true
    pause_enabled       = false
  }
  expect_failures = [var.operator_may_detach]
}

run "no_function_to_detach_by" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    operator_may_detach      = true
    create_operator_function = false
  }
  expect_failures = [var.operator_may_detach]
}

# What looks at another variable is not judged where that one is wrong: each name by itself.

run "what_is_no_name_of_a_writer" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    writer_record_name = "10.1.2.3"
  }
  expect_failures = [var.writer_record_name]
}

run "a_writer_of_no_cluster" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    global_cluster_id   = null
    global_datastore_id = "ldgnf-sessions"
    writer_record_name  = "writer.example.com"
  }
  expect_failures = [var.writer_record_name]
}

run "a_writer_in_no_zone" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    hosted_zone_id     = null
    record_targets     = { us-east-1 = ["10.1.2.3"] }
    writer_record_name = "writer.example.com"
  }
  expect_failures = [var.writer_record_name]
}

run "a_writer_of_several_clusters" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    watches            = [{ name = "a" }]
    writer_record_name = "writer.example.com"
  }
  expect_failures = [var.writer_record_name]
}

run "a_writer_by_the_name_that_says_where_to_promote" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    writer_record_name = "App.example.com."
  }
  expect_failures = [var.writer_record_name]
}

run "a_writer_by_the_name_of_a_datastores_primary" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    global_datastore_id = "ldgnf-sessions"
    primary_record_name = "db.example.com"
    writer_record_name  = "DB.example.com."
  }
  expect_failures = [var.writer_record_name]
}

run "what_is_no_name_of_a_reader" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    reader_record_name = "10.1.2.3"
  }
  expect_failures = [var.reader_record_name]
}

run "a_reader_of_no_cluster" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    global_cluster_id   = null
    global_datastore_id = "ldgnf-sessions"
    reader_record_name  = "reader.example.com"
  }
  expect_failures = [var.reader_record_name]
}

run "a_reader_in_no_zone" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    hosted_zone_id     = null
    record_targets     = { us-east-1 = ["10.1.2.3"] }
    reader_record_name = "reader.example.com"
  }
  expect_failures = [var.reader_record_name]
}

run "a_reader_of_several_clusters" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    watches            = [{ name = "a" }]
    reader_record_name = "reader.example.com"
  }
  expect_failures = [var.reader_record_name]
}

run "a_reader_by_the_name_that_says_where_to_promote" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    reader_record_name = "App.example.com."
  }
  expect_failures = [var.reader_record_name]
}

run "a_reader_by_the_name_of_a_datastores_primary" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    global_datastore_id = "ldgnf-sessions"
    primary_record_name = "db.example.com"
    reader_record_name  = "DB.example.com."
  }
  expect_failures = [var.reader_record_name]
}

run "one_name_for_both" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    writer_record_name = "orders.example.com"
    reader_record_name = "Orders.example.com."
  }
  expect_failures = [var.reader_record_name]
}

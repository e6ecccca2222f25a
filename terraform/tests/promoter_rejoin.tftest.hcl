# What the operator's role gets for the way back after an Aurora cluster was detached.
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
  hosted_zone_id    = "Z0123456789ABCDEFGHIJ"
  dns_name          = "app.example.com"
  global_cluster_id = "Orders"
}

run "nothing_unless_it_is_wanted" {
  command = plan
  module { source = "./modules/promoter" }

  assert {
    condition     = !anytrue([for word in ["rds:Create", "rds:Delete", "rds:Modify", "rds:RemoveFrom", "kms:"] : strcontains(aws_iam_role_policy.operator[0].policy, word)])
    error_message = "policy: ${aws_iam_role_policy.operator[0].policy}"
  }
}

run "to_rebuild_deletes_nothing" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    operator_may_rejoin = true
  }

  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.operator[0].policy).Statement : statement.Sid => toset(flatten([statement.Action])) if contains(["SeeClusters", "RebuildGlobalCluster", "AddSecondary", "EncryptSecondary"], statement.Sid) } == {
      SeeClusters          = toset(["rds:DescribeDBClusters", "rds:DescribeDBInstances", "rds:DescribeGlobalClusters"])
      RebuildGlobalCluster = toset(["rds:CreateGlobalCluster", "rds:ModifyGlobalCluster"])
      AddSecondary         = toset(["rds:CreateDBCluster", "rds:CreateDBInstance"])
      EncryptSecondary     = toset(["kms:CreateGrant", "kms:DescribeKey"])
    }
    error_message = "policy: ${aws_iam_role_policy.operator[0].policy}"
  }
  assert {
    condition = toset(flatten([for statement in jsondecode(aws_iam_role_policy.operator[0].policy).Statement : statement.Resource if statement.Sid == "RebuildGlobalCluster"])) == toset([
      "arn:aws:rds::123456789012:global-cluster:orders", "arn:aws:rds::123456789012:global-cluster:orders-old",
      "arn:aws:rds:*:123456789012:cluster:*",
    ])
    error_message = "policy: ${aws_iam_role_policy.operator[0].policy}"
  }
  assert {
    condition     = !strcontains(aws_iam_role_policy.operator[0].policy, "rds:Delete") && !strcontains(aws_iam_role_policy.operator[0].policy, "rds:RemoveFrom")
    error_message = "policy: ${aws_iam_role_policy.operator[0].policy}"
  }
  assert {
    condition     = !strcontains(aws_iam_role_policy.this.policy, "rds:Create")
    error_message = "the checks may: ${aws_iam_role_policy.this.policy}"
  }
}

run "to_delete_is_asked_for_by_itself" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    operator_may_rejoin             = true
    operator_may_delete_old_cluster = true
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.operator[0].policy).Statement : toset(flatten([statement.Action])) if statement.Sid == "DeleteOldCluster"] == [toset(["rds:AddTagsToResource", "rds:CreateDBClusterSnapshot", "rds:DeleteDBCluster", "rds:DeleteDBInstance", "rds:RemoveFromGlobalCluster"])]
    error_message = "policy: ${aws_iam_role_policy.operator[0].policy}"
  }
  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.operator[0].policy).Statement : statement.Resource if statement.Sid == "DeleteOldGlobalCluster"] == ["arn:aws:rds::123456789012:global-cluster:orders-old"]
    error_message = "policy: ${aws_iam_role_policy.operator[0].policy}"
  }
}

run "to_delete_is_a_part_of_the_rejoin" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    operator_may_delete_old_cluster = true
  }
  expect_failures = [var.operator_may_delete_old_cluster]
}

run "a_rejoin_needs_the_operator" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    operator_may_rejoin      = true
    create_operator_function = false
  }
  expect_failures = [var.operator_may_rejoin]
}

run "a_rejoin_needs_a_global_cluster" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    global_cluster_id   = null
    global_datastore_id = "ldgnf-sessions"
    operator_may_rejoin = true
  }
  expect_failures = [var.operator_may_rejoin]
}

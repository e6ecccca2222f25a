# A global cluster beside a datastore, or instead of it.
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

run "both_in_order" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    global_cluster_id = "orders"
    aurora_action     = "switchover"
    promote_order     = "cluster-first"
  }

  assert {
    condition     = [for name in ["GLOBAL_DATASTORE_ID", "GLOBAL_CLUSTER_ID", "AURORA_ACTION", "PROMOTE_ORDER"] : output.environment[name]] == ["ldgnf-sessions", "orders", "switchover", "cluster-first"]
    error_message = "environment: ${jsonencode(output.environment)}"
  }
  assert {
    condition     = !strcontains(aws_iam_role_policy.this.policy, "rds:RemoveFromGlobalCluster")
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
}

run "what_is_left_out_is_the_programs" {
  command = plan
  module { source = "./modules/promoter" }

  assert {
    condition     = !anytrue([for name in keys(output.environment) : contains(["GLOBAL_CLUSTER_ID", "AURORA_ACTION", "PROMOTE_ORDER"], name)])
    error_message = "environment: ${jsonencode(output.environment)}"
  }
}

run "a_watch_of_its_own_detaches" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    watches = [
      { name = "sessions" },
      { name = "orders", dns_name = "orders.example.com", global_datastore_id = "ldgnf-o", global_cluster_id = "orders", aurora_action = "detach", promote_order = "datastore-first" },
    ]
  }

  assert {
    condition     = { for key, value in jsondecode(output.environment.WATCHES)[1] : key => value if contains(["globalClusterId", "auroraAction", "promoteOrder"], key) } == { globalClusterId = "orders", auroraAction = "detach", promoteOrder = "datastore-first" }
    error_message = "watches: ${output.environment.WATCHES}"
  }
  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Action if statement.Sid == "DetachCluster"] == ["rds:RemoveFromGlobalCluster"]
    error_message = "policy: ${aws_iam_role_policy.this.policy}"
  }
  assert {
    condition     = !strcontains(aws_iam_role_policy.operator[0].policy, "rds:RemoveFromGlobalCluster")
    error_message = "policy: ${aws_iam_role_policy.operator[0].policy}"
  }
}

run "words_that_are_none" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    global_cluster_id = "orders"
    aurora_action     = "promote"
    promote_order     = "aurora-first"
  }
  expect_failures = [var.aurora_action, var.promote_order]
}

run "without_a_cluster_they_mean_nothing" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    aurora_action = "switchover"
    promote_order = "cluster-first"
  }
  expect_failures = [var.aurora_action, var.promote_order]
}

run "to_detach_needs_the_parameter" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    global_cluster_id = "orders"
    aurora_action     = "failover-then-detach"
    pause_enabled     = false
  }
  expect_failures = [var.aurora_action]
}

run "words_of_a_watch_that_are_none" {
  command = plan
  module { source = "./modules/promoter" }
  variables {
    watches = [{ name = "orders", global_cluster_id = "orders", aurora_action = "promote" }]
  }
  expect_failures = [var.watches]
}

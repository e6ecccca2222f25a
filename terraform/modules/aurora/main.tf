# Two state machines in the region of the provider: the planned way to make this region's Aurora cluster the writer, and
# the unplanned one. What they do is the operator function's to do; they say in which order, what of it is tried again,
# and who is told. Call the module once a region; see ../../examples/aurora.

data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

locals {
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.id # `name` is deprecated in version 6 of the provider, `region` missing in 5
  account   = data.aws_caller_identity.current.account_id

  # ARNs are built from names, and not read from resources, so that a plan shows policies and definitions in full.
  machine_names = { for path in ["switchover", "unplanned"] : path => "${var.name}-${path}" }
  machine_arns  = { for path, name in local.machine_names : path => "arn:${local.partition}:states:${local.region}:${local.account}:stateMachine:${name}" }
  # Of a name for which CloudWatch Logs needs no entry in its resource policy, whose size is limited.
  log_group_name = "/aws/vendedlogs/states/${var.name}"
  log_group_arn  = "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:${local.log_group_name}"
}

# Made before the state machines, which do not make one.
resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by itself; log_kms_key_arn is there for an own key
  #checkov:skip=CKV_AWS_338:executions are few, and how long they are of use is for the user to say; log_retention_days
  name              = local.log_group_name
  retention_in_days = var.log_retention_days
  kms_key_id        = var.log_kms_key_arn
  tags              = var.tags
}

resource "aws_sfn_state_machine" "this" {
  #checkov:skip=CKV_AWS_284:tracing is there as tracing_enabled
  for_each = local.machine_names

  name       = each.value
  role_arn   = aws_iam_role.this.arn
  type       = "STANDARD" # what is promoted is to be seen for 90 days, and an order may take longer than 5 minutes
  definition = local.definitions[each.key]

  logging_configuration {
    level                  = var.log_level
    include_execution_data = true # ids and what AWS answered; there are no secrets in it
    log_destination        = "${aws_cloudwatch_log_group.this.arn}:*"
  }

  tracing_configuration {
    enabled = var.tracing_enabled
  }

  tags = var.tags

  # It is refused where its role may not write to the log.
  depends_on = [aws_iam_role_policy.this]
}

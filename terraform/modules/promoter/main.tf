# One promoter in the region of the provider. Call the module once a region; see ../../examples/existing.

data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

locals {
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.id # `name` is deprecated in version 6 of the provider, `region` missing in 5
  account   = data.aws_caller_identity.current.account_id

  # ARNs are built from names, and not read from resources, so that a plan shows the policies in full.
  log_group_name = "/aws/lambda/${var.name}"
  log_group_arn  = "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:${local.log_group_name}"
  function_arn   = "arn:${local.partition}:lambda:${local.region}:${local.account}:function:${var.name}"

  continuous = var.check_interval_seconds > 0

  # Checking again and again, an invocation lasts until the next one starts; else it is one short check.
  timeout_seconds = coalesce(var.timeout_seconds, local.continuous ? min(900, var.schedule_minutes * 60) : 15)
}

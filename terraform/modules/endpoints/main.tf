# The records of one replication group in the region of the provider: a function that is told by SNS and by a schedule
# to look at the cluster, and changes what does not fit. Call the module once a region and cluster; see
# ../../examples/endpoint-records.

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
  zone_arn       = "arn:${local.partition}:route53:::hostedzone/${trimprefix(var.hosted_zone_id, "/hostedzone/")}"

  # As ElastiCache keeps them, and IAM compares them.
  replication_group_id = try(lower(var.replication_group_id), null)
  global_datastore_id  = try(lower(var.global_datastore_id), null)

  create_topic = coalesce(var.create_topic, var.topic_arn == null)
  topic_arn    = local.create_topic ? "arn:${local.partition}:sns:${local.region}:${local.account}:${var.name}" : var.topic_arn

  # As IAM compares names: in lower case, without a final dot. Of the names that begin as a replica's does, those with a
  # digit next; that only digits follow, a pattern cannot say.
  normalized = { for key, name in {
    replicas = var.record_name, weighted = var.weighted_record_name, primary = var.primary_record_name
  } : key => lower(trimsuffix(name, ".")) if name != null }
  replica_patterns = [for digit in range(1, 10) : replace(local.normalized.replicas, "/^([^.]+)/", "$${1}${digit}*") if can(local.normalized.replicas)]
  record_names     = concat(local.replica_patterns, compact([for key in ["weighted", "primary"] : lookup(local.normalized, key, "")]))
}

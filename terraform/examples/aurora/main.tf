# Promoters for an Aurora global cluster in both of its regions, and the state machines by which people make one of them
# the writer.

provider "aws" {
  alias  = "primary"
  region = var.primary_region
}

provider "aws" {
  alias  = "secondary"
  region = var.secondary_region
}

locals {
  # What `make package` built on this machine, unless you say otherwise.
  built  = { for architecture in ["x86_64", "arm64"] : architecture => "${path.module}/../../../dist/promoter-${architecture}.zip" }
  is_arm = var.package_file == null ? fileexists(local.built.arm64) && !fileexists(local.built.x86_64) : endswith(var.package_file, "arm64.zip")

  architecture = local.is_arm ? "arm64" : "x86_64"
  package_file = coalesce(var.package_file, local.built[local.architecture])
}

# Null leaves the module's own default in force. Both regions are told the same: what differs between them is
# only where they run.
module "promoter_primary" {
  source    = "../../modules/promoter"
  providers = { aws = aws.primary }

  name              = var.name
  package_file      = local.package_file
  architecture      = local.architecture
  hosted_zone_id    = var.hosted_zone_id
  dns_name          = var.dns_name
  global_cluster_id = var.global_cluster_id
  aurora_action     = var.aurora_action
  dry_run           = var.dry_run

  writer_record_name = var.writer_record_name
  reader_record_name = var.reader_record_name
  # For the unplanned way.
  operator_may_detach = true

  alarm_actions    = compact([lookup(var.topic_arns, var.primary_region, null)])
  notify_topic_arn = lookup(var.topic_arns, var.primary_region, null)
  tags             = var.tags
}

module "promoter_secondary" {
  source    = "../../modules/promoter"
  providers = { aws = aws.secondary }

  name              = var.name
  package_file      = local.package_file
  architecture      = local.architecture
  hosted_zone_id    = var.hosted_zone_id
  dns_name          = var.dns_name
  global_cluster_id = var.global_cluster_id
  aurora_action     = var.aurora_action
  dry_run           = var.dry_run

  writer_record_name = var.writer_record_name
  reader_record_name = var.reader_record_name
  # For the unplanned way.
  operator_may_detach = true

  alarm_actions    = compact([lookup(var.topic_arns, var.secondary_region, null)])
  notify_topic_arn = lookup(var.topic_arns, var.secondary_region, null)
  tags             = var.tags
}

module "aurora_primary" {
  source    = "../../modules/aurora"
  providers = { aws = aws.primary }

  name                  = "${var.name}-aurora"
  operator_function_arn = module.promoter_primary.operator_function_arn
  promoter_function_arn = module.promoter_primary.function_arn
  maximum_lag_seconds   = var.maximum_lag_seconds
  notify_topic_arn      = lookup(var.topic_arns, var.primary_region, null)
  tags                  = var.tags
}

module "aurora_secondary" {
  source    = "../../modules/aurora"
  providers = { aws = aws.secondary }

  name                  = "${var.name}-aurora"
  operator_function_arn = module.promoter_secondary.operator_function_arn
  promoter_function_arn = module.promoter_secondary.function_arn
  maximum_lag_seconds   = var.maximum_lag_seconds
  notify_topic_arn      = lookup(var.topic_arns, var.secondary_region, null)
  tags                  = var.tags
}

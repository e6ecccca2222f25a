# Names that follow a Global Datastore: one that leads to the primary, wherever it is, and in each region a name for each
# replica. For a Global Datastore and a hosted zone that you have.

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

  architecture = coalesce(var.architecture, local.is_arm ? "arm64" : "x86_64")
  package_file = coalesce(var.package_file, local.built[local.architecture])

  primary   = var.regions[var.primary_region]
  secondary = var.regions[var.secondary_region]
}

# Null leaves the module's own default in force. The name of the primary is one for both regions, and each function looks
# whether it is its region's turn; those of the replicas are each region's own.
module "primary" {
  source    = "../../modules/endpoints"
  providers = { aws = aws.primary }

  name         = var.name
  package_file = local.package_file
  architecture = local.architecture

  hosted_zone_id       = var.hosted_zone_id
  global_datastore_id  = var.global_datastore_id
  primary_record_name  = var.primary_record_name
  replication_group_id = local.primary.replication_group_id
  record_name          = local.primary.record_name
  weighted_record_name = local.primary.weighted_record_name
  topic_arn            = local.primary.topic_arn
  alarm_actions        = local.primary.alarm_actions

  record_ttl_seconds = var.record_ttl_seconds
  when_no_replicas   = var.when_no_replicas
  dry_run            = var.dry_run
  tags               = var.tags

  reserved_concurrent_executions = var.reserved_concurrent_executions
}

module "secondary" {
  source    = "../../modules/endpoints"
  providers = { aws = aws.secondary }

  name         = var.name
  package_file = local.package_file
  architecture = local.architecture

  hosted_zone_id       = var.hosted_zone_id
  global_datastore_id  = var.global_datastore_id
  primary_record_name  = var.primary_record_name
  replication_group_id = local.secondary.replication_group_id
  record_name          = local.secondary.record_name
  weighted_record_name = local.secondary.weighted_record_name
  topic_arn            = local.secondary.topic_arn
  alarm_actions        = local.secondary.alarm_actions

  record_ttl_seconds = var.record_ttl_seconds
  when_no_replicas   = var.when_no_replicas
  dry_run            = var.dry_run
  tags               = var.tags

  reserved_concurrent_executions = var.reserved_concurrent_executions
}

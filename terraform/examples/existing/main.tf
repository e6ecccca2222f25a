# A promoter in both regions, for a failover record and a Global Datastore that you have.

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
}

# Null leaves the module's own default in force. Both regions are told the same: what differs between them is
# only where they run.
module "primary" {
  source    = "../../modules/promoter"
  providers = { aws = aws.primary }

  name                  = var.name
  package_file          = local.package_file
  architecture          = local.architecture
  hosted_zone_id        = var.hosted_zone_id
  dns_name              = var.dns_name
  global_datastore_id   = var.global_datastore_id
  record_regions        = var.record_regions
  confirmations         = var.confirmations
  hold_down_seconds     = var.hold_down_seconds
  promote_in_status     = var.promote_in_status
  cache_max_age_seconds = var.cache_max_age_seconds
  dry_run               = var.dry_run
  paused                = var.paused

  record_targets              = var.record_targets
  check_interval_seconds      = var.check_interval_seconds
  max_replication_lag_seconds = var.max_replication_lag_seconds
  when_lag_unknown            = var.when_lag_unknown
  when_failover_refused       = var.when_failover_refused
  detach_after_seconds        = var.detach_after_seconds
  alert_after_seconds         = var.alert_after_seconds
  metrics                     = var.metrics
  pause_enabled               = var.pause_enabled
  create_operator_function    = var.create_operator_function
  notify_topic_arn            = lookup(var.notify_topic_arns, var.primary_region, null)

  environment        = var.environment
  log_retention_days = var.log_retention_days
  alarm_actions      = lookup(var.alarm_actions, var.primary_region, null)
  vpc_config         = lookup(var.vpc_configs, var.primary_region, null)
  tags               = var.tags

  reserved_concurrent_executions = var.reserved_concurrent_executions
}

module "secondary" {
  source    = "../../modules/promoter"
  providers = { aws = aws.secondary }

  name                  = var.name
  package_file          = local.package_file
  architecture          = local.architecture
  hosted_zone_id        = var.hosted_zone_id
  dns_name              = var.dns_name
  global_datastore_id   = var.global_datastore_id
  record_regions        = var.record_regions
  confirmations         = var.confirmations
  hold_down_seconds     = var.hold_down_seconds
  promote_in_status     = var.promote_in_status
  cache_max_age_seconds = var.cache_max_age_seconds
  dry_run               = var.dry_run
  paused                = var.paused

  record_targets              = var.record_targets
  check_interval_seconds      = var.check_interval_seconds
  max_replication_lag_seconds = var.max_replication_lag_seconds
  when_lag_unknown            = var.when_lag_unknown
  when_failover_refused       = var.when_failover_refused
  detach_after_seconds        = var.detach_after_seconds
  alert_after_seconds         = var.alert_after_seconds
  metrics                     = var.metrics
  pause_enabled               = var.pause_enabled
  create_operator_function    = var.create_operator_function
  notify_topic_arn            = lookup(var.notify_topic_arns, var.secondary_region, null)

  environment        = var.environment
  log_retention_days = var.log_retention_days
  alarm_actions      = lookup(var.alarm_actions, var.secondary_region, null)
  vpc_config         = lookup(var.vpc_configs, var.secondary_region, null)
  tags               = var.tags

  reserved_concurrent_executions = var.reserved_concurrent_executions
}

# A name for a Redis or Valkey that follows its health: in both regions a probe of the datastore's member, the region's
# half of the failover record, a promoter that makes the datastore follow the record, alarms; and one dashboard. For a
# Global Datastore, VPCs and a hosted zone that you have.

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

  # What the records lead to. Told so, a promoter need not ask Route 53's API for it.
  record_targets = { for region, member in var.regions : region => [member.redis_host] }
}

# --- Probes, and the record ------------------------------------------------------------------------------------------

module "probe_primary" {
  source    = "../../modules/probe"
  providers = { aws = aws.primary }

  name         = "${var.name}-probe"
  package_file = local.package_file
  architecture = local.architecture

  redis_host         = local.primary.redis_host
  redis_port         = var.redis_port
  redis_tls          = var.redis_tls
  redis_secret_arn   = local.primary.redis_secret_arn
  secret_kms_key_arn = local.primary.secret_kms_key_arn
  when_read_only     = var.return_by_hand ? "unhealthy" : "healthy"
  vpc_config         = { subnet_ids = local.primary.subnet_ids, security_group_ids = local.primary.security_group_ids }

  probe_interval_seconds   = var.probe_interval_seconds
  failures_to_unhealthy    = var.failures_to_unhealthy
  alarm_evaluation_periods = var.alarm_evaluation_periods
  alarm_actions            = local.primary.alarm_actions
  health_check_disabled    = var.health_checks_disabled
  tags                     = var.tags

  record = {
    zone_id  = var.hosted_zone_id
    name     = var.dns_name
    failover = "PRIMARY"
    cname    = local.primary.redis_host
    ttl      = var.ttl
  }

  reserved_concurrent_executions = var.reserved_concurrent_executions
}

module "probe_secondary" {
  source    = "../../modules/probe"
  providers = { aws = aws.secondary }

  name         = "${var.name}-probe"
  package_file = local.package_file
  architecture = local.architecture

  redis_host         = local.secondary.redis_host
  redis_port         = var.redis_port
  redis_tls          = var.redis_tls
  redis_secret_arn   = local.secondary.redis_secret_arn
  secret_kms_key_arn = local.secondary.secret_kms_key_arn
  vpc_config         = { subnet_ids = local.secondary.subnet_ids, security_group_ids = local.secondary.security_group_ids }

  probe_interval_seconds   = var.probe_interval_seconds
  failures_to_unhealthy    = var.failures_to_unhealthy
  alarm_evaluation_periods = var.alarm_evaluation_periods
  alarm_actions            = local.secondary.alarm_actions
  health_check_disabled    = var.health_checks_disabled
  tags                     = var.tags

  health_check_on_secondary = var.health_check_on_secondary
  record = {
    zone_id  = var.hosted_zone_id
    name     = var.dns_name
    failover = "SECONDARY"
    cname    = local.secondary.redis_host
    ttl      = var.ttl
  }

  reserved_concurrent_executions = var.reserved_concurrent_executions
}

# --- The promoters, which follow the record --------------------------------------------------------------------------

module "promoter_primary" {
  source    = "../../modules/promoter"
  providers = { aws = aws.primary }

  name                = var.name
  package_file        = local.package_file
  architecture        = local.architecture
  record_targets      = local.record_targets
  dns_name            = var.dns_name
  global_datastore_id = var.global_datastore_id
  dry_run             = var.dry_run
  alarm_actions       = local.primary.alarm_actions
  tags                = var.tags

  # Where the probe is: only there a private zone is resolved.
  pause_enabled = true
  vpc_config    = var.zone_is_private ? { subnet_ids = local.primary.subnet_ids, security_group_ids = local.primary.security_group_ids } : null

  reserved_concurrent_executions = var.reserved_concurrent_executions
}

module "promoter_secondary" {
  source    = "../../modules/promoter"
  providers = { aws = aws.secondary }

  name                = var.name
  package_file        = local.package_file
  architecture        = local.architecture
  record_targets      = local.record_targets
  dns_name            = var.dns_name
  global_datastore_id = var.global_datastore_id
  dry_run             = var.dry_run
  alarm_actions       = local.secondary.alarm_actions
  tags                = var.tags

  pause_enabled = true
  vpc_config    = var.zone_is_private ? { subnet_ids = local.secondary.subnet_ids, security_group_ids = local.secondary.security_group_ids } : null

  reserved_concurrent_executions = var.reserved_concurrent_executions
}

# --- Alarms, and the dashboard ---------------------------------------------------------------------------------------

module "monitoring_primary" {
  source    = "../../modules/monitoring"
  providers = { aws = aws.primary }

  name                   = "${var.name}-monitoring"
  replication_group_id   = local.primary.replication_group_id
  nodes_per_shard        = var.nodes_per_shard
  shards                 = var.shards
  promoter_function_name = module.promoter_primary.function_name
  alarm_actions          = local.primary.alarm_actions
  tags                   = var.tags
}

module "monitoring_secondary" {
  source    = "../../modules/monitoring"
  providers = { aws = aws.secondary }

  name                   = "${var.name}-monitoring"
  replication_group_id   = local.secondary.replication_group_id
  nodes_per_shard        = var.nodes_per_shard
  shards                 = var.shards
  promoter_function_name = module.promoter_secondary.function_name
  alarm_actions          = local.secondary.alarm_actions
  tags                   = var.tags

  # From here, since it is wanted when the other region is down.
  dashboard_regions = {
    (var.primary_region) = {
      cache_cluster_ids = module.monitoring_primary.cache_cluster_ids
      probe_namespace   = module.probe_primary.metric_namespace
      health_check_ids  = module.probe_primary.health_check_ids
      alarm_arns        = concat(values(module.probe_primary.alarm_arns), values(module.promoter_primary.alarm_arns), values(module.monitoring_primary.alarm_arns))
    }
    (var.secondary_region) = {
      probe_namespace  = module.probe_secondary.metric_namespace
      health_check_ids = module.probe_secondary.health_check_ids
      alarm_arns       = concat(values(module.probe_secondary.alarm_arns), values(module.promoter_secondary.alarm_arns))
    }
  }
}

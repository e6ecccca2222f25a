# One probe in the region of the provider, and what follows from what it finds: an alarm, a Route 53 health check, and
# the region's failover record. Call the module once a region; see ../../examples/health-record.

data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

locals {
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.id # `name` is deprecated in version 6 of the provider, `region` missing in 5
  account   = data.aws_caller_identity.current.account_id

  # ARNs are built from names, and not read from resources, so that a plan shows the policies in full.
  function_arn   = "arn:${local.partition}:lambda:${local.region}:${local.account}:function:${var.name}"
  log_group_name = "/aws/lambda/${var.name}"
  log_group_arn  = "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:${local.log_group_name}"

  speaks_redis    = var.redis_host != null || anytrue([for probe in var.probes : probe.redis_host != null])
  speaks_postgres = var.postgres_host != null || anytrue([for probe in var.probes : probe.postgres_host != null])

  metric_namespace = coalesce(var.metric_namespace, local.speaks_redis ? "Custom/Redis" : "Custom/PostgreSQL")
  # A failover of a database loses more than one of a cache: it is not begun for one that is late.
  failures_to_unhealthy = coalesce(var.failures_to_unhealthy, local.speaks_redis ? 2 : 3)

  # What is probed, by the names of the alarms: the list, or the one endpoint that the variables describe. The data of
  # two endpoints in one metric would be one's health as much as the other's, so those of a list have dimensions always.
  probed = length(var.probes) == 0 ? {
    (var.name) = {
      is_postgres           = var.postgres_host != null
      dimensions            = var.metric_dimensions
      expect_role           = var.expect_role
      when_read_only        = local.when_read_only
      username              = var.postgres_host != null ? var.postgres_username : var.redis_username
      secret_arn            = var.postgres_host != null ? var.postgres_secret_arn : var.redis_secret_arn
      failures_to_unhealthy = local.failures_to_unhealthy
    }
    } : {
    for probe in var.probes : "${var.name}-${probe.name}" => {
      is_postgres = probe.postgres_host != null
      # An empty map is none: the function, too, would tell its data from those of others.
      dimensions     = length(coalesce(probe.dimensions, {})) > 0 ? probe.dimensions : merge(var.metric_dimensions, { Probe = probe.name })
      expect_role    = try(coalesce(probe.expect_role, var.expect_role), null)
      when_read_only = coalesce(probe.when_read_only, var.when_read_only, probe.expect_role == "primary" ? "unhealthy" : local.when_read_only)
      username = try(probe.postgres_host != null ? coalesce(probe.postgres_username, var.postgres_username) : coalesce(
      probe.redis_username, var.redis_username), null)
      secret_arn = try(probe.postgres_host != null ? coalesce(probe.postgres_secret_arn, var.postgres_secret_arn) : coalesce(
      probe.redis_secret_arn, var.redis_secret_arn), null)
      failures_to_unhealthy = coalesce(probe.failures_to_unhealthy, var.failures_to_unhealthy, probe.postgres_host != null ? 3 : 2)
    }
  }

  # A primary that takes no writes is of no use to who writes. A standby is meant to take none.
  is_primary     = try(var.record.failover, null) == "PRIMARY" || var.expect_role == "primary"
  when_read_only = coalesce(var.when_read_only, local.is_primary ? "unhealthy" : "healthy")

  secret_arns = distinct([for probe in values(local.probed) : probe.secret_arn if probe.secret_arn != null])

  continuous = var.probe_interval_seconds > 0

  # Like the promoter's: 2 s less than the minute, for the schedule's jitter. An invocation that comes while the last one
  # still runs is throttled, and without any slack such delays would add up.
  timeout_seconds = local.continuous ? 58 : 15
}

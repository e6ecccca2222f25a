locals {
  # A watch as the function reads it. What is null is left out: the function's own setting counts then.
  watches = [for watch in var.watches : { for key, value in {
    name                     = watch.name
    hostedZoneId             = watch.hosted_zone_id
    dnsName                  = watch.dns_name
    globalDatastoreId        = watch.global_datastore_id == null ? null : lower(watch.global_datastore_id)
    globalClusterId          = watch.global_cluster_id
    auroraAction             = watch.aurora_action
    promoteOrder             = watch.promote_order
    recordTargets            = try(length(watch.record_targets), 0) > 0 ? watch.record_targets : null
    recordRegions            = watch.record_regions
    confirmations            = watch.confirmations
    holdDownSeconds          = watch.hold_down_seconds
    promoteInStatus          = watch.promote_in_status == null ? null : join(",", watch.promote_in_status)
    cacheMaxAgeSeconds       = watch.cache_max_age_seconds
    checkIntervalSeconds     = watch.check_interval_seconds
    maxReplicationLagSeconds = watch.max_replication_lag_seconds
    whenLagUnknown           = watch.when_lag_unknown
    whenFailoverRefused      = watch.when_failover_refused
    detachAfterSeconds       = watch.detach_after_seconds
    notifyTopicArn           = watch.notify_topic_arn
    alertAfterSeconds        = watch.alert_after_seconds
    dryRun                   = watch.dry_run
    paused                   = watch.paused
  } : key => value if value != null }]
  watches_json = jsonencode(local.watches)

  # What has a default is always set, so that the console shows what is in force.
  always_set = {
    CONFIRMATIONS          = tostring(var.confirmations)
    HOLD_DOWN_SECONDS      = tostring(var.hold_down_seconds)
    PROMOTE_IN_STATUS      = join(",", var.promote_in_status)
    CACHE_MAX_AGE_SECONDS  = tostring(var.cache_max_age_seconds)
    CHECK_INTERVAL_SECONDS = tostring(var.check_interval_seconds)
    WHEN_LAG_UNKNOWN       = var.when_lag_unknown
    WHEN_FAILOVER_REFUSED  = var.when_failover_refused
    DETACH_AFTER_SECONDS   = tostring(var.detach_after_seconds)
    ALERT_AFTER_SECONDS    = tostring(var.alert_after_seconds)
    METRICS                = var.metrics ? "on" : "off"
    DRY_RUN                = tostring(var.dry_run)
    PAUSED                 = tostring(var.paused)
  }
  set_when_given = {
    # With targets the function would not use it, but for the names of the primary.
    HOSTED_ZONE_ID              = length(var.record_targets) > 0 && length(local.record_names) == 0 ? null : var.hosted_zone_id
    DNS_NAME                    = var.dns_name
    GLOBAL_DATASTORE_ID         = var.global_datastore_id == null ? null : lower(var.global_datastore_id) # as in the policy
    GLOBAL_CLUSTER_ID           = var.global_cluster_id
    AURORA_ACTION               = var.aurora_action
    PROMOTE_ORDER               = var.promote_order
    RECORD_TARGETS              = length(var.record_targets) > 0 ? jsonencode(var.record_targets) : null
    RECORD_REGIONS              = length(var.record_regions) > 0 ? jsonencode(var.record_regions) : null
    WATCHES                     = length(var.watches) > 0 && var.watches_file == null ? local.watches_json : null
    WATCHES_FILE                = var.watches_file
    MAX_REPLICATION_LAG_SECONDS = var.max_replication_lag_seconds == null ? null : tostring(var.max_replication_lag_seconds)
    PAUSE_PARAMETER             = local.pause_enabled ? local.pause_parameter : null
    PRIMARY_RECORD_NAME         = var.primary_record_name
    PRIMARY_ENDPOINT            = var.primary_endpoint
    WRITER_RECORD_NAME          = var.writer_record_name
    READER_RECORD_NAME          = var.reader_record_name
    RECORD_TTL_SECONDS          = length(local.record_names) == 0 ? null : tostring(var.record_ttl_seconds)
    NOTIFY_TOPIC_ARN            = var.notify_topic_arn
  }
  environment = merge(
    var.environment,
    local.always_set,
    { for name, value in local.set_when_given : name => value if value != null },
  )
  # Orders are carried out once, however often checks are made.
  operator_environment = { for name, value in local.environment : name => value if name != "CHECK_INTERVAL_SECONDS" }

  # Lambda measures all of it as JSON, and length() counts characters.
  environment_bytes = floor(length(base64encode(jsonencode(local.environment))) * 3 / 4)
}

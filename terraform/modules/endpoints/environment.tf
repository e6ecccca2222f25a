locals {
  # What has a default is always set, so that the console shows what is in force.
  always_set = {
    HOSTED_ZONE_ID     = var.hosted_zone_id
    RECORD_TTL_SECONDS = tostring(var.record_ttl_seconds)
    WHEN_NO_REPLICAS   = var.when_no_replicas
    WAIT_FOR_SYNC      = tostring(var.wait_for_sync)
    DRY_RUN            = tostring(var.dry_run)
  }
  set_when_given = {
    REPLICATION_GROUP_ID = local.replication_group_id
    RECORD_NAME          = var.record_name
    WEIGHTED_RECORD_NAME = var.weighted_record_name
    PRIMARY_RECORD_NAME  = var.primary_record_name
    PRIMARY_ENDPOINT     = var.primary_endpoint
    GLOBAL_DATASTORE_ID  = local.global_datastore_id
  }
  environment = merge(
    var.environment,
    local.always_set,
    { for name, value in local.set_when_given : name => value if value != null },
  )
}

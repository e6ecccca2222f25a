# One promoter in the region of the provider. Call the module once a region; see ../../examples/existing.

data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

locals {
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.id # `name` is deprecated in version 6 of the provider, `region` missing in 5
  account   = data.aws_caller_identity.current.account_id

  # ARNs are built from names, and not read from resources, so that a plan shows the policies in full.
  operator_name = "${var.name}-operator"
  function_arns = { for name in [var.name, local.operator_name] :
  name => "arn:${local.partition}:lambda:${local.region}:${local.account}:function:${name}" }
  log_group_names = { for name in [var.name, local.operator_name] : name => "/aws/lambda/${name}" }
  log_group_arns = { for name, group in local.log_group_names :
  name => "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:${group}" }

  # What each watch comes to, as the function works it out: its own, and the module's where it has none of its own.
  # Without watches there is one, all of which is the module's.
  watched = [for watch in coalescelist(var.watches, [{}]) : {
    name                   = try(coalesce(watch.name, watch.dns_name, var.dns_name), var.dns_name)
    dns_name               = try(coalesce(watch.dns_name, var.dns_name), var.dns_name)
    hosted_zone_id         = try(coalesce(watch.hosted_zone_id, var.hosted_zone_id), var.hosted_zone_id)
    has_targets            = try(length(watch.record_targets), 0) > 0 || length(var.record_targets) > 0 && try(watch.hosted_zone_id, null) == null
    datastore_id           = try(lower(try(coalesce(watch.global_datastore_id, var.global_datastore_id), var.global_datastore_id)), null)
    cluster_id             = try(lower(try(coalesce(watch.global_cluster_id, var.global_cluster_id), var.global_cluster_id)), null)
    check_interval_seconds = try(coalesce(watch.check_interval_seconds, var.check_interval_seconds), var.check_interval_seconds)
    is_lag_limited         = try(watch.max_replication_lag_seconds, null) != null || var.max_replication_lag_seconds != null
    detaches               = try(coalesce(watch.when_failover_refused, var.when_failover_refused), var.when_failover_refused) == "detach"
    aurora_action          = try(coalesce(watch.aurora_action, var.aurora_action), var.aurora_action)
    topic_arn              = try(coalesce(watch.notify_topic_arn, var.notify_topic_arn), var.notify_topic_arn)
    alert_after_seconds    = try(coalesce(watch.alert_after_seconds, var.alert_after_seconds), var.alert_after_seconds)
    dry_run                = try(coalesce(watch.dry_run, var.dry_run), var.dry_run)
  }]

  continuous    = anytrue([for watch in local.watched : watch.check_interval_seconds > 0])
  pause_enabled = coalesce(var.pause_enabled, var.vpc_config == null)

  # Checking again and again, an invocation has to end before the next one is due, if only just. The function answers
  # half a second before its timeout; with the 2 s, checks stop for 2.5 s of each minute.
  #
  # They are for the schedule's jitter. What comes while the last invocation still runs is throttled, and Lambda tries
  # it again after 1 s, 2 s more, 4 s more, and so on. Without any slack, each throttled start delays the end of its
  # invocation into the next one's start: once delayed, always delayed, and by the longer steps as time goes by, until
  # an event is given up at the age of 60 s and nobody checks for half a minute. A long timeout with a schedule of a
  # minute was rejected for the same: at its end it is any of these steps until the next try, and the console's
  # settings would be in force up to a quarter of an hour late.
  timeout_seconds = coalesce(var.timeout_seconds, local.continuous ? min(900, var.schedule_minutes * 60) - 2 : 15)
}

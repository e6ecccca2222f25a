# What the probe publishes, as people and Route 53 see it.

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.probed

  alarm_name          = "${each.key}-unhealthy"
  alarm_description   = "What ${each.key} probes in ${local.region} does not answer as it should, or nobody probes it. The function's log says which; see ${local.log_group_name}."
  namespace           = local.metric_namespace
  metric_name         = "HealthCheckStatus"
  dimensions          = length(each.value.dimensions) > 0 ? each.value.dimensions : null
  statistic           = "Minimum" # a minute with one unhealthy probe is an unhealthy one
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  period              = var.alarm_period_seconds
  evaluation_periods  = var.alarm_evaluation_periods
  # No datapoints_to_alarm: Route 53 takes no alarm that rings at M of N.
  # For people. What Route 53 makes of missing data is its own setting, below.
  treat_missing_data = "breaching"
  alarm_actions      = var.alarm_actions
  ok_actions         = var.alarm_actions
  tags               = var.tags

  # Made before the first probe, it would ring at once.
  depends_on = [aws_cloudwatch_event_target.this, aws_lambda_permission.schedule]
}

resource "aws_route53_health_check" "this" {
  for_each = var.create_health_check ? local.probed : {}

  type                            = "CLOUDWATCH_METRIC"
  cloudwatch_alarm_name           = aws_cloudwatch_metric_alarm.this[each.key].alarm_name
  cloudwatch_alarm_region         = local.region
  insufficient_data_health_status = var.insufficient_data_health_status
  disabled                        = var.health_check_disabled
  tags                            = merge(var.tags, { Name = "${each.key}-${local.region}" })

  # Route 53 goes by the metric, and by what it copied of the alarm when the check was made. After a change of any of
  # this it has to be told to copy again, which is what the provider does when `triggers` change: an update in place,
  # with the record's answer undisturbed. To replace the check instead would leave the record without one for a while.
  triggers = {
    namespace           = aws_cloudwatch_metric_alarm.this[each.key].namespace
    metric_name         = aws_cloudwatch_metric_alarm.this[each.key].metric_name
    dimensions          = jsonencode(each.value.dimensions)
    statistic           = aws_cloudwatch_metric_alarm.this[each.key].statistic
    comparison_operator = aws_cloudwatch_metric_alarm.this[each.key].comparison_operator
    threshold           = tostring(aws_cloudwatch_metric_alarm.this[each.key].threshold)
    period              = tostring(aws_cloudwatch_metric_alarm.this[each.key].period)
    evaluation_periods  = tostring(aws_cloudwatch_metric_alarm.this[each.key].evaluation_periods)
  }
}

locals {
  # Of a list, the record goes by the probe that it names.
  record_probe = var.record == null ? null : try(length(var.probes) == 0 ? var.name : "${var.name}-${var.record.probe}", null)
  is_checked   = var.record == null ? false : var.record.failover == "PRIMARY" || var.health_check_on_secondary
}

resource "aws_route53_record" "this" {
  #checkov:skip=CKV2_AWS_23:The alias leads to what the user names
  count = var.record == null ? 0 : 1

  zone_id         = trimprefix(var.record.zone_id, "/hostedzone/")
  name            = var.record.name
  type            = var.record.alias == null ? "CNAME" : "A"
  ttl             = var.record.alias == null ? var.record.ttl : null
  records         = var.record.cname == null ? null : [var.record.cname]
  set_identifier  = coalesce(var.record.set_identifier, local.region)
  health_check_id = local.is_checked ? aws_route53_health_check.this[local.record_probe].id : null

  failover_routing_policy {
    type = var.record.failover
  }

  dynamic "alias" {
    for_each = var.record.alias[*]
    content {
      name                   = alias.value.name
      zone_id                = alias.value.zone_id
      evaluate_target_health = alias.value.evaluate_target_health
    }
  }

  lifecycle {
    precondition {
      condition     = !local.is_checked || try(contains(keys(local.probed), local.record_probe), false)
      error_message = "record does not say by which of probes it goes: set its probe to the name of one of them."
    }
    precondition {
      condition     = !local.is_checked || try(local.probed[local.record_probe].expect_role, null) != "replica"
      error_message = "expect_role is replica, and the record is answered with only while the probe is healthy: once this region is the primary, it would be led away again. Set expect_role to primary, or leave it out."
    }
    precondition {
      condition     = !local.is_checked || try(var.record.failover, null) == "PRIMARY" || try(local.probed[local.record_probe].when_read_only, "healthy") == "healthy"
      error_message = "health_check_on_secondary needs a probe that counts a read-only endpoint as healthy: standing by, this region is a replica, and its record would never be healthy when it is needed. Set when_read_only to healthy, and leave expect_role out."
    }
  }
}

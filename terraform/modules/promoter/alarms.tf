locals {
  metric_namespace = "Promoter"
  schedule_seconds = var.schedule_minutes * 60
  schedule_words   = var.schedule_minutes == 1 ? "minute" : "${var.schedule_minutes} minutes"

  alarms = { for name, alarm in {
    errors = {
      description = "promoter fails in ${local.region}: it could not promote now. Its log says what is wrong, mostly a permission or an id."
      namespace   = "AWS/Lambda", metric = "Errors", statistic = "Sum", period = local.schedule_seconds
      # Two of three: a lone failure is followed by a good check, and says nothing. Checking again and again, the last
      # check of an invocation stands for the others: what lasts fails it, too, and what does not is no matter for people.
      comparison = "GreaterThanThreshold", threshold = 0, evaluate = 3, breaching = 2, missing = "notBreaching"
    }
    missing = {
      description = "promoter is not invoked in ${local.region}: nothing would be promoted. Look at the EventBridge rule, its target and the function's concurrency."
      namespace   = "AWS/Lambda", metric = "Invocations", statistic = "Sum", period = local.schedule_seconds
      # EventBridge may start two checks in one minute and none in the next, so not one alone.
      comparison = "LessThanThreshold", threshold = 1, evaluate = 3, breaching = 3, missing = "breaching"
    }
    blind = {
      description = "promoter sees no active region, or nothing that it may promote, in ${local.region}. The reason is in its log: look for WARN and groupStatus."
      namespace   = local.metric_namespace, metric = local.log_metrics.blind.name, statistic = "Sum", period = local.schedule_seconds
      # DNS may be silent or contradict itself while it fails over: only what lasts is wrong. Not all of the fifteen:
      # EventBridge may start none in one minute and two in the next, and a minute without a check would clear it.
      comparison = "GreaterThanThreshold", threshold = 0, evaluate = 15, breaching = 12, missing = "notBreaching"
    }
    unready = {
      description = "promoter could not promote in ${local.region} if it had to: it started and could not read the record set or the datastore, or record_targets leave the region out. Its log says why: look for ERROR."
      namespace   = local.metric_namespace, metric = local.log_metrics.unready.name, statistic = "Sum", period = 3600
      # Said once at each start of a sandbox, which lives for hours: an hour, so that somebody sees it ringing.
      comparison = "GreaterThanThreshold", threshold = 0, evaluate = 1, breaching = 1, missing = "notBreaching"
    }
    stuck = !anytrue([for watch in local.watched : watch.alert_after_seconds > 0]) ? null : {
      description = "A promotion is wanted in ${local.region} and does not come about: the application is here, and cannot write. Its log says why: look for the event stuck."
      namespace   = local.metric_namespace, metric = local.log_metrics.stuck.name, statistic = "Sum", period = 3600
      # Said once, like `unready`.
      comparison = "GreaterThanThreshold", threshold = 0, evaluate = 1, breaching = 1, missing = "notBreaching"
    }
    failed = {
      description = "A promotion in ${local.region} was accepted and came to nothing, does not end, or the member was detached from its datastore. People have to look at it; the log says which."
      namespace   = local.metric_namespace, metric = local.log_metrics.failed.name, statistic = "Sum", period = 3600
      comparison  = "GreaterThanThreshold", threshold = 0, evaluate = 1, breaching = 1, missing = "notBreaching"
    }
    rehearsal = !anytrue([for watch in local.watched : watch.dry_run]) ? null : {
      description = "promoter would promote in ${local.region} for minutes now, and does not: dry_run is set. If that was forgotten, the application has no primary where it is."
      namespace   = local.metric_namespace, metric = local.log_metrics.rehearsal.name, statistic = "Sum", period = local.schedule_seconds
      comparison  = "GreaterThanThreshold", threshold = 0, evaluate = 15, breaching = 12, missing = "notBreaching"
    }
    # Checking again and again, an invocation lasts almost until its timeout, and one that comes early is throttled and
    # started by Lambda a moment later. Both are as they should be; `missing` sees what is not.
    throttles = local.continuous ? null : {
      description = "promoter is throttled in ${local.region}: another invocation hangs, or somebody else invokes it."
      namespace   = "AWS/Lambda", metric = "Throttles", statistic = "Sum", period = local.schedule_seconds
      comparison  = "GreaterThanThreshold", threshold = 0, evaluate = 5, breaching = 3, missing = "notBreaching"
    }
    duration = local.continuous ? null : {
      description = "promoter takes more than 80 % of its timeout in ${local.region}: DNS, Route 53 or ElastiCache answer slowly, and a promotion may not be finished."
      namespace   = "AWS/Lambda", metric = "Duration", statistic = "Maximum", period = local.schedule_seconds
      comparison  = "GreaterThanThreshold", threshold = local.timeout_seconds * 800, evaluate = 5, breaching = 3, missing = "notBreaching"
    }
  } : name => alarm if alarm != null && var.alarms_enabled }

  # A check that holds because something is not as it should be. A datastore that is being changed is as it should be,
  # but not for long where a promotion waits for it.
  #
  # The metrics of an invocation are a line of the log for each watch. One in which no check found it standing by or in
  # place, and some could not tell or had to hold, is blind. They are also all that is to be seen of a single one of
  # many watches that are checked again and again, of which the log repeats nothing that lasts.
  blind_by_metrics = "{ ($.Unknown > 0 || $.Held > 0) && $.Standby NOT EXISTS && $.InPlace NOT EXISTS }"
  blind_by_lines = "{ $.decision = \"hold\" && ${join(" && ", [
    for reason in ["standby", "inPlace", "paused", "pausedByOperator", "confirming", "holdingDown", "promotionUnderWay"] :
    "$.reason != \"${reason}\""
  ])} }"

  # What fails no invocation, and is to be read in the log only.
  log_metrics = {
    blind = {
      name    = "${var.name}-holds-blindly"
      pattern = var.metrics && var.log_level != "WARN" ? local.blind_by_metrics : local.blind_by_lines
    }
    # Standing by, a check asks DNS alone: that the datastore could not be read is found out at the start, or too late.
    unready = {
      name    = "${var.name}-not-ready"
      pattern = "{ $.level = \"ERROR\" && $.reason = \"notReady\" }"
    }
    stuck = {
      name    = "${var.name}-promotion-stuck"
      pattern = "{ $.level = \"ERROR\" && $.event = \"stuck\" }"
    }
    # Not the event `failed`: that is one request that was refused, and the next check makes another.
    failed = {
      name    = "${var.name}-promotion-failed"
      pattern = "{ $.level = \"ERROR\" && ($.event = \"cameToNothing\" || $.event = \"gaveUp\" || $.event = \"detached\") }"
    }
    rehearsal = {
      name    = "${var.name}-would-promote"
      pattern = var.metrics && var.log_level != "WARN" ? "{ $.WouldPromote > 0 }" : "{ $.decision = \"wouldPromote\" }"
    }
  }
}

resource "aws_cloudwatch_log_metric_filter" "this" {
  for_each = { for name, metric in local.log_metrics : name => metric if contains(keys(local.alarms), name) }

  name           = each.value.name
  log_group_name = aws_cloudwatch_log_group.this.name
  pattern        = each.value.pattern

  metric_transformation {
    namespace = local.metric_namespace
    name      = each.value.name
    value     = "1"
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.namespace == "AWS/Lambda" ? { FunctionName = aws_lambda_function.this.function_name } : null
  statistic           = each.value.statistic
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  period              = each.value.period
  evaluation_periods  = each.value.evaluate
  datapoints_to_alarm = each.value.breaching
  treat_missing_data  = each.value.missing
  alarm_actions       = var.alarm_actions
  ok_actions          = var.alarm_actions
  tags                = var.tags

  # Made before the first check, `missing` would ring at once.
  depends_on = [aws_cloudwatch_event_target.this, aws_lambda_permission.schedule]
}

locals {
  metric_namespace = "Promoter"
  schedule_seconds = var.schedule_minutes * 60
  schedule_words   = var.schedule_minutes == 1 ? "minute" : "${var.schedule_minutes} minutes"

  alarms = { for name, alarm in {
    errors = {
      description = "promoter fails in ${local.region}: it could not promote now. Its log says what is wrong, mostly a permission or an id."
      namespace   = "AWS/Lambda", metric = "Errors", statistic = "Sum"
      # Two of three: a lone failure is followed by a good check, and says nothing.
      comparison = "GreaterThanThreshold", threshold = 0, evaluate = 3, breaching = 2, missing = "notBreaching"
    }
    missing = {
      description = "promoter is not invoked in ${local.region}: nothing would be promoted. Look at the EventBridge rule, its target and the function's concurrency."
      namespace   = "AWS/Lambda", metric = "Invocations", statistic = "Sum"
      # EventBridge may start two checks in one minute and none in the next, so not one alone.
      comparison = "LessThanThreshold", threshold = 1, evaluate = 3, breaching = 3, missing = "breaching"
    }
    blind = {
      description = "promoter sees no active region, or nothing that it may promote, in ${local.region}. The reason is in its log: look for WARN."
      namespace   = local.metric_namespace, metric = local.blind_metric, statistic = "Sum"
      # DNS may be silent or contradict itself while it fails over: only what lasts is wrong.
      comparison = "GreaterThanThreshold", threshold = 0, evaluate = 15, breaching = 15, missing = "notBreaching"
    }
    # Checking again and again, a check that starts while the last one ends is throttled and started by Lambda a
    # moment later, and each lasts until its time is out. Both are as they should be; `missing` sees what is not.
    throttles = local.continuous ? null : {
      description = "promoter is throttled in ${local.region}: another invocation hangs, or somebody else invokes it."
      namespace   = "AWS/Lambda", metric = "Throttles", statistic = "Sum"
      comparison  = "GreaterThanThreshold", threshold = 0, evaluate = 5, breaching = 3, missing = "notBreaching"
    }
    duration = local.continuous ? null : {
      description = "promoter takes more than 80 % of its timeout in ${local.region}: DNS, Route 53 or ElastiCache answer slowly, and a promotion may not be finished."
      namespace   = "AWS/Lambda", metric = "Duration", statistic = "Maximum"
      comparison  = "GreaterThanThreshold", threshold = local.timeout_seconds * 800, evaluate = 5, breaching = 3, missing = "notBreaching"
    }
  } : name => alarm if alarm != null && var.alarms_enabled }

  blind_metric = "${var.name}-holds-blindly"
}

# A check that holds because something is not as it should be is no error: it is logged as a warning.
resource "aws_cloudwatch_log_metric_filter" "blind" {
  count = var.alarms_enabled ? 1 : 0

  name           = "${var.name}-holds-blindly"
  log_group_name = aws_cloudwatch_log_group.this.name
  pattern        = "{ $.level = \"WARN\" && $.decision = \"hold\" }"

  metric_transformation {
    namespace = local.metric_namespace
    name      = local.blind_metric
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
  period              = local.schedule_seconds
  evaluation_periods  = each.value.evaluate
  datapoints_to_alarm = each.value.breaching
  treat_missing_data  = each.value.missing
  alarm_actions       = var.alarm_actions
  ok_actions          = var.alarm_actions
  tags                = var.tags

  # Made before the first check, `missing` would ring at once.
  depends_on = [aws_cloudwatch_event_target.this, aws_lambda_permission.schedule]
}

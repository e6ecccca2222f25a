locals {
  schedule_seconds = var.schedule_minutes * 60

  alarms = { for name, alarm in {
    errors = {
      description = "${var.name} fails in ${local.region}: records may lead to nodes that are gone. Its log says what is wrong, mostly a permission, a name or a record that somebody else made."
      metric      = "Errors", statistic = "Sum"
      # Two of three: a lone failure is followed by an invocation that mends it.
      comparison = "GreaterThanThreshold", threshold = 0, evaluate = 3, breaching = 2, missing = "notBreaching"
    }
    missing = {
      description = "${var.name} is not invoked in ${local.region}: the records follow nothing. Look at the EventBridge rule, its target and the function's concurrency."
      metric      = "Invocations", statistic = "Sum"
      # EventBridge may start two in one interval and none in the next, so not one alone.
      comparison = "LessThanThreshold", threshold = 1, evaluate = 3, breaching = 3, missing = "breaching"
    }
    throttles = {
      description = "${var.name} is throttled in ${local.region}, and late: more comes than it may do at once, or Route 53 takes long. See reserved_concurrent_executions."
      metric      = "Throttles", statistic = "Sum"
      # Not what a failover brings, which is some events at once: only what lasts.
      comparison = "GreaterThanThreshold", threshold = 0, evaluate = 5, breaching = 3, missing = "notBreaching"
    }
    duration = {
      description = "${var.name} takes more than 80 % of its timeout in ${local.region}: Route 53 or ElastiCache answer slowly, and a change may not be followed to its end."
      metric      = "Duration", statistic = "Maximum"
      comparison  = "GreaterThanThreshold", threshold = var.timeout_seconds * 800, evaluate = 5, breaching = 3, missing = "notBreaching"
    }
  } : name => alarm if var.alarms_enabled }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = "AWS/Lambda"
  metric_name         = each.value.metric
  dimensions          = { FunctionName = aws_lambda_function.this.function_name }
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

  # Made before the first invocation, `missing` would ring at once.
  depends_on = [aws_cloudwatch_event_target.this, aws_lambda_permission.schedule]
}

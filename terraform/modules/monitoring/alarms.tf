locals {
  # Of each node, since an alarm takes no search, and one node may be full while the others are not.
  node_alarms = { for name, alarm in {
    replication_lag = var.replication_lag_alarm == null ? null : merge(var.replication_lag_alarm, {
      metric = "GlobalDatastoreReplicationLag", statistic = "Maximum"
      # Only a secondary has it, and which region that is changes: no data is as it should be, and shows as such.
      missing     = "missing"
      description = "is so many seconds behind the primary region, and a promotion now would lose them. Look at its EngineCPUUtilization and network, and at the traffic of writes."
    })
    engine_cpu = var.engine_cpu_alarm == null ? null : merge(var.engine_cpu_alarm, {
      metric      = "EngineCPUUtilization", statistic = "Average", missing = "missing"
      description = "has its engine's thread busy, commands wait, and so does replication. Scale it, or find the commands that take long."
    })
    memory = var.memory_alarm == null ? null : merge(var.memory_alarm, {
      metric      = "DatabaseMemoryUsagePercentage", statistic = "Maximum", missing = "missing"
      description = "is almost full: it will evict keys, or refuse writes. Scale it, or let keys expire."
    })
    connections = var.connections_alarm == null ? null : merge(var.connections_alarm, {
      metric      = "CurrConnections", statistic = "Maximum", missing = "missing"
      description = "has almost as many connections as a node takes, which is 65,000: clients leak them, or come back all at once after a failover."
    })
    evictions = var.evictions_alarm == null ? null : merge(var.evictions_alarm, {
      metric      = "Evictions", statistic = "Sum", missing = "notBreaching"
      description = "drops keys that have not expired, for want of memory."
    })
  } : name => alarm if alarm != null }

  on_nodes = merge([for name, alarm in local.node_alarms : {
    for node in local.nodes : "${name}/${node}" => merge(alarm, {
      name        = "${var.name}-${replace(name, "_", "-")}-${node}"
      description = "${node} in ${local.region} ${alarm.description}"
      namespace   = "AWS/ElastiCache"
      dimensions  = { CacheClusterId = node }
    }) if name != "replication_lag" || var.replication_lag_dimensions == null
  }]...)

  # Where the account's lag has other dimensions than the node's.
  on_group = {
    for name, alarm in local.node_alarms : name => merge(alarm, {
      name        = "${var.name}-${replace(name, "_", "-")}"
      description = "The member of the datastore in ${local.region} ${alarm.description}"
      namespace   = "AWS/ElastiCache"
      dimensions  = var.replication_lag_dimensions
    }) if name == "replication_lag" && var.replication_lag_dimensions != null
  }

  on_promoter = var.promoter_function_name == null || var.throttles_alarm == null ? {} : {
    throttles = merge(var.throttles_alarm, {
      name        = "${var.name}-throttles"
      description = "${var.promoter_function_name} is throttled in ${local.region} more than its schedule explains: an invocation hangs, or somebody else invokes it."
      namespace   = "AWS/Lambda", metric = "Throttles", statistic = "Sum", missing = "notBreaching"
      dimensions  = { FunctionName = var.promoter_function_name }
    })
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = merge(local.on_nodes, local.on_group, local.on_promoter)

  alarm_name          = each.value.name
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  period              = each.value.period
  evaluation_periods  = each.value.evaluation_periods
  treat_missing_data  = each.value.missing
  alarm_actions       = var.alarm_actions
  ok_actions          = var.alarm_actions
  tags                = var.tags
}

# The real provider plans, and nothing is made: no account, no network, no key that means anything.
provider "aws" {
  region                      = "us-west-2"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  replication_group_id   = "sessions-usw2"
  promoter_function_name = "promoter"
}

run "each_node_has_its_alarms_and_the_promoter_the_one_that_it_lacks" {
  command = plan
  module { source = "./modules/monitoring" }
  variables { alarm_actions = ["arn:aws:sns:us-west-2:123456789012:alerts"] }

  assert {
    condition = jsonencode({ for name, alarm in aws_cloudwatch_metric_alarm.this : name => [
      alarm.alarm_name, alarm.namespace, alarm.metric_name, alarm.dimensions, alarm.statistic, alarm.comparison_operator, alarm.threshold,
      alarm.period, alarm.evaluation_periods, alarm.treat_missing_data,
      ] }) == jsonencode(merge(concat([for node in ["sessions-usw2-001", "sessions-usw2-002"] : {
        "replication_lag/${node}" = ["promoter-monitoring-replication-lag-${node}", "AWS/ElastiCache", "GlobalDatastoreReplicationLag", { CacheClusterId = node }, "Maximum", "GreaterThanThreshold", 10, 60, 3, "missing"]
        "engine_cpu/${node}"      = ["promoter-monitoring-engine-cpu-${node}", "AWS/ElastiCache", "EngineCPUUtilization", { CacheClusterId = node }, "Average", "GreaterThanThreshold", 90, 60, 5, "missing"]
        "memory/${node}"          = ["promoter-monitoring-memory-${node}", "AWS/ElastiCache", "DatabaseMemoryUsagePercentage", { CacheClusterId = node }, "Maximum", "GreaterThanThreshold", 80, 60, 5, "missing"]
        "connections/${node}"     = ["promoter-monitoring-connections-${node}", "AWS/ElastiCache", "CurrConnections", { CacheClusterId = node }, "Maximum", "GreaterThanThreshold", 50000, 60, 5, "missing"]
        "evictions/${node}"       = ["promoter-monitoring-evictions-${node}", "AWS/ElastiCache", "Evictions", { CacheClusterId = node }, "Sum", "GreaterThanThreshold", 0, 300, 1, "notBreaching"]
        }], [{
        throttles = ["promoter-monitoring-throttles", "AWS/Lambda", "Throttles", { FunctionName = "promoter" }, "Sum", "GreaterThanThreshold", 20, 300, 1, "notBreaching"]
    }])...))
    error_message = "alarms: ${jsonencode(aws_cloudwatch_metric_alarm.this)}"
  }
  assert {
    condition = alltrue([for alarm in aws_cloudwatch_metric_alarm.this :
    alarm.alarm_actions == toset(["arn:aws:sns:us-west-2:123456789012:alerts"]) && alarm.ok_actions == alarm.alarm_actions])
    error_message = "An alarm would tell nobody."
  }
  assert {
    condition     = length(aws_cloudwatch_dashboard.this) == 0 && output.dashboard_name == null
    error_message = "Dashboards are the account's: one is enough."
  }
}

run "thresholds_of_your_own_and_alarms_left_out" {
  command = plan
  module { source = "./modules/monitoring" }
  variables {
    cache_cluster_ids     = ["sessions-usw2-003"]
    replication_lag_alarm = { threshold = 2, period = 120, evaluation_periods = 1 }
    engine_cpu_alarm      = { threshold = 80 }
    memory_alarm          = null
    connections_alarm     = null
    evictions_alarm       = null
    throttles_alarm       = null
  }

  assert {
    condition = jsonencode({ for name, alarm in aws_cloudwatch_metric_alarm.this : name => [alarm.threshold, alarm.period, alarm.evaluation_periods] }) == jsonencode({
      "replication_lag/sessions-usw2-003" = [2, 120, 1]
      "engine_cpu/sessions-usw2-003"      = [80, 60, 5]
    })
    error_message = "alarms: ${jsonencode(aws_cloudwatch_metric_alarm.this)}"
  }
}

run "with_cluster_mode_the_nodes_are_those_of_shards_and_the_lag_may_have_dimensions_of_its_own" {
  command = plan
  module { source = "./modules/monitoring" }
  variables {
    shards                     = 2
    nodes_per_shard            = 3
    replication_lag_dimensions = { ReplicationGroupId = "sessions-usw2" }
  }

  assert {
    condition = { for name, alarm in aws_cloudwatch_metric_alarm.this : name => alarm.dimensions if alarm.metric_name == "GlobalDatastoreReplicationLag" } == {
      replication_lag = tomap({ ReplicationGroupId = "sessions-usw2" })
    }
    error_message = "alarms: ${jsonencode(aws_cloudwatch_metric_alarm.this)}"
  }

  assert {
    condition = output.cache_cluster_ids == tolist(flatten([for shard in ["0001", "0002"] : [
    for node in ["001", "002", "003"] : "sessions-usw2-${shard}-${node}"]]))
    error_message = "nodes: ${jsonencode(output.cache_cluster_ids)}"
  }
}

run "without_datastore_and_promoter_there_is_nothing_to_watch" {
  command = plan
  module { source = "./modules/monitoring" }
  variables {
    replication_group_id   = null
    promoter_function_name = null
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.this) == 0
    error_message = "alarms: ${jsonencode(aws_cloudwatch_metric_alarm.this)}"
  }
}

run "the_dashboard_has_a_column_a_region" {
  command = plan
  module { source = "./modules/monitoring" }
  variables {
    dashboard_regions = {
      us-east-1 = {
        cache_cluster_ids = ["sessions-use1-001"], probe_namespace = "Team/Redis", health_check_ids = { probe = "11111111-2222-3333-4444-555555555555" }
        alarm_arns        = ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:a"]
      }
      us-west-2 = { alarm_arns = ["arn:aws:cloudwatch:us-west-2:123456789012:alarm:a"] }
    }
  }

  assert {
    condition = jsonencode({ for region in ["us-east-1", "us-west-2"] : region => distinct([
      for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : [widget.x, widget.width]
      if widget.type == "metric" && widget.y >= 8 && try(widget.properties.region, "") == region])
    }) == jsonencode({ us-east-1 = [[0, 12]], us-west-2 = [[12, 12]] })
    error_message = "dashboard: ${aws_cloudwatch_dashboard.this[0].dashboard_body}"
  }
  # The metrics of the README's "Being told", the promoter's namespace, each in its own region.
  assert {
    condition = alltrue([for region in ["us-east-1", "us-west-2"] : alltrue([for metric in [
      "InPlace", "Standby", "Held", "Unknown", "Paused", "Promote", "WouldPromote", "Detach", "Promotions", "FailedPromotions", "Detachments", "FailedChecks",
      "TimeToPromote", "PromotionTime", "CheckTime"
      ] : anytrue(flatten([for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : [
        for row in try(widget.properties.metrics, []) : widget.properties.region == region && startswith(
    try(row[0].expression, ""), "SEARCH('Namespace=\"Promoter\" Region=\"${region}\" MetricName=\"${metric}\"',")]]))])])
    error_message = "dashboard: ${aws_cloudwatch_dashboard.this[0].dashboard_body}"
  }
  assert {
    condition = toset(flatten([for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : [
      for row in try(widget.properties.metrics, []) : "${widget.properties.region} ${regex("Namespace=\"([^\"]+)\"", row[0].expression)[0]} ${regex("MetricName=\"([^\"]+)\"", row[0].expression)[0]}"
      if try(!strcontains(row[0].expression, "\"Promoter\""), false)]])) == toset([
      "us-east-1 Team/Redis HealthCheckStatus", "us-east-1 Team/Redis HealthCheckLatency", "us-east-1 AWS/ElastiCache GlobalDatastoreReplicationLag",
      "us-west-2 Custom/Redis HealthCheckStatus", "us-west-2 Custom/Redis HealthCheckLatency", "us-west-2 AWS/ElastiCache GlobalDatastoreReplicationLag",
    ])
    error_message = "dashboard: ${aws_cloudwatch_dashboard.this[0].dashboard_body}"
  }
  assert {
    condition = toset(flatten([for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : [
      for row in try(widget.properties.metrics, []) : "${widget.properties.region} ${row[1]} ${row[3]}" if try(row[0] == "AWS/ElastiCache" && row[2] == "CacheClusterId", false)
      ]])) == toset(flatten([for metric in ["IsMaster", "EngineCPUUtilization", "DatabaseMemoryUsagePercentage"] : [
      "us-east-1 ${metric} sessions-use1-001", "us-west-2 ${metric} sessions-usw2-001", "us-west-2 ${metric} sessions-usw2-002"
    ]]))
    error_message = "dashboard: ${aws_cloudwatch_dashboard.this[0].dashboard_body}"
  }
  assert {
    condition = [for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : [widget.properties.region, [for row in widget.properties.metrics : slice(row, 0, 4)]]
      if widget.type == "metric" && try(widget.properties.metrics[0][0] == "AWS/Route53", false)] == [
    ["us-east-1", [["AWS/Route53", "HealthCheckStatus", "HealthCheckId", "11111111-2222-3333-4444-555555555555"]]]]
    error_message = "Health checks have their metric in us-east-1: ${aws_cloudwatch_dashboard.this[0].dashboard_body}"
  }
  assert {
    condition = [for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : widget.properties.alarms if widget.type == "alarm"] == [
    ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:a", "arn:aws:cloudwatch:us-west-2:123456789012:alarm:a"]]
    error_message = "dashboard: ${aws_cloudwatch_dashboard.this[0].dashboard_body}"
  }
}

run "too_little" {
  command = plan
  module { source = "./modules/monitoring" }
  variables {
    name                       = "team/monitoring"
    replication_group_id       = "sessions_usw2"
    nodes_per_shard            = 0
    shards                     = 0
    cache_cluster_ids          = ["1"]
    replication_lag_dimensions = {}
    promoter_function_name     = "arn:aws:lambda:us-west-2:123456789012:function:promoter"
    replication_lag_alarm      = { threshold = -1 }
    engine_cpu_alarm           = { threshold = -1 }
    memory_alarm               = { threshold = -1 }
    connections_alarm          = { threshold = -1 }
    evictions_alarm            = { threshold = -1 }
    throttles_alarm            = { threshold = -1 }
    alarm_actions              = ["alerts"]
    dashboard_regions          = { use1 = {} }
  }
  expect_failures = [
    var.name,
    var.replication_group_id,
    var.nodes_per_shard,
    var.shards,
    var.cache_cluster_ids,
    var.replication_lag_dimensions,
    var.promoter_function_name,
    var.replication_lag_alarm,
    var.engine_cpu_alarm,
    var.memory_alarm,
    var.connections_alarm,
    var.evictions_alarm,
    var.throttles_alarm,
    var.alarm_actions,
    var.dashboard_regions,
  ]
}

run "too_much_and_periods_that_are_none" {
  command = plan
  module { source = "./modules/monitoring" }
  variables {
    nodes_per_shard       = 7
    shards                = 501
    replication_lag_alarm = { threshold = 86401 }
    engine_cpu_alarm      = { threshold = 101 }
    memory_alarm          = { threshold = 101 }
    connections_alarm     = { threshold = 65001 }
    evictions_alarm       = { period = 30 }
    throttles_alarm       = { period = 90 }
    alarm_actions         = ["arn:aws:sns:us-east-1:123456789012:alerts"]
    dashboard_regions     = { us-east-1 = {}, us-east-2 = {}, us-west-1 = {}, us-west-2 = {}, eu-west-1 = {} }
  }
  expect_failures = [
    var.nodes_per_shard,
    var.shards,
    var.replication_lag_alarm,
    var.engine_cpu_alarm,
    var.memory_alarm,
    var.connections_alarm,
    var.evictions_alarm,
    var.throttles_alarm,
    var.alarm_actions,
    var.dashboard_regions,
  ]
}

run "periods_that_are_none_of_the_others" {
  command = plan
  module { source = "./modules/monitoring" }
  variables {
    replication_lag_alarm = { period = 30 }
    engine_cpu_alarm      = { period = 90 }
    memory_alarm          = { period = 0 }
    connections_alarm     = { period = 61 }
    evictions_alarm       = { evaluation_periods = 0 }
    throttles_alarm       = { evaluation_periods = 289 }
  }
  expect_failures = [
    var.replication_lag_alarm, var.engine_cpu_alarm, var.memory_alarm, var.connections_alarm, var.evictions_alarm, var.throttles_alarm,
  ]
}

run "numbers_of_periods_that_are_none_of_the_others" {
  command = plan
  module { source = "./modules/monitoring" }
  variables {
    replication_lag_alarm = { evaluation_periods = 0 }
    engine_cpu_alarm      = { evaluation_periods = 1.5 }
    memory_alarm          = { evaluation_periods = 1441 }
    connections_alarm     = { evaluation_periods = -1 }
  }
  expect_failures = [var.replication_lag_alarm, var.engine_cpu_alarm, var.memory_alarm, var.connections_alarm]
}

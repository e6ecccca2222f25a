# Dashboards are the account's, not a region's, but each of their graphs is of one region: a column for each.
locals {
  regions = sort(keys(var.dashboard_regions))
  columns = max(1, length(local.regions))
  width   = floor(24 / local.columns) # a dashboard is 24 wide
  alarms  = distinct(flatten([for region in local.regions : var.dashboard_regions[region].alarm_arns]))

  heading = "## ${var.name}\n${join(" and ", local.regions)}. The **active region** is the one whose checks come to *in place*: DNS leads there, and its member is the primary. *Standing by* is the other. Anything else that lasts is what the alarms are about."

  # By search, for whatever watches and dimensions there are; of nodes the names are known.
  found = { for region in local.regions : region => {
    promoter = "Namespace=\"Promoter\" Region=\"${region}\""
    probe    = "Namespace=\"${var.dashboard_regions[region].probe_namespace}\""
    # AWS does not say which dimensions the lag has.
    lag = "Namespace=\"AWS/ElastiCache\""
  } }
  shown_nodes = { for region in local.regions : region => var.dashboard_regions[region].cache_cluster_ids != null ? (
  var.dashboard_regions[region].cache_cluster_ids) : region == local.region ? tolist(local.nodes) : [] }

  # Each has a row, and a column a region.
  graphs = [
    {
      title   = "Active region and role: what the checks came to", stat = "Sum", in = "promoter"
      metrics = ["InPlace", "Standby", "Held", "Unknown", "Paused", "Promote", "WouldPromote", "Detach"]
    },
    { title = "Health, as probed", stat = "Minimum", in = "probe", metrics = ["HealthCheckStatus"] },
    { title = "Latency of good probes (ms)", stat = "Maximum", in = "probe", metrics = ["HealthCheckLatency"] },
    { title = "Replication lag behind the primary region (s)", stat = "Maximum", in = "lag", metrics = ["GlobalDatastoreReplicationLag"] },
    { title = "Promotions, and checks that failed", stat = "Sum", in = "promoter", metrics = ["Promotions", "FailedPromotions", "Detachments", "FailedChecks"] },
    { title = "What a promotion took, until AWS accepted it and until it was over (s)", stat = "Maximum", in = "promoter", metrics = ["TimeToPromote", "PromotionTime"] },
    { title = "What a check took (ms)", stat = "Maximum", in = "promoter", metrics = ["CheckTime"] },
    { title = "Primary nodes", stat = "Maximum", in = "nodes", metrics = ["IsMaster"] },
    { title = "Engine CPU and memory (%)", stat = "Maximum", in = "nodes", metrics = ["EngineCPUUtilization", "DatabaseMemoryUsagePercentage"] },
  ]

  # The health checks, whose metric is in one region for all the world.
  route53_region = "us-east-1"
  health_checks = concat([], [for region in local.regions : [for name, id in var.dashboard_regions[region].health_check_ids :
  ["AWS/Route53", "HealthCheckStatus", "HealthCheckId", id, { label = "${name} in ${region}" }]]]...)

  widgets = concat(
    [{ type = "text", x = 0, y = 0, width = 24, height = 2, properties = { markdown = local.heading } }],
    [for alarms in chunklist(local.alarms, 100) : { # more, a widget does not take
      type = "alarm", x = 0, y = 2, width = 12, height = 6, properties = { title = "Alarms", alarms = alarms }
    }],
    [for metrics in length(local.health_checks) > 0 ? [local.health_checks] : [] : {
      type = "metric", x = 12, y = 2, width = 12, height = 6
      properties = {
        title   = "What Route 53 goes by", region = local.route53_region, view = "timeSeries", stat = "Minimum", period = 60
        metrics = metrics, yAxis = { left = { min = 0, max = 1 } }
      }
    }],
    concat([], [for column, region in local.regions : [for row, graph in local.graphs : {
      type = "metric", x = column * local.width, y = 8 + row * 6, width = local.width, height = 6
      properties = {
        title = "${region}: ${graph.title}", region = region, view = "timeSeries", stat = graph.stat, period = 60
        yAxis = { left = { min = 0 } }
        metrics = concat(
          [for n, metric in graph.metrics : [{
            expression = "SEARCH('${local.found[region][graph.in]} MetricName=\"${metric}\"', '${graph.stat}', 60)", id = "e${n + 1}", label = metric
          }] if graph.in != "nodes"],
          [for pair in setproduct(graph.metrics, graph.in == "nodes" ? local.shown_nodes[region] : []) : ["AWS/ElastiCache", pair[0], "CacheClusterId", pair[1]]],
        )
      }
    } if graph.in != "nodes" || length(local.shown_nodes[region]) > 0]]...),
  )
}

resource "aws_cloudwatch_dashboard" "this" {
  count = length(var.dashboard_regions) > 0 ? 1 : 0

  dashboard_name = var.name
  dashboard_body = jsonencode({ start = "-PT3H", periodOverride = "inherit", widgets = local.widgets })
}

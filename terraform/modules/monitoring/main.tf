# What the modules promoter and probe do not watch: the datastore's member of this region, and a promoter that is
# throttled without end. And a dashboard over all regions, from the one whose call of the module names them. Call the
# module once a region; see ../../examples/health-record.

data "aws_region" "current" {}

locals {
  region = data.aws_region.current.id # `name` is deprecated in version 6 of the provider, `region` missing in 5

  # ElastiCache numbers the nodes of a replication group, and the shards of one with cluster mode before them.
  nodes = toset(var.cache_cluster_ids != null ? var.cache_cluster_ids : var.replication_group_id == null ? [] : flatten([
    for shard in var.shards == null ? [""] : [for n in range(var.shards) : format("-%04d", n + 1)] :
    [for n in range(var.nodes_per_shard) : format("%s%s-%03d", var.replication_group_id, shard, n + 1)]
  ]))
}

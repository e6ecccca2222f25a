# The way back after an Aurora cluster was detached: its clusters, parameter groups and the other region are in no variable.

data "aws_iam_policy_document" "rejoin" {
  #checkov:skip=CKV_AWS_356:what lists all clusters lets nobody restrict it
  count = var.operator_may_rejoin ? 1 : 0

  statement {
    sid       = "SeeClusters"
    actions   = ["rds:DescribeDBClusters", "rds:DescribeDBInstances", "rds:DescribeGlobalClusters"]
    resources = ["*"] # a list is of the whole account
  }

  statement {
    sid       = "RebuildGlobalCluster"
    actions   = ["rds:CreateGlobalCluster", "rds:ModifyGlobalCluster"]
    resources = concat(local.rejoin_global_arns, ["${local.rds_arn}:cluster:*"])
  }

  statement {
    sid     = "AddSecondary"
    actions = ["rds:CreateDBCluster", "rds:CreateDBInstance"]
    resources = concat(local.rejoin_global_arns,
    [for kind in ["cluster", "cluster-pg", "db", "og", "pg", "subgrp"] : "${local.rds_arn}:${kind}:*"])
  }

  # That of the secondary's region. RDS uses it on behalf of whoever makes the cluster, and nobody else can here.
  statement {
    sid       = "EncryptSecondary"
    actions   = ["kms:CreateGrant", "kms:DescribeKey"]
    resources = ["arn:${local.partition}:kms:*:${local.account}:key/*"]
    condition {
      test     = "StringLike"
      variable = "kms:ViaService"
      values   = ["rds.*.amazonaws.com", "rds.*.amazonaws.com.cn"]
    }
  }

  dynamic "statement" {
    for_each = var.operator_may_delete_old_cluster ? [1] : []
    content {
      sid = "DeleteOldCluster"
      actions = [
        "rds:AddTagsToResource", # a snapshot gets those of its cluster
        "rds:CreateDBClusterSnapshot",
        "rds:DeleteDBCluster",
        "rds:DeleteDBInstance",
        "rds:RemoveFromGlobalCluster",
      ]
      resources = concat(local.rejoin_global_arns,
      [for kind in ["cluster", "cluster-snapshot", "db"] : "${local.rds_arn}:${kind}:*"])
    }
  }

  # Only what was set aside: never the one that is in use.
  dynamic "statement" {
    for_each = var.operator_may_delete_old_cluster ? [1] : []
    content {
      sid       = "DeleteOldGlobalCluster"
      actions   = ["rds:DeleteGlobalCluster"]
      resources = [for id in local.cluster_ids : "${local.global_clusters_arn}:${lower(id)}-old"]
    }
  }
}

locals {
  rds_arn             = "arn:${local.partition}:rds:*:${local.account}"
  global_clusters_arn = "arn:${local.partition}:rds::${local.account}:global-cluster"
  rejoin_global_arns = flatten([for id in local.cluster_ids : [
  "${local.global_clusters_arn}:${lower(id)}", "${local.global_clusters_arn}:${lower(id)}-old"]])
}

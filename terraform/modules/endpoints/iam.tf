locals {
  elasticache_arn = "arn:${local.partition}:elasticache:${local.region}:${local.account}"
  # The ARN of a global replication group has no region. Its id may be left out: then it is the group's, whichever that is.
  datastore_arn = "arn:${local.partition}:elasticache::${local.account}:globalreplicationgroup:${coalesce(local.global_datastore_id, "*")}"

  # `one` of none is null.
  on_failure_service = one([for arn in var.on_failure_arn[*] : split(":", arn)[2]])
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "this" {
  statement {
    sid       = "WriteLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${local.log_group_arn}:*"] # its log streams, which Lambda names
  }

  statement {
    sid       = "ReadRecords"
    actions   = ["route53:GetHostedZone", "route53:ListResourceRecordSets"]
    resources = [local.zone_arn]
  }

  # Of each element of a batch: its name, its type, and what becomes of it. An existing record is changed by DELETE of
  # what was read and CREATE of what shall be; UPSERT, which overwrites what somebody else wrote since, is not allowed.
  statement {
    sid       = "ChangeRecords"
    actions   = ["route53:ChangeResourceRecordSets"]
    resources = [local.zone_arn]
    condition {
      test     = "ForAllValues:StringLike"
      variable = "route53:ChangeResourceRecordSetsNormalizedRecordNames"
      values   = local.record_names
    }
    condition {
      test     = "ForAllValues:StringEquals"
      variable = "route53:ChangeResourceRecordSetsRecordTypes"
      values   = ["CNAME"]
    }
    condition {
      test     = "ForAllValues:StringEquals"
      variable = "route53:ChangeResourceRecordSetsActions"
      values   = ["CREATE", "DELETE"]
    }
  }

  dynamic "statement" {
    for_each = var.wait_for_sync ? [1] : []
    content {
      sid       = "FollowChanges"
      actions   = ["route53:GetChange"]
      resources = ["arn:${local.partition}:route53:::change/*"] # Route 53 gives each change an id of its own
    }
  }

  dynamic "statement" {
    for_each = local.replication_group_id[*]
    content {
      sid       = "ReadCluster"
      actions   = ["elasticache:DescribeReplicationGroups"]
      resources = ["${local.elasticache_arn}:replicationgroup:${statement.value}"]
    }
  }

  dynamic "statement" {
    for_each = var.primary_record_name[*]
    content {
      sid       = "ReadDatastore"
      actions   = ["elasticache:DescribeGlobalReplicationGroups"]
      resources = [local.datastore_arn]
    }
  }

  dynamic "statement" {
    for_each = var.on_failure_arn[*]
    content {
      sid       = "SendFailures"
      actions   = [local.on_failure_service == "sqs" ? "sqs:SendMessage" : "sns:Publish"]
      resources = [statement.value]
    }
  }
}

# Roles are the account's, not a region's: the region is part of the name.
resource "aws_iam_role" "this" {
  name                 = "${var.name}-${local.region}"
  description          = "What ${var.name} may do in ${local.region}"
  assume_role_policy   = data.aws_iam_policy_document.assume.json
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags
}

resource "aws_iam_role_policy" "this" {
  name   = var.name
  role   = aws_iam_role.this.name
  policy = data.aws_iam_policy_document.this.json
}

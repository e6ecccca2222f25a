locals {
  # Each of them as IAM needs it: the zone without its prefix, ElastiCache's ids in lower case.
  zone_ids = distinct([for watch in local.watched :
  trimprefix(watch.hosted_zone_id, "/hostedzone/") if !watch.has_targets && watch.hosted_zone_id != null])
  datastore_ids = distinct([for watch in local.watched : watch.datastore_id if watch.datastore_id != null])
  cluster_ids   = distinct([for watch in local.watched : watch.cluster_id if watch.cluster_id != null])
  topic_arns    = distinct([for watch in local.watched : watch.topic_arn if watch.topic_arn != null])

  # The ARN of a global replication group has no region. A role's policy has room for 10,240 characters, of which these
  # two lists may take 3,500 each: some forty datastores. Past that, it is any datastore of the account.
  datastores_arn = "arn:${local.partition}:elasticache::${local.account}:globalreplicationgroup"
  promotable     = [for id in local.datastore_ids : "${local.datastores_arn}:${id}"]
  detachable = distinct([for watch in local.watched : "${local.datastores_arn}:${watch.datastore_id}"
  if watch.detaches && watch.datastore_id != null])
  promotable_arns = length(join("", local.promotable)) <= 3500 ? local.promotable : ["${local.datastores_arn}:*"]
  detachable_arns = length(join("", local.detachable)) <= 3500 ? local.detachable : ["${local.datastores_arn}:*"]
  detaches_clusters = anytrue([for watch in local.watched :
  watch.cluster_id != null && try(contains(["detach", "failover-then-detach"], watch.aurora_action), false)])
  is_lag_limited = anytrue([for watch in local.watched : watch.is_lag_limited])

  cluster_arns = concat(
    [for id in local.cluster_ids : "arn:${local.partition}:rds::${local.account}:global-cluster:${id}"],
    # The member to promote is a resource of the same actions, and its name is in no variable.
    ["arn:${local.partition}:rds:${local.region}:${local.account}:cluster:*"],
  )

  # The zone of the primary's names, which is needed with targets, too.
  primary_zone_arn = try("arn:${local.partition}:route53:::hostedzone/${trimprefix(var.hosted_zone_id, "/hostedzone/")}", null)

  # As a policy compares them.
  writer_names = [for name in [var.writer_record_name, var.reader_record_name] : lower(trimsuffix(name, ".")) if name != null]
  record_names = concat(local.writer_names, [for name in var.primary_record_name[*] : lower(trimsuffix(name, "."))])

  # Past so many the function asks for all datastores at once.
  most_read_one_by_one = 4

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

# What checks and orders have in common.
data "aws_iam_policy_document" "common" {
  #checkov:skip=CKV_AWS_111:only with a VPC, where Lambda needs network interfaces whose ids nobody knows before
  #checkov:skip=CKV_AWS_356:only with a VPC, X-Ray or many watches, for actions that AWS does not let anybody restrict

  dynamic "statement" {
    for_each = length(local.zone_ids) > 0 ? [1] : []
    content {
      sid       = "ReadRecords"
      actions   = ["route53:ListResourceRecordSets"]
      resources = [for id in local.zone_ids : "arn:${local.partition}:route53:::hostedzone/${id}"]
    }
  }

  dynamic "statement" {
    for_each = length(local.datastore_ids) > 0 ? [1] : []
    content {
      sid = "PromoteDatastore"
      actions = [
        "elasticache:DescribeGlobalReplicationGroups",
        "elasticache:FailoverGlobalReplicationGroup",
      ]
      resources = local.promotable_arns
    }
  }

  dynamic "statement" {
    for_each = length(local.datastore_ids) > local.most_read_one_by_one ? [1] : []
    content {
      sid       = "ListDatastores"
      actions   = ["elasticache:DescribeGlobalReplicationGroups"]
      resources = ["*"] # a list is of the whole account
    }
  }

  dynamic "statement" {
    for_each = length(local.cluster_ids) > 0 ? [1] : []
    content {
      sid = "PromoteGlobalCluster"
      actions = [
        "rds:DescribeGlobalClusters",
        "rds:FailoverGlobalCluster",
        "rds:SwitchoverGlobalCluster",
      ]
      resources = local.cluster_arns
    }
  }

  dynamic "statement" {
    for_each = length(local.topic_arns) > 0 ? [1] : []
    content {
      sid       = "Notify"
      actions   = ["sns:Publish"]
      resources = local.topic_arns
    }
  }

  dynamic "statement" {
    for_each = var.tracing_enabled ? [1] : []
    content {
      sid       = "WriteTraces"
      actions   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
      resources = ["*"] # X-Ray knows no resources for these
    }
  }

  dynamic "statement" {
    for_each = var.vpc_config[*]
    content {
      sid       = "AttachToVPC"
      actions   = local.network_interface_actions
      resources = ["*"] # Describe… takes nothing else, and the interfaces that Lambda makes have no names beforehand
    }
  }

  # They are Lambda's to use, on the function's behalf; the code itself needs none of them.
  dynamic "statement" {
    for_each = var.vpc_config[*]
    content {
      sid       = "AttachToVPCIsNotForTheCode"
      effect    = "Deny"
      actions   = local.network_interface_actions
      resources = ["*"]
      condition {
        test     = "ArnEquals"
        variable = "lambda:SourceFunctionArn"
        values   = var.create_operator_function ? values(local.function_arns) : [local.function_arns[var.name]]
      }
    }
  }
}

data "aws_iam_policy_document" "this" {
  #checkov:skip=CKV_AWS_356:CloudWatch lets nobody restrict what is read, and the rest is that of the common policy
  source_policy_documents = [data.aws_iam_policy_document.common.json]

  statement {
    sid       = "WriteLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${local.log_group_arns[var.name]}:*"] # its log streams, which Lambda names
  }

  dynamic "statement" {
    for_each = local.pause_enabled ? [1] : []
    content {
      sid       = "ReadPauseAndHistory"
      actions   = ["ssm:GetParameter"]
      resources = values(local.parameter_arns)
    }
  }

  # Not the pause: that is people's.
  dynamic "statement" {
    for_each = local.pause_enabled ? [1] : []
    content {
      sid       = "WriteHistory"
      actions   = ["ssm:PutParameter"]
      resources = [local.parameter_arns.history]
    }
  }

  dynamic "statement" {
    for_each = local.is_lag_limited ? [1] : []
    content {
      sid       = "ReadLag"
      actions   = local.lag_actions
      resources = ["*"] # CloudWatch knows no resources for these
    }
  }

  dynamic "statement" {
    for_each = length(local.detachable_arns) > 0 ? [1] : []
    content {
      sid       = "DetachMember"
      actions   = ["elasticache:DisassociateGlobalReplicationGroup"]
      resources = local.detachable_arns
    }
  }

  dynamic "statement" {
    for_each = local.detaches_clusters ? [1] : []
    content {
      sid       = "DetachCluster"
      actions   = ["rds:RemoveFromGlobalCluster"]
      resources = local.cluster_arns
    }
  }

  # The name of the primary, as in the module endpoints. An order leaves it to the checks after it.
  dynamic "statement" {
    for_each = var.primary_record_name[*]
    content {
      sid       = "ReadPrimaryRecord"
      actions   = ["route53:GetHostedZone", "route53:ListResourceRecordSets"]
      resources = [local.primary_zone_arn]
    }
  }

  dynamic "statement" {
    for_each = var.primary_record_name[*]
    content {
      sid       = "MovePrimaryRecord"
      actions   = ["route53:ChangeResourceRecordSets"]
      resources = [local.primary_zone_arn]
      condition {
        test     = "ForAllValues:StringEquals"
        variable = "route53:ChangeResourceRecordSetsNormalizedRecordNames"
        values   = [lower(trimsuffix(statement.value, "."))]
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
  }

  dynamic "statement" {
    for_each = var.primary_record_name != null && var.primary_endpoint == null ? [1] : []
    content {
      sid       = "ReadPrimaryEndpoint"
      actions   = ["elasticache:DescribeReplicationGroups"]
      resources = ["arn:${local.partition}:elasticache:${local.region}:${local.account}:replicationgroup:*"] # the datastore says which
    }
  }

  # The names of an Aurora cluster, likewise. Both are changed by one request.
  dynamic "statement" {
    for_each = length(local.writer_names) > 0 ? [1] : []
    content {
      sid       = "ReadWriterRecords"
      actions   = ["route53:GetHostedZone", "route53:ListResourceRecordSets"]
      resources = [local.primary_zone_arn]
    }
  }

  dynamic "statement" {
    for_each = length(local.writer_names) > 0 ? [1] : []
    content {
      sid       = "MoveWriterRecords"
      actions   = ["route53:ChangeResourceRecordSets"]
      resources = [local.primary_zone_arn]
      condition {
        test     = "ForAllValues:StringEquals"
        variable = "route53:ChangeResourceRecordSetsNormalizedRecordNames"
        values   = local.writer_names
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
  }

  dynamic "statement" {
    for_each = length(local.writer_names) > 0 ? [1] : []
    content {
      sid       = "ReadClusterEndpoints"
      actions   = ["rds:DescribeDBClusters"]
      resources = ["arn:${local.partition}:rds:${local.region}:${local.account}:cluster:*"] # the global cluster says which
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

locals {
  network_interface_actions = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
  ]
  lag_actions = ["cloudwatch:GetMetricData", "cloudwatch:ListMetrics"]
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

locals {
  # Each of them as IAM needs it: the zone without its prefix, ElastiCache's ids in lower case.
  zone_ids = distinct([for id in concat([var.hosted_zone_id], var.watches[*].hosted_zone_id) :
  trimprefix(id, "/hostedzone/") if id != null])
  datastore_ids = distinct([for id in concat([var.global_datastore_id], var.watches[*].global_datastore_id) :
  lower(id) if id != null])
  cluster_ids = distinct([for id in concat([var.global_cluster_id], var.watches[*].global_cluster_id) :
  lower(id) if id != null])
  topic_arns = distinct([for arn in concat([var.notify_topic_arn], var.watches[*].notify_topic_arn) : arn if arn != null])

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
  #checkov:skip=CKV_AWS_111:only with a VPC, where Lambda needs network interfaces whose ids nobody knows before
  #checkov:skip=CKV_AWS_356:only with a VPC or X-Ray, for actions that AWS does not let anybody restrict

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
      # The ARN of a global replication group has no region.
      resources = [for id in local.datastore_ids :
      "arn:${local.partition}:elasticache::${local.account}:globalreplicationgroup:${id}"]
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
      resources = concat(
        [for id in local.cluster_ids : "arn:${local.partition}:rds::${local.account}:global-cluster:${id}"],
        # The member to promote is a resource of the same actions, and its name is in no variable.
        ["arn:${local.partition}:rds:${local.region}:${local.account}:cluster:*"],
      )
    }
  }

  statement {
    sid       = "WriteLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${local.log_group_arn}:*"] # its log streams, which Lambda names
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
    for_each = var.on_failure_arn[*]
    content {
      sid       = "SendFailures"
      actions   = [local.on_failure_service == "sqs" ? "sqs:SendMessage" : "sns:Publish"]
      resources = [statement.value]
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
        values   = [local.function_arn]
      }
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

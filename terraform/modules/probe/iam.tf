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
  #checkov:skip=CKV_AWS_356:CloudWatch knows no resources for metrics, and a namespace restricts them; the rest is Lambda's in a VPC

  statement {
    sid       = "WriteLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${local.log_group_arn}:*"] # its log streams, which Lambda names
  }

  statement {
    sid       = "PublishHealth"
    actions   = ["cloudwatch:PutMetricData"]
    resources = ["*"] # CloudWatch knows no resources for this
    condition {
      test     = "StringEquals"
      variable = "cloudwatch:namespace"
      values   = [local.metric_namespace]
    }
  }

  dynamic "statement" {
    for_each = length(local.secret_arns) > 0 ? [1] : []
    content {
      sid       = "ReadSecret"
      actions   = ["secretsmanager:GetSecretValue"]
      resources = local.secret_arns
    }
  }

  # By way of Secrets Manager alone, and for these secrets alone, whatever else the key encrypts.
  dynamic "statement" {
    for_each = var.secret_kms_key_arn[*]
    content {
      sid       = "DecryptSecret"
      actions   = ["kms:Decrypt"]
      resources = [statement.value]
      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["secretsmanager.${local.region}.${data.aws_partition.current.dns_suffix}"]
      }
      condition {
        test     = "StringEquals"
        variable = "kms:EncryptionContext:SecretARN"
        values   = local.secret_arns
      }
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

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["states.amazonaws.com"]
    }
    # Not for the state machines of others, which Step Functions would carry out in this role as well.
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = values(local.machine_arns)
    }
  }
}

data "aws_iam_policy_document" "this" {
  #checkov:skip=CKV_AWS_111:the delivery of logs and the traces, for which AWS knows no resources
  #checkov:skip=CKV_AWS_356:the delivery of logs and the traces, for which AWS knows no resources

  statement {
    sid       = "GiveOrders"
    actions   = ["lambda:InvokeFunction"]
    resources = compact([var.operator_function_arn, var.promoter_function_arn])
  }

  dynamic "statement" {
    for_each = var.notify_topic_arn[*]
    content {
      sid       = "Notify"
      actions   = ["sns:Publish"]
      resources = [statement.value]
    }
  }

  # As Step Functions wants it; see https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html.
  statement {
    sid = "DeliverLogs"
    actions = [
      "logs:CreateLogDelivery",
      "logs:DeleteLogDelivery",
      "logs:DescribeLogGroups",
      "logs:DescribeResourcePolicies",
      "logs:GetLogDelivery",
      "logs:ListLogDeliveries",
      "logs:PutResourcePolicy",
      "logs:UpdateLogDelivery",
    ]
    resources = ["*"] # CloudWatch Logs knows no resources for these
  }

  dynamic "statement" {
    for_each = var.tracing_enabled ? [1] : []
    content {
      sid = "WriteTraces"
      actions = [
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
      ]
      resources = ["*"] # X-Ray knows no resources for these
    }
  }
}

# Roles are the account's, not a region's: the region is part of the name.
resource "aws_iam_role" "this" {
  name                 = "${var.name}-${local.region}"
  description          = "What the state machines ${var.name}-… may do in ${local.region}"
  assume_role_policy   = data.aws_iam_policy_document.assume.json
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags
}

resource "aws_iam_role_policy" "this" {
  name   = var.name
  role   = aws_iam_role.this.name
  policy = data.aws_iam_policy_document.this.json
}

# Orders: the second function of the same package, started by people, and by the plans of others.

resource "aws_cloudwatch_log_group" "operator" {
  #checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by itself; log_kms_key_arn is there for an own key
  #checkov:skip=CKV_AWS_338:kept as long as that of the checks; log_retention_days
  count = var.create_operator_function ? 1 : 0

  name              = local.log_group_names[local.operator_name]
  retention_in_days = var.log_retention_days
  kms_key_id        = var.log_kms_key_arn
  tags              = var.tags
}

# No resource policy: whoever invokes it from this account, a plan of ARC Region switch included, does so with a role of
# its own. No reserved concurrency either: an order is carried out by its caller's patience, and two do not harm, since
# each reads the datastore before it acts.
resource "aws_lambda_function" "operator" {
  #checkov:skip=CKV_AWS_50:tracing is there as tracing_enabled; it costs more than the function
  #checkov:skip=CKV_AWS_115:an order must not wait for another
  #checkov:skip=CKV_AWS_116:who gives an order waits for its answer, and a failed one must not be repeated later
  #checkov:skip=CKV_AWS_117:where the function that checks is; vpc_config is there for those who must
  #checkov:skip=CKV_AWS_173:the variables are names, not secrets, and are encrypted with the account's Lambda key
  #checkov:skip=CKV_AWS_272:a signing profile is the organisation's to make; source_code_hash pins the package
  count = var.create_operator_function ? 1 : 0

  function_name = local.operator_name
  description   = "Carries out orders to ${var.name}: status, pause, resume, failover, switchover, detach, history"
  role          = aws_iam_role.operator[0].arn

  filename         = var.package_file
  source_code_hash = filebase64sha256(var.package_file)
  runtime          = "provided.al2023"
  handler          = "operator"
  architectures    = [var.architecture]
  memory_size      = var.memory_size
  timeout          = 900 # an order is followed until the datastore is available again
  layers           = var.layers

  environment {
    variables = local.operator_environment
  }

  logging_config {
    log_format            = "JSON"
    application_log_level = var.log_level
    system_log_level      = var.system_log_level
    log_group             = aws_cloudwatch_log_group.operator[0].name
  }

  dynamic "vpc_config" {
    for_each = var.vpc_config[*]
    content {
      subnet_ids         = vpc_config.value.subnet_ids
      security_group_ids = vpc_config.value.security_group_ids
    }
  }

  tracing_config {
    mode = var.tracing_enabled ? "Active" : "PassThrough"
  }

  tags = var.tags

  depends_on = [aws_iam_role_policy.operator]
}

# Started without waiting for the answer, a failed order would be repeated by Lambda, twice, minutes later.
resource "aws_lambda_function_event_invoke_config" "operator" {
  count = var.create_operator_function ? 1 : 0

  function_name                = aws_lambda_function.operator[0].function_name
  maximum_retry_attempts       = 0
  maximum_event_age_in_seconds = 60
}

data "aws_iam_policy_document" "operator" {
  #checkov:skip=CKV_AWS_356:CloudWatch lets nobody restrict what is read, and the rest is that of the common policy
  source_policy_documents = concat([data.aws_iam_policy_document.common.json], data.aws_iam_policy_document.rejoin[*].json)

  statement {
    sid       = "WriteLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${local.log_group_arns[local.operator_name]}:*"]
  }

  # A switchover is for a lag that is known and small, whatever the checks go by.
  statement {
    sid       = "ReadLag"
    actions   = local.lag_actions
    resources = ["*"] # CloudWatch knows no resources for these
  }

  dynamic "statement" {
    for_each = local.pause_enabled ? [1] : []
    content {
      sid       = "PauseAndKeepHistory"
      actions   = ["ssm:GetParameter", "ssm:PutParameter"]
      resources = values(local.parameter_arns)
    }
  }

  # What cannot be taken back is not among what an order may do unless it is asked for, whatever the checks may.
  dynamic "statement" {
    for_each = var.operator_may_detach && length(local.promotable_arns) > 0 ? [1] : []
    content {
      sid       = "DetachMember"
      actions   = ["elasticache:DisassociateGlobalReplicationGroup"]
      resources = local.promotable_arns
    }
  }

  dynamic "statement" {
    for_each = var.operator_may_detach && length(local.cluster_ids) > 0 ? [1] : []
    content {
      sid       = "DetachCluster"
      actions   = ["rds:RemoveFromGlobalCluster"]
      resources = local.cluster_arns
    }
  }
}

resource "aws_iam_role" "operator" {
  count = var.create_operator_function ? 1 : 0

  name                 = "${local.operator_name}-${local.region}"
  description          = "What ${local.operator_name} may do in ${local.region}"
  assume_role_policy   = data.aws_iam_policy_document.assume.json
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags
}

resource "aws_iam_role_policy" "operator" {
  count = var.create_operator_function ? 1 : 0

  name   = local.operator_name
  role   = aws_iam_role.operator[0].name
  policy = data.aws_iam_policy_document.operator.json
}

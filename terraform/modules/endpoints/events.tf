# What starts the function: the cluster's notifications, so that it is soon, and a schedule, since those may be lost.

resource "aws_sns_topic" "this" {
  #checkov:skip=CKV_AWS_26:ElastiCache cannot publish to an encrypted topic; names of nodes and of events are no secrets
  count = local.create_topic ? 1 : 0

  name = var.name
  tags = var.tags
}

# The statement that ElastiCache's manual asks for. A new topic's own policy has `aws:SourceAccount` in its place, with
# which ElastiCache cannot publish: at the first event it would take the topic for `inactive`. Whoever it is that
# publishes, AWS says for which account; that is what has to be this one.
data "aws_iam_policy_document" "topic" {
  statement {
    sid       = "PublishForClustersOfThisAccount"
    actions   = ["sns:Publish"]
    resources = [local.topic_arn]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceOwner"
      values   = [local.account]
    }
  }
}

resource "aws_sns_topic_policy" "this" {
  count = local.create_topic ? 1 : 0

  arn    = local.topic_arn
  policy = data.aws_iam_policy_document.topic.json

  depends_on = [aws_sns_topic.this]
}

resource "aws_sns_topic_subscription" "this" {
  topic_arn = local.topic_arn
  protocol  = "lambda"
  endpoint  = aws_lambda_function.this.arn

  # What is delivered before it may be is lost.
  depends_on = [aws_sns_topic.this, aws_lambda_permission.topic]
}

resource "aws_lambda_permission" "topic" {
  statement_id  = "topic"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this.function_name
  principal     = "sns.amazonaws.com"
  source_arn    = local.topic_arn
}

resource "aws_cloudwatch_event_rule" "this" {
  name                = var.name
  description         = "Starts ${var.name}, whatever notifications came"
  schedule_expression = "rate(${var.schedule_minutes} ${var.schedule_minutes == 1 ? "minute" : "minutes"})"
  tags                = var.tags
}

resource "aws_cloudwatch_event_target" "this" {
  rule  = aws_cloudwatch_event_rule.this.name
  arn   = aws_lambda_function.this.arn
  input = jsonencode({ source = "schedule" }) # the function takes any event; a short one reads better in a failure queue

  retry_policy {
    maximum_retry_attempts       = 0
    maximum_event_age_in_seconds = 60
  }
}

resource "aws_lambda_permission" "schedule" {
  statement_id  = "schedule"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this.function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.this.arn
}

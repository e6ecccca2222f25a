# Pausing without a deployment, and the history of promotions: two parameters of Parameter Store, which cost nothing.
# The program would make the history itself. Made here, it goes with `terraform destroy`, and has the tags.

locals {
  pause_parameter = coalesce(var.pause_parameter, "/${var.name}/pause")
  parameter_names = { pause = local.pause_parameter, history = "${local.pause_parameter}-history" }
  parameter_arns = { for key, name in local.parameter_names :
  key => "arn:${local.partition}:ssm:${local.region}:${local.account}:parameter/${trimprefix(name, "/")}" }
}

resource "aws_ssm_parameter" "this" {
  #checkov:skip=CKV_AWS_337:no secret: whether promotions are paused, and which there were
  #checkov:skip=CKV2_AWS_34:no secret, and a key would be one thing more that has to work in an outage
  for_each = { for key, name in local.parameter_names : key => name if local.pause_enabled && var.create_pause_parameters }

  name        = each.value
  description = each.key == "pause" ? "Whether the promotions of ${var.name} are paused: running or paused" : "What ${var.name} promoted, the latest first"
  type        = "String"
  value       = each.key == "pause" ? "running" : "[]"
  tags        = var.tags

  # People pause, and the functions keep the history: neither is a difference to be undone.
  lifecycle {
    ignore_changes = [value]
  }
}

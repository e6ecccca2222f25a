# The network of one region: call it once for each, with that region's provider.
#
# Nothing in it leads to the internet. A function in these subnets reaches AWS through interface endpoints, and Lambda
# itself needs none: invocations, credentials and log lines do not pass through the VPC.

data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_caller_identity" "current" {
  count = var.flow_logs ? 1 : 0
}

data "aws_availability_zones" "available" {
  #checkov:skip=CKV_AWS_394:The first two names in order, which a zone added at the end does not change; whoever wants to be sure names the zones.
  count = length(var.availability_zones) == 0 ? 1 : 0

  state = "available"

  # No Local or Wavelength Zones: interface endpoints and Global Datastores are not to be had in them.
  filter {
    name   = "zone-type"
    values = ["availability-zone"]
  }
}

locals {
  region             = data.aws_region.current.id
  availability_zones = length(var.availability_zones) > 0 ? var.availability_zones : slice(data.aws_availability_zones.available[0].names, 0, 2)
  tags               = merge(var.tags, { Name = var.name })

  # Chinese endpoint services carry the partition in front of their names.
  service_prefix = data.aws_partition.current.partition == "aws-cn" ? "cn.com.amazonaws" : "com.amazonaws"

  route53_region = "us-east-1"
}

resource "aws_vpc" "this" {
  cidr_block = var.cidr

  # Both are needed for the private names of interface endpoints, and for a private hosted zone.
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = local.tags
}

# Every VPC has this group, and what is started without naming one gets it: without rules it admits nothing.
# Empty lists, not nothing: rules that somebody adds later are a difference then, and go at the next apply.
resource "aws_default_security_group" "closed" {
  vpc_id  = aws_vpc.this.id
  ingress = []
  egress  = []
  tags    = merge(var.tags, { Name = "${var.name}-default-closed" })
}

resource "aws_subnet" "private" {
  for_each = { for index, zone in local.availability_zones : zone => index }

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  # Room for eight, so that a zone more does not renumber those that exist.
  cidr_block              = cidrsubnet(var.cidr, 3, each.value)
  map_public_ip_on_launch = false

  tags = merge(var.tags, { Name = "${var.name}-private-${each.key}" })
}

# One table for all: without NAT gateways, no zone has a route of its own. A peering adds its routes to it from outside,
# which is why no `route` block may stand here: it would remove them at the next apply.
resource "aws_route_table" "private" {
  vpc_id = aws_vpc.this.id
  tags   = merge(var.tags, { Name = "${var.name}-private" })
}

resource "aws_route_table_association" "private" {
  for_each = aws_subnet.private

  subnet_id      = each.value.id
  route_table_id = aws_route_table.private.id
}

# --- Security groups -------------------------------------------------------------------------------------------------

resource "aws_security_group" "function" {
  #checkov:skip=CKV2_AWS_5:The function that it is for is made outside of this module, from its output.
  name        = "${var.name}-function"
  description = "The promoter: HTTPS to the interface endpoints, and nothing else"
  vpc_id      = aws_vpc.this.id
  tags        = merge(var.tags, { Name = "${var.name}-function" })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group" "endpoints" {
  name        = "${var.name}-endpoints"
  description = "Interface endpoints: HTTPS from named security groups"
  vpc_id      = aws_vpc.this.id
  tags        = merge(var.tags, { Name = "${var.name}-endpoints" })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "function_to_endpoints" {
  security_group_id            = aws_security_group.function.id
  description                  = "HTTPS to the interface endpoints"
  referenced_security_group_id = aws_security_group.endpoints.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  tags                         = var.tags
}

resource "aws_vpc_security_group_ingress_rule" "endpoints_from_function" {
  security_group_id            = aws_security_group.endpoints.id
  description                  = "HTTPS from the promoter"
  referenced_security_group_id = aws_security_group.function.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  tags                         = var.tags
}

resource "aws_vpc_security_group_ingress_rule" "endpoints_from_clients" {
  for_each = var.endpoint_client_security_group_ids

  security_group_id            = aws_security_group.endpoints.id
  description                  = "HTTPS from ${each.key}"
  referenced_security_group_id = each.value
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  tags                         = var.tags
}

# --- Interface endpoints ---------------------------------------------------------------------------------------------

resource "aws_vpc_endpoint" "interface" {
  for_each = var.interface_endpoints

  vpc_id              = aws_vpc.this.id
  service_name        = "${local.service_prefix}.${local.region}.${each.key}"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = [for zone in local.availability_zones : aws_subnet.private[zone].id]
  security_group_ids  = [aws_security_group.endpoints.id]
  private_dns_enabled = true

  tags = merge(var.tags, { Name = "${var.name}-${each.key}" })
}

resource "aws_vpc_endpoint" "route53" {
  count = var.route53_endpoint ? 1 : 0

  vpc_id       = aws_vpc.this.id
  service_name = "com.amazonaws.route53"
  # Only from other regions: named in its own, it would make the provider treat the service as a customer's.
  service_region      = local.region == local.route53_region ? null : local.route53_region
  vpc_endpoint_type   = "Interface"
  subnet_ids          = [for zone in local.availability_zones : aws_subnet.private[zone].id]
  security_group_ids  = [aws_security_group.endpoints.id]
  private_dns_enabled = true

  tags = merge(var.tags, { Name = "${var.name}-route53" })

  lifecycle {
    precondition {
      condition     = data.aws_partition.current.partition == "aws"
      error_message = "The partition of ${local.region} has no interface endpoint for Route 53 that this module knows: set route53_endpoint = false, and keep the promoter out of the VPC or give the VPC another way to Route 53."
    }
  }
}

# --- Flow logs -------------------------------------------------------------------------------------------------------

locals {
  flow_log_group = "/aws/vpc/${var.name}/flow-logs"
  flow_log_arn = var.flow_logs ? join(":", [
    "arn", data.aws_partition.current.partition, "logs", local.region, data.aws_caller_identity.current[0].account_id,
    "log-group", local.flow_log_group
  ]) : ""
}

resource "aws_cloudwatch_log_group" "flow_logs" {
  #checkov:skip=CKV_AWS_158:The key is the caller's choice, flow_log_kms_key_arn; without one, AWS encrypts with its own.
  #checkov:skip=CKV_AWS_338:The retention is the caller's choice, flow_log_retention_days; it is a year unless they say otherwise.
  count = var.flow_logs ? 1 : 0

  name              = local.flow_log_group
  retention_in_days = var.flow_log_retention_days
  kms_key_id        = var.flow_log_kms_key_arn
  tags              = var.tags
}

data "aws_iam_policy_document" "flow_logs_trust" {
  count = var.flow_logs ? 1 : 0

  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["vpc-flow-logs.amazonaws.com"]
    }
    # The service acts for whoever asks it to; only this account may be who asks.
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current[0].account_id]
    }
  }
}

data "aws_iam_policy_document" "flow_logs" {
  count = var.flow_logs ? 1 : 0

  statement {
    actions   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    resources = [local.flow_log_arn, "${local.flow_log_arn}:*"]
  }
}

resource "aws_iam_role" "flow_logs" {
  count = var.flow_logs ? 1 : 0

  # IAM is global: two regions with the same `name` must not collide.
  name               = "${var.name}-flow-logs-${local.region}"
  assume_role_policy = data.aws_iam_policy_document.flow_logs_trust[0].json
  tags               = var.tags
}

resource "aws_iam_role_policy" "flow_logs" {
  count = var.flow_logs ? 1 : 0

  name   = "write-flow-logs"
  role   = aws_iam_role.flow_logs[0].name
  policy = data.aws_iam_policy_document.flow_logs[0].json
}

resource "aws_flow_log" "this" {
  count = var.flow_logs ? 1 : 0

  vpc_id          = aws_vpc.this.id
  traffic_type    = "ALL"
  iam_role_arn    = aws_iam_role.flow_logs[0].arn
  log_destination = aws_cloudwatch_log_group.flow_logs[0].arn
  tags            = local.tags
}

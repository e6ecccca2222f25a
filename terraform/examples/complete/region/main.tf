# What each region of the example has alike: the network, the application's security group, the load balancer.

module "network" {
  source = "../../../modules/network"

  name               = var.name
  cidr               = var.cidr
  availability_zones = var.availability_zones
  flow_logs          = var.flow_logs
  tags               = var.tags

  # The promoter is told its targets, and asks nobody outside of the region: not Route 53, whose API is in us-east-1.
  interface_endpoints = ["elasticache", "ssm"]
  route53_endpoint    = false
}

# --- For the application ---------------------------------------------------------------------------------------------

resource "aws_security_group" "application" {
  #checkov:skip=CKV2_AWS_5:For the application, which is not part of this example.
  name        = "${var.name}-application"
  description = "Clients of the datastore, in either region"
  vpc_id      = module.network.vpc_id
  tags        = merge(var.tags, { Name = "${var.name}-application" })
}

resource "aws_vpc_security_group_egress_rule" "application_to_datastore" {
  for_each = { here = var.cidr, there = var.peer_cidr }

  security_group_id = aws_security_group.application.id
  description       = "The datastore's member ${each.key}"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = var.application_datastore_port
  to_port           = var.application_datastore_port
  tags              = var.tags
}

resource "aws_vpc_security_group_ingress_rule" "application_from_load_balancer" {
  count = var.load_balancer ? 1 : 0

  security_group_id            = aws_security_group.application.id
  description                  = "The load balancer, and its health checks"
  referenced_security_group_id = aws_security_group.load_balancer[0].id
  ip_protocol                  = "tcp"
  from_port                    = var.load_balancer_port
  to_port                      = var.load_balancer_port
  tags                         = var.tags
}

# --- The load balancer -----------------------------------------------------------------------------------------------
# The least that a failover record can point to: internal, TCP, and without targets. Its name says the region, and
# Route 53 evaluates its health, which is that of what you register.

resource "aws_security_group" "load_balancer" {
  count = var.load_balancer ? 1 : 0

  name        = "${var.name}-load-balancer"
  description = "Load balancer: from both VPCs, to the application"
  vpc_id      = module.network.vpc_id
  tags        = merge(var.tags, { Name = "${var.name}-load-balancer" })
}

resource "aws_vpc_security_group_ingress_rule" "load_balancer" {
  for_each = { for side, range in { here = var.cidr, there = var.peer_cidr } : side => range if var.load_balancer }

  security_group_id = aws_security_group.load_balancer[0].id
  description       = "Clients ${each.key}"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = var.load_balancer_port
  to_port           = var.load_balancer_port
  tags              = var.tags
}

resource "aws_vpc_security_group_egress_rule" "load_balancer" {
  count = var.load_balancer ? 1 : 0

  security_group_id            = aws_security_group.load_balancer[0].id
  description                  = "The application"
  referenced_security_group_id = aws_security_group.application.id
  ip_protocol                  = "tcp"
  from_port                    = var.load_balancer_port
  to_port                      = var.load_balancer_port
  tags                         = var.tags
}

resource "aws_lb" "this" {
  #checkov:skip=CKV_AWS_91:Access logs need a bucket, which is the user's: load_balancer_log_buckets.
  #checkov:skip=CKV_AWS_150:An example has to be destroyable; load_balancer_protected is there for what stays.
  count = var.load_balancer ? 1 : 0

  # A load balancer's name has 32 characters at most. The region is in its DNS name anyway, which is what promoter reads.
  name                             = trimsuffix(substr(var.name, 0, 32), "-")
  load_balancer_type               = "network"
  internal                         = true
  subnets                          = module.network.private_subnet_ids
  security_groups                  = [aws_security_group.load_balancer[0].id]
  enable_cross_zone_load_balancing = true
  enable_deletion_protection       = var.load_balancer_protected
  tags                             = var.tags

  dynamic "access_logs" {
    for_each = var.load_balancer_log_bucket == null ? [] : [var.load_balancer_log_bucket]
    content {
      bucket  = access_logs.value
      enabled = true
    }
  }
}

resource "aws_lb_target_group" "this" {
  count = var.load_balancer ? 1 : 0

  name        = trimsuffix(substr(var.name, 0, 32), "-")
  port        = var.load_balancer_port
  protocol    = "TCP"
  target_type = "ip"
  vpc_id      = module.network.vpc_id
  tags        = var.tags

  health_check {
    protocol            = "TCP"
    interval            = 10
    healthy_threshold   = 3
    unhealthy_threshold = 3
  }
}

resource "aws_lb_listener" "this" {
  #checkov:skip=CKV_AWS_2:TCP is passed through: TLS ends at the application.
  #checkov:skip=CKV_AWS_103:TCP is passed through: TLS ends at the application.
  count = var.load_balancer ? 1 : 0

  load_balancer_arn = aws_lb.this[0].arn
  port              = var.load_balancer_port
  protocol          = "TCP"
  tags              = var.tags

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this[0].arn
  }
}

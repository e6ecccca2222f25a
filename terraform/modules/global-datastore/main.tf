# One region's member of a Global Datastore, and with role = "primary" the Global Datastore itself. Call it once for
# each region, with that region's provider; the primary first, by handing its id to the others.
#
# Terraform makes the members. Which of them writes is decided afterwards, by promotions that Terraform does not know
# of, and nothing here may undo those: see the two `lifecycle` blocks.

locals {
  # Not "global_datastore_id == null": that id is unknown while the primary is being planned, and a count must be known.
  primary        = var.role == "primary"
  cluster_mode   = var.num_node_groups != null
  engine_version = split(".", var.engine_version)
  # Families are named by major version, those of Redis 6 with an x.
  family          = "${var.engine}${local.engine_version[0]}${var.engine == "redis" && local.engine_version[0] == "6" ? ".x" : ""}"
  parameter_group = local.primary && length(var.parameters) > 0
  tags            = merge(var.tags, { Name = var.name })
}

resource "aws_elasticache_subnet_group" "this" {
  name        = var.name
  description = "Private subnets of ${var.name}"
  subnet_ids  = var.subnet_ids
  tags        = local.tags
}

resource "aws_security_group" "this" {
  name        = "${var.name}-datastore"
  description = "Replication group ${var.name}: from named clients only"
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, { Name = "${var.name}-datastore" })

  lifecycle {
    create_before_destroy = true
  }
}

# No egress rule: the nodes answer, and replication between regions does not pass through the VPC's groups.
resource "aws_vpc_security_group_ingress_rule" "groups" {
  for_each = var.client_security_group_ids

  security_group_id            = aws_security_group.this.id
  description                  = "From ${each.key}"
  referenced_security_group_id = each.value
  ip_protocol                  = "tcp"
  from_port                    = var.port
  to_port                      = var.port
  tags                         = var.tags
}

resource "aws_vpc_security_group_ingress_rule" "ranges" {
  for_each = var.client_cidrs

  security_group_id = aws_security_group.this.id
  description       = "From ${each.key}"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = var.port
  to_port           = var.port
  tags              = var.tags
}

resource "aws_elasticache_parameter_group" "this" {
  count = local.parameter_group ? 1 : 0

  name        = "${var.name}-${replace(local.family, ".", "")}"
  family      = local.family
  description = "Parameters that ${var.name} starts with"
  tags        = local.tags

  dynamic "parameter" {
    for_each = local.cluster_mode ? merge(var.parameters, { cluster-enabled = "yes" }) : var.parameters
    content {
      name  = parameter.key
      value = parameter.value
    }
  }

  lifecycle {
    # Another major version is another family, and so another group: the old one is in use until the upgrade is done.
    create_before_destroy = true
  }
}

resource "aws_elasticache_replication_group" "this" {
  #checkov:skip=CKV_AWS_29:True for the primary; a secondary inherits it, and may not be told. The tests assert it.
  #checkov:skip=CKV_AWS_30:True for the primary; a secondary inherits it, and may not be told. The tests assert it.
  #checkov:skip=CKV_AWS_31:Encrypted in transit; auth_token and user_group_ids are the caller's choice.
  #checkov:skip=CKV_AWS_191:The key is the caller's choice, kms_key_arn; without one, AWS encrypts with its own.
  replication_group_id = var.name
  description          = var.description

  # A secondary gets all of this from the Global Datastore, and the API refuses a request that names it.
  global_replication_group_id = local.primary ? null : var.global_datastore_id
  engine                      = local.primary ? var.engine : null
  engine_version              = local.primary ? var.engine_version : null
  node_type                   = local.primary ? var.node_type : null
  num_node_groups             = local.primary ? var.num_node_groups : null
  parameter_group_name = (
    !local.primary ? null :
    local.parameter_group ? aws_elasticache_parameter_group.this[0].name :
    "default.${local.family}${local.cluster_mode ? ".cluster.on" : ""}"
  )
  at_rest_encryption_enabled = local.primary ? true : null
  transit_encryption_enabled = local.primary ? true : null
  kms_key_id                 = var.kms_key_arn

  automatic_failover_enabled = true
  multi_az_enabled           = true
  num_cache_clusters         = local.cluster_mode ? null : var.nodes_per_shard
  replicas_per_node_group    = local.cluster_mode ? var.nodes_per_shard - 1 : null

  port               = var.port
  subnet_group_name  = aws_elasticache_subnet_group.this.name
  security_group_ids = [aws_security_group.this.id]
  auth_token         = var.auth_token
  user_group_ids     = length(var.user_group_ids) > 0 ? var.user_group_ids : null

  maintenance_window        = var.maintenance_window
  snapshot_retention_limit  = var.snapshot_retention_days
  snapshot_window           = var.snapshot_window
  final_snapshot_identifier = var.final_snapshot_identifier
  notification_topic_arn    = var.notification_topic_arn
  apply_immediately         = var.apply_immediately
  tags                      = local.tags

  lifecycle {
    # Once it is a member, these belong to the Global Datastore: it is changed (the resource below), and the change
    # comes to every member. A request to the member itself is refused, so a difference here must not become one.
    ignore_changes = [
      automatic_failover_enabled,
      engine,
      engine_version,
      node_type,
      num_node_groups,
      parameter_group_name,
      # Detaching and re-adding a member is an operator's work after a disaster, and would read as "replace".
      global_replication_group_id,
    ]
  }
}

resource "aws_elasticache_global_replication_group" "this" {
  count = local.primary ? 1 : 0

  global_replication_group_id_suffix   = var.global_datastore_suffix
  global_replication_group_description = var.description
  primary_replication_group_id         = aws_elasticache_replication_group.this.replication_group_id

  # The same values as the primary's at the start, so that nothing is modified then; later changes are made here.
  automatic_failover_enabled = true
  cache_node_type            = var.node_type
  engine_version             = var.engine_version
  num_node_groups            = var.num_node_groups
  parameter_group_name       = var.major_upgrade_parameter_group_name

  lifecycle {
    # A promotion changes which group is primary, and the provider can follow a change of this argument only by
    # replacing the Global Datastore. Without this line, the first apply after a failover would destroy it.
    ignore_changes = [primary_replication_group_id]
  }
}

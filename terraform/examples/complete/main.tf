# Everything in two regions, with one apply: networks and their peering, a Global Datastore, a private zone with a
# failover record, a load balancer for the record to point to, and a promoter in each region.

provider "aws" {
  alias  = "primary"
  region = var.primary_region
}

provider "aws" {
  alias  = "secondary"
  region = var.secondary_region
}

# --- Networks --------------------------------------------------------------------------------------------------------

module "primary" {
  source    = "./region"
  providers = { aws = aws.primary }

  name                       = "${var.name}-${var.primary_region}"
  cidr                       = var.primary_cidr
  peer_cidr                  = var.secondary_cidr
  availability_zones         = lookup(var.availability_zones, var.primary_region, [])
  flow_logs                  = var.flow_logs
  load_balancer              = length(var.targets) == 0
  load_balancer_port         = var.load_balancer_port
  load_balancer_protected    = var.load_balancer_protected
  load_balancer_log_bucket   = lookup(var.load_balancer_log_buckets, var.primary_region, null)
  application_datastore_port = var.datastore_port
  tags                       = var.tags
}

module "secondary" {
  source    = "./region"
  providers = { aws = aws.secondary }

  name                       = "${var.name}-${var.secondary_region}"
  cidr                       = var.secondary_cidr
  peer_cidr                  = var.primary_cidr
  availability_zones         = lookup(var.availability_zones, var.secondary_region, [])
  flow_logs                  = var.flow_logs
  load_balancer              = length(var.targets) == 0
  load_balancer_port         = var.load_balancer_port
  load_balancer_protected    = var.load_balancer_protected
  load_balancer_log_bucket   = lookup(var.load_balancer_log_buckets, var.secondary_region, null)
  application_datastore_port = var.datastore_port
  tags                       = var.tags
}

module "peering" {
  source    = "../../modules/network-peering"
  providers = { aws.requester = aws.primary, aws.accepter = aws.secondary }

  name = var.name
  tags = var.tags

  requester = {
    vpc_id          = module.primary.vpc_id
    cidr            = var.primary_cidr
    route_table_ids = module.primary.route_table_ids
  }
  accepter = {
    vpc_id          = module.secondary.vpc_id
    cidr            = var.secondary_cidr
    route_table_ids = module.secondary.route_table_ids
  }
}

# --- The Global Datastore --------------------------------------------------------------------------------------------

module "datastore_primary" {
  source    = "../../modules/global-datastore"
  providers = { aws = aws.primary }

  name                    = "${var.name}-${var.primary_region}"
  role                    = "primary"
  global_datastore_suffix = var.name
  engine                  = var.engine
  engine_version          = var.engine_version
  node_type               = var.node_type
  nodes_per_shard         = var.nodes_per_region
  port                    = var.datastore_port
  vpc_id                  = module.primary.vpc_id
  subnet_ids              = module.primary.private_subnet_ids
  kms_key_arn             = lookup(var.kms_key_arns, var.primary_region, null)
  auth_token              = var.auth_token
  tags                    = var.tags

  client_security_group_ids = { application = module.primary.application_security_group_id }
  # The other region's clients write here while this region is the primary. Its groups cannot be named from here.
  client_cidrs = { (var.secondary_region) = var.secondary_cidr }
}

module "datastore_secondary" {
  source    = "../../modules/global-datastore"
  providers = { aws = aws.secondary }

  name                = "${var.name}-${var.secondary_region}"
  role                = "secondary"
  global_datastore_id = module.datastore_primary.global_datastore_id
  nodes_per_shard     = var.nodes_per_region
  port                = var.datastore_port
  vpc_id              = module.secondary.vpc_id
  subnet_ids          = module.secondary.private_subnet_ids
  kms_key_arn         = lookup(var.kms_key_arns, var.secondary_region, null)
  auth_token          = var.auth_token
  tags                = var.tags

  client_security_group_ids = { application = module.secondary.application_security_group_id }
  client_cidrs              = { (var.primary_region) = var.primary_cidr }
}

# --- The record that decides -----------------------------------------------------------------------------------------

resource "aws_route53_zone" "private" {
  #checkov:skip=CKV2_AWS_38:DNSSEC signing is for public zones; this one is private.
  #checkov:skip=CKV2_AWS_39:Query logging of a private zone is the resolver's, per VPC, and a choice of the whole organisation.
  provider = aws.primary

  name    = var.zone_name
  comment = "Where ${var.name} is active"
  tags    = var.tags

  # Both, or the promoter of the other region would resolve nothing.
  vpc {
    vpc_id     = module.primary.vpc_id
    vpc_region = var.primary_region
  }
  vpc {
    vpc_id     = module.secondary.vpc_id
    vpc_region = var.secondary_region
  }
}

locals {
  targets = length(var.targets) > 0 ? var.targets : {
    (var.primary_region)   = merge(module.primary.load_balancer, { health_check_id = null })
    (var.secondary_region) = merge(module.secondary.load_balancer, { health_check_id = null })
  }
}

resource "aws_route53_record" "primary" {
  #checkov:skip=CKV2_AWS_23:The alias leads to a load balancer, of ./region or the user's own.
  provider = aws.primary

  zone_id         = aws_route53_zone.private.zone_id
  name            = var.dns_name
  type            = "A"
  set_identifier  = var.primary_region
  health_check_id = local.targets[var.primary_region].health_check_id

  failover_routing_policy {
    type = "PRIMARY"
  }
  alias {
    name                   = local.targets[var.primary_region].dns_name
    zone_id                = local.targets[var.primary_region].zone_id
    evaluate_target_health = true
  }
}

resource "aws_route53_record" "secondary" {
  #checkov:skip=CKV2_AWS_23:The alias leads to a load balancer, of ./region or the user's own.
  provider = aws.primary

  zone_id         = aws_route53_zone.private.zone_id
  name            = var.dns_name
  type            = "A"
  set_identifier  = var.secondary_region
  health_check_id = local.targets[var.secondary_region].health_check_id

  failover_routing_policy {
    type = "SECONDARY"
  }
  alias {
    name                   = local.targets[var.secondary_region].dns_name
    zone_id                = local.targets[var.secondary_region].zone_id
    evaluate_target_health = true
  }
}

# --- The promoters ---------------------------------------------------------------------------------------------------

locals {
  # What `make package` built on this machine, unless you say otherwise.
  built  = { for architecture in ["x86_64", "arm64"] : architecture => "${path.module}/../../../dist/promoter-${architecture}.zip" }
  is_arm = var.package_file == null ? fileexists(local.built.arm64) && !fileexists(local.built.x86_64) : endswith(var.package_file, "arm64.zip")

  architecture = coalesce(var.architecture, local.is_arm ? "arm64" : "x86_64")
  package_file = coalesce(var.package_file, local.built[local.architecture])

  # What the record set above leads to. Told so, a promoter need not ask Route 53's API for it.
  record_targets = { for region, target in local.targets : region => [target.dns_name] }
}

module "promoter_primary" {
  source    = "../../modules/promoter"
  providers = { aws = aws.primary }

  name                = "${var.name}-promoter"
  package_file        = local.package_file
  architecture        = local.architecture
  record_targets      = local.record_targets
  dns_name            = var.dns_name
  global_datastore_id = module.datastore_primary.global_datastore_id
  dry_run             = var.dry_run
  paused              = var.paused
  alarm_actions       = lookup(var.alarm_actions, var.primary_region, [])
  tags                = var.tags

  # In the VPC, because only there the private zone is resolved. Its endpoint for SSM is what pausing takes.
  pause_enabled = true
  vpc_config = {
    subnet_ids         = module.primary.private_subnet_ids
    security_group_ids = [module.primary.function_security_group_id]
  }

  reserved_concurrent_executions = var.reserved_concurrent_executions
}

module "promoter_secondary" {
  source    = "../../modules/promoter"
  providers = { aws = aws.secondary }

  name                = "${var.name}-promoter"
  package_file        = local.package_file
  architecture        = local.architecture
  record_targets      = local.record_targets
  dns_name            = var.dns_name
  global_datastore_id = module.datastore_secondary.global_datastore_id
  dry_run             = var.dry_run
  paused              = var.paused
  alarm_actions       = lookup(var.alarm_actions, var.secondary_region, [])
  tags                = var.tags

  pause_enabled = true
  vpc_config = {
    subnet_ids         = module.secondary.private_subnet_ids
    security_group_ids = [module.secondary.function_security_group_id]
  }

  reserved_concurrent_executions = var.reserved_concurrent_executions
}

# The members of a Global Datastore, as planned by the real provider. Nothing is sent anywhere.

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  name                    = "sessions-use1"
  role                    = "primary"
  global_datastore_suffix = "sessions"
  vpc_id                  = "vpc-11111111"
  subnet_ids              = ["subnet-11111111", "subnet-22222222"]
}

run "a_primary" {
  command = plan
  module { source = "./modules/global-datastore" }

  assert {
    condition     = aws_elasticache_replication_group.this.at_rest_encryption_enabled == "true" && aws_elasticache_replication_group.this.transit_encryption_enabled
    error_message = "Encrypted on disk and on the wire."
  }
  assert {
    condition     = aws_elasticache_replication_group.this.multi_az_enabled && aws_elasticache_replication_group.this.automatic_failover_enabled && aws_elasticache_replication_group.this.num_cache_clusters == 2
    error_message = "A replica in another zone, which takes over by itself."
  }
  assert {
    condition     = aws_elasticache_replication_group.this.engine == "valkey" && aws_elasticache_replication_group.this.engine_version == "8.0" && aws_elasticache_replication_group.this.parameter_group_name == "default.valkey8"
    error_message = "Valkey 8 with its own parameters, unless told otherwise."
  }
  assert {
    condition     = aws_elasticache_replication_group.this.snapshot_retention_limit == 7 && aws_elasticache_replication_group.this.port == 6379
    error_message = "A week of backups, and the usual port."
  }
  assert {
    condition     = length(aws_elasticache_parameter_group.this) == 0
    error_message = "No parameter group without parameters."
  }
  assert {
    condition     = aws_elasticache_global_replication_group.this[0].global_replication_group_id_suffix == "sessions"
    error_message = "The Global Datastore is named by its suffix."
  }
  assert {
    condition = (
      aws_elasticache_global_replication_group.this[0].engine_version == aws_elasticache_replication_group.this.engine_version &&
      aws_elasticache_global_replication_group.this[0].cache_node_type == aws_elasticache_replication_group.this.node_type &&
      aws_elasticache_global_replication_group.this[0].automatic_failover_enabled == aws_elasticache_replication_group.this.automatic_failover_enabled
    )
    error_message = "The Global Datastore begins as its primary is: otherwise it would be modified before the secondaries join."
  }
  assert {
    condition     = aws_elasticache_subnet_group.this.subnet_ids == toset(["subnet-11111111", "subnet-22222222"])
    error_message = "The nodes are in the private subnets."
  }
}

run "a_secondary" {
  command = plan
  module { source = "./modules/global-datastore" }
  variables {
    name                    = "sessions-usw2"
    role                    = "secondary"
    global_datastore_suffix = null
    global_datastore_id     = "ldgnf-sessions"
    nodes_per_shard         = 3
    parameters              = { maxmemory-policy = "allkeys-lru" }
  }

  assert {
    condition     = aws_elasticache_replication_group.this.global_replication_group_id == "ldgnf-sessions"
    error_message = "It joins the Global Datastore."
  }
  assert {
    condition     = length(aws_elasticache_global_replication_group.this) + length(aws_elasticache_parameter_group.this) == 0
    error_message = "What is the primary's is not made again."
  }
  assert {
    condition     = aws_elasticache_replication_group.this.multi_az_enabled && aws_elasticache_replication_group.this.automatic_failover_enabled && aws_elasticache_replication_group.this.num_cache_clusters == 3
    error_message = "A region to fail over to stands on more than one node, too, and may have more replicas."
  }
  assert {
    condition     = output.global_datastore_id == "ldgnf-sessions"
    error_message = "Every member's module knows the Global Datastore."
  }
}

run "cluster_mode" {
  command = plan
  module { source = "./modules/global-datastore" }
  variables {
    num_node_groups = 3
    nodes_per_shard = 3
    parameters      = { maxmemory-policy = "allkeys-lru" }
  }

  assert {
    condition     = aws_elasticache_replication_group.this.num_node_groups == 3 && aws_elasticache_replication_group.this.replicas_per_node_group == 2
    error_message = "Three shards of a primary and two replicas."
  }
  assert {
    condition     = aws_elasticache_global_replication_group.this[0].num_node_groups == 3
    error_message = "The Global Datastore has as many shards."
  }
  assert {
    condition     = { for parameter in aws_elasticache_parameter_group.this[0].parameter : parameter.name => parameter.value } == { cluster-enabled = "yes", maxmemory-policy = "allkeys-lru" }
    error_message = "Own parameters in cluster mode need cluster-enabled, too."
  }
  assert {
    condition     = aws_elasticache_parameter_group.this[0].family == "valkey8" && aws_elasticache_replication_group.this.parameter_group_name == aws_elasticache_parameter_group.this[0].name
    error_message = "The parameter group is of the engine's family, and is used."
  }
}

run "cluster_mode_with_the_defaults" {
  command = plan
  module { source = "./modules/global-datastore" }
  variables {
    num_node_groups = 2
  }

  assert {
    condition     = aws_elasticache_replication_group.this.parameter_group_name == "default.valkey8.cluster.on"
    error_message = "Cluster mode has default parameters of its own."
  }
}

run "redis" {
  command = plan
  module { source = "./modules/global-datastore" }
  variables {
    engine         = "redis"
    engine_version = "6.2"
  }

  assert {
    condition     = aws_elasticache_replication_group.this.engine == "redis" && aws_elasticache_replication_group.this.parameter_group_name == "default.redis6.x"
    error_message = "Redis 6 writes its family with an x."
  }
}

run "clients" {
  command = plan
  module { source = "./modules/global-datastore" }
  variables {
    port                      = 6380
    client_security_group_ids = { app = "sg-11111111" }
    client_cidrs              = { us-west-2 = "10.2.0.0/16" }
  }

  assert {
    condition = [for rule in aws_vpc_security_group_ingress_rule.groups : [rule.referenced_security_group_id, rule.from_port, rule.to_port, rule.ip_protocol]] == [
      ["sg-11111111", 6380, 6380, "tcp"]
    ]
    error_message = "Named groups come in at the port, and nowhere else."
  }
  assert {
    condition = [for rule in aws_vpc_security_group_ingress_rule.ranges : [rule.cidr_ipv4, rule.from_port, rule.to_port, rule.ip_protocol]] == [
      ["10.2.0.0/16", 6380, 6380, "tcp"]
    ]
    error_message = "Named ranges come in at the port, and nowhere else."
  }
}

run "nobody_by_default" {
  command = plan
  module { source = "./modules/global-datastore" }

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.groups) + length(aws_vpc_security_group_ingress_rule.ranges) == 0
    error_message = "Who is not named does not come in."
  }
}

run "options" {
  command = plan
  module { source = "./modules/global-datastore" }
  variables {
    kms_key_arn               = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    auth_token                = "correct-horse-battery"
    maintenance_window        = "sun:05:00-sun:06:00"
    snapshot_window           = "03:00-04:00"
    snapshot_retention_days   = 0
    final_snapshot_identifier = "sessions-last"
    notification_topic_arn    = "arn:aws:sns:us-east-1:123456789012:elasticache"
    apply_immediately         = true
  }

  assert {
    condition = (
      aws_elasticache_replication_group.this.kms_key_id == "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab" &&
      aws_elasticache_replication_group.this.maintenance_window == "sun:05:00-sun:06:00" &&
      aws_elasticache_replication_group.this.snapshot_window == "03:00-04:00" &&
      aws_elasticache_replication_group.this.snapshot_retention_limit == 0 &&
      aws_elasticache_replication_group.this.final_snapshot_identifier == "sessions-last" &&
      aws_elasticache_replication_group.this.notification_topic_arn == "arn:aws:sns:us-east-1:123456789012:elasticache" &&
      aws_elasticache_replication_group.this.apply_immediately
    )
    error_message = "Each option reaches the replication group."
  }
  assert {
    condition     = nonsensitive(aws_elasticache_replication_group.this.auth_token == "correct-horse-battery")
    error_message = "The password reaches the replication group."
  }
}

run "user_groups" {
  command = plan
  module { source = "./modules/global-datastore" }
  variables {
    user_group_ids = ["app"]
  }

  assert {
    condition     = aws_elasticache_replication_group.this.user_group_ids == toset(["app"])
    error_message = "The user group reaches the replication group."
  }
}

# --- What is refused -------------------------------------------------------------------------------------------------

run "refuses_burstable_nodes" {
  command = plan
  module { source = "./modules/global-datastore" }
  variables {
    node_type = "cache.t4g.medium"
  }
  expect_failures = [var.node_type]
}

run "refuses_nodes_that_are_too_small" {
  command = plan
  module { source = "./modules/global-datastore" }
  variables {
    node_type = "cache.m7g.medium"
  }
  expect_failures = [var.node_type]
}

run "takes_bigger_nodes" {
  command = plan
  module { source = "./modules/global-datastore" }
  variables {
    node_type = "cache.r7g.16xlarge"
  }

  assert {
    condition     = aws_elasticache_global_replication_group.this[0].cache_node_type == "cache.r7g.16xlarge"
    error_message = "Bigger ones are fine."
  }
}

run "refuses_a_single_node" {
  command = plan
  module { source = "./modules/global-datastore" }
  variables {
    nodes_per_shard = 1
  }
  expect_failures = [var.nodes_per_shard]
}

run "refuses_a_single_subnet" {
  command = plan
  module { source = "./modules/global-datastore" }
  variables {
    subnet_ids = ["subnet-11111111"]
  }
  expect_failures = [var.subnet_ids]
}

run "refuses_another_role" {
  command = plan
  module { source = "./modules/global-datastore" }
  variables {
    role                    = "replica"
    global_datastore_suffix = null
  }
  expect_failures = [var.role]
}

run "refuses_a_secondary_of_nothing" {
  command = plan
  module { source = "./modules/global-datastore" }
  variables {
    role                    = "secondary"
    global_datastore_suffix = null
  }
  expect_failures = [var.global_datastore_id]
}

run "refuses_a_primary_that_joins" {
  command = plan
  module { source = "./modules/global-datastore" }
  variables {
    global_datastore_id = "ldgnf-sessions"
  }
  expect_failures = [var.global_datastore_id]
}

run "refuses_a_primary_without_a_name_for_the_datastore" {
  command = plan
  module { source = "./modules/global-datastore" }
  variables {
    global_datastore_suffix = null
  }
  expect_failures = [var.global_datastore_suffix]
}

run "refuses_memcached" {
  command = plan
  module { source = "./modules/global-datastore" }
  variables {
    engine = "memcached"
  }
  expect_failures = [var.engine]
}

run "refuses_redis_8" {
  command = plan
  module { source = "./modules/global-datastore" }
  variables {
    engine = "redis"
  }
  expect_failures = [var.engine_version]
}

run "refuses_valkey_7_1" {
  command = plan
  module { source = "./modules/global-datastore" }
  variables {
    engine_version = "7.1"
  }
  expect_failures = [var.engine_version]
}

run "refuses_everybody_as_a_client" {
  command = plan
  module { source = "./modules/global-datastore" }
  variables {
    client_cidrs = { all = "0.0.0.0/0" }
  }
  expect_failures = [var.client_cidrs]
}

run "refuses_password_and_user_group" {
  command = plan
  module { source = "./modules/global-datastore" }
  variables {
    auth_token     = "correct-horse-battery"
    user_group_ids = ["app"]
  }
  expect_failures = [var.user_group_ids]
}

run "refuses_short_passwords" {
  command = plan
  module { source = "./modules/global-datastore" }
  variables {
    auth_token = "short"
  }
  expect_failures = [var.auth_token]
}

run "refuses_a_key_alias" {
  command = plan
  module { source = "./modules/global-datastore" }
  variables {
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:alias/cache"
  }
  expect_failures = [var.kms_key_arn]
}

run "refuses_cluster_enabled_as_a_parameter" {
  command = plan
  module { source = "./modules/global-datastore" }
  variables {
    parameters = { cluster-enabled = "yes" }
  }
  expect_failures = [var.parameters]
}

run "refuses_capitals_in_a_window" {
  command = plan
  module { source = "./modules/global-datastore" }
  variables {
    maintenance_window = "Sun:05:00-Sun:06:00"
  }
  expect_failures = [var.maintenance_window]
}

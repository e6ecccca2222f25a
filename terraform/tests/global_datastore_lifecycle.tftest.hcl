# What Terraform leaves alone once the datastore exists. Applied to a mock of the provider, which has the real one's
# schema but answers by itself. (That the real provider then plans nothing is checked in Tests/Interop/python.)

mock_provider "aws" {}

variables {
  name                    = "sessions-use1"
  role                    = "primary"
  global_datastore_suffix = "sessions"
  vpc_id                  = "vpc-11111111"
  subnet_ids              = ["subnet-11111111", "subnet-22222222"]
}

run "begin" {
  module { source = "./modules/global-datastore" }

  assert {
    condition     = aws_elasticache_global_replication_group.this[0].primary_replication_group_id == "sessions-use1"
    error_message = "The Global Datastore begins with this region's group."
  }
}

# To a plan, an argument that was changed in the configuration and one that was changed outside are the same: a
# difference between configuration and state. The name is the argument's source here.
run "another_primary_does_not_touch_the_global_datastore" {
  module { source = "./modules/global-datastore" }
  variables {
    name = "sessions-usw2"
  }

  assert {
    condition     = aws_elasticache_replication_group.this.replication_group_id == "sessions-usw2"
    error_message = "The configuration names another primary now, or this test would show nothing."
  }
  assert {
    condition     = aws_elasticache_global_replication_group.this[0].primary_replication_group_id == "sessions-use1"
    error_message = "The provider would replace the Global Datastore for another primary_replication_group_id: it must be ignored."
  }
  assert {
    condition     = output.global_datastore_id == run.begin.global_datastore_id
    error_message = "The Global Datastore is still the same one."
  }
}

run "scaling_goes_to_the_global_datastore" {
  module { source = "./modules/global-datastore" }
  variables {
    name           = "sessions-usw2"
    node_type      = "cache.r7g.xlarge"
    engine_version = "8.1"
  }

  assert {
    condition     = aws_elasticache_global_replication_group.this[0].cache_node_type == "cache.r7g.xlarge" && aws_elasticache_global_replication_group.this[0].engine_version == "8.1"
    error_message = "The Global Datastore is what is scaled and upgraded."
  }
  assert {
    condition     = aws_elasticache_replication_group.this.node_type == "cache.m7g.large" && aws_elasticache_replication_group.this.engine_version == "8.0"
    error_message = "A member is never told, since it would refuse."
  }
  assert {
    condition     = output.global_datastore_id == run.begin.global_datastore_id
    error_message = "The Global Datastore is still the same one."
  }
}

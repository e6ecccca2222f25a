# Values that the variables must refuse: many variables in one plan, because each of them has to fail.
# Those whose validations look at others come apart: Terraform does not judge them where the others are wrong.
# That a name does not lie in the zone is not here: the zone's name is in no variable, so the function itself refuses it.
provider "aws" {
  region                      = "us-west-2"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

variables {
  package_file         = "../LICENSE" # any file: a plan takes no more than its hash
  hosted_zone_id       = "Z0123456789ABCDEFGHIJ"
  replication_group_id = "sessions-usw2"
  record_name          = "read.example.internal"
}

run "too_little_and_of_the_wrong_kind" {
  command = plan
  module { source = "./modules/endpoints" }
  variables {
    hosted_zone_id                 = "example.internal"
    weighted_record_name           = "10.1.2.3"
    record_ttl_seconds             = 0
    when_no_replicas               = "hold"
    topic_arn                      = "sessions"
    schedule_minutes               = 0
    name                           = "team/endpoints"
    package_file                   = "dist/none.zip"
    memory_size                    = 127
    timeout_seconds                = 9
    reserved_concurrent_executions = 0
    environment                    = { RECORD_NAME = "read.example.internal" }
    on_failure_arn                 = "failures"
    permissions_boundary_arn       = "arn:aws:iam::123456789012:role/boundary"
    log_level                      = "ERROR"
    system_log_level               = "ERROR"
    log_retention_days             = 31
    log_kms_key_arn                = "alias/logs"
    alarm_actions                  = ["alerts"]
  }
  expect_failures = [
    var.hosted_zone_id,
    var.weighted_record_name,
    var.record_ttl_seconds,
    var.when_no_replicas,
    var.topic_arn,
    var.schedule_minutes,
    var.name,
    var.package_file,
    var.memory_size,
    var.timeout_seconds,
    var.reserved_concurrent_executions,
    var.environment,
    var.on_failure_arn,
    var.permissions_boundary_arn,
    var.log_level,
    var.system_log_level,
    var.log_retention_days,
    var.log_kms_key_arn,
    var.alarm_actions,
  ]
}

run "too_much" {
  command = plan
  module { source = "./modules/endpoints" }
  variables {
    hosted_zone_id                 = "Z01234567890123456789012345678901" # 33 characters
    record_ttl_seconds             = 86401
    topic_arn                      = "arn:aws:sns:us-west-2:123456789012:sessions.fifo"
    schedule_minutes               = 61
    name                           = "a1234567890123456789012345678901234567890"
    memory_size                    = 10241
    timeout_seconds                = 901
    reserved_concurrent_executions = 11
    environment                    = { AWS_REGION = "us-east-1" }
    on_failure_arn                 = "arn:aws:sqs:us-west-2:123456789012:failures.fifo"
    alarm_actions                  = ["arn:aws:sns:us-east-1:123456789012:alerts"]
  }
  expect_failures = [
    var.hosted_zone_id,
    var.record_ttl_seconds,
    var.topic_arn,
    var.schedule_minutes,
    var.name,
    var.memory_size,
    var.timeout_seconds,
    var.reserved_concurrent_executions,
    var.environment,
    var.on_failure_arn,
    var.alarm_actions,
  ]
}

run "what_is_no_whole_number" {
  command = plan
  module { source = "./modules/endpoints" }
  variables {
    record_ttl_seconds             = 1.5
    schedule_minutes               = 1.5
    memory_size                    = 128.5
    timeout_seconds                = 10.5
    reserved_concurrent_executions = 1.5
  }
  expect_failures = [
    var.record_ttl_seconds,
    var.schedule_minutes,
    var.memory_size,
    var.timeout_seconds,
    var.reserved_concurrent_executions,
  ]
}

run "a_name_without_a_domain" {
  command = plan
  module { source = "./modules/endpoints" }
  variables { record_name = "read" }
  expect_failures = [var.record_name]
}

run "a_name_with_no_room_for_a_number" {
  command = plan
  module { source = "./modules/endpoints" }
  variables { record_name = "a123456789012345678901234567890123456789012345678901234567890.example.internal" } # 61 before the dot
  expect_failures = [var.record_name]
}

run "a_name_with_just_enough_room_for_a_number" {
  command = plan
  module { source = "./modules/endpoints" }
  variables { record_name = "a12345678901234567890123456789012345678901234567890123456789.example.internal" } # 60
}

run "a_name_with_an_empty_label" {
  command = plan
  module { source = "./modules/endpoints" }
  variables { primary_record_name = "redis..internal" }
  expect_failures = [var.primary_record_name]
}

run "what_is_no_endpoint_and_no_datastore" {
  command = plan
  module { source = "./modules/endpoints" }
  variables {
    primary_record_name = "redis.example.internal"
    primary_endpoint    = "redis://sessions.example.com:6379"
    global_datastore_id = "ldgnf_sessions"
  }
  expect_failures = [var.primary_endpoint, var.global_datastore_id]
}

run "an_address_for_an_endpoint" {
  command = plan
  module { source = "./modules/endpoints" }
  variables {
    primary_record_name = "redis.example.internal"
    primary_endpoint    = "10.1.2.3"
  }
  expect_failures = [var.primary_endpoint]
}

run "ids_that_begin_with_a_digit" {
  command = plan
  module { source = "./modules/endpoints" }
  variables { replication_group_id = "1-sessions" }
  expect_failures = [var.replication_group_id]
}

run "an_id_that_is_too_long" {
  command = plan
  module { source = "./modules/endpoints" }
  variables { replication_group_id = "a1234567890123456789012345678901234567890" } # 41
  expect_failures = [var.replication_group_id]
}

run "ids_that_elasticache_gives_to_nothing" {
  command = plan
  module { source = "./modules/endpoints" }
  variables { replication_group_id = "sessions--usw2" }
  expect_failures = [var.replication_group_id]
}

run "no_name_at_all" {
  command = plan
  module { source = "./modules/endpoints" }
  variables { record_name = null }
  expect_failures = [var.record_name]
}

run "replicas_of_no_cluster" {
  command = plan
  module { source = "./modules/endpoints" }
  variables {
    replication_group_id = null
    primary_record_name  = "redis.example.internal"
    primary_endpoint     = "master.sessions-usw2.abc123.usw2.cache.amazonaws.com"
    global_datastore_id  = "ldgnf-sessions"
  }
  expect_failures = [var.replication_group_id]
}

run "a_weighted_set_of_no_cluster" {
  command = plan
  module { source = "./modules/endpoints" }
  variables {
    replication_group_id = null
    record_name          = null
    weighted_record_name = "replicas.example.internal"
    primary_record_name  = "redis.example.internal"
    primary_endpoint     = "master.sessions-usw2.abc123.usw2.cache.amazonaws.com"
    global_datastore_id  = "ldgnf-sessions"
  }
  expect_failures = [var.replication_group_id]
}

run "a_primary_record_that_leads_nowhere" {
  command = plan
  module { source = "./modules/endpoints" }
  variables {
    replication_group_id = null
    record_name          = null
    primary_record_name  = "redis.example.internal"
    global_datastore_id  = "ldgnf-sessions"
  }
  expect_failures = [var.replication_group_id]
}

run "a_primary_record_that_nobody_says_whose_turn_it_is" {
  command = plan
  module { source = "./modules/endpoints" }
  variables {
    replication_group_id = null
    record_name          = null
    primary_record_name  = "redis.example.internal"
    primary_endpoint     = "master.sessions-usw2.abc123.usw2.cache.amazonaws.com"
  }
  expect_failures = [var.replication_group_id]
}

run "an_endpoint_and_a_datastore_without_a_primary_record" {
  command = plan
  module { source = "./modules/endpoints" }
  variables {
    primary_endpoint    = "master.sessions-usw2.abc123.usw2.cache.amazonaws.com"
    global_datastore_id = "ldgnf-sessions"
  }
  expect_failures = [var.primary_endpoint, var.global_datastore_id]
}

run "a_weighted_set_under_the_name_of_a_replica" {
  command = plan
  module { source = "./modules/endpoints" }
  variables { weighted_record_name = "READ12.example.internal." }
  expect_failures = [var.record_name]
}

run "the_primary_under_the_name_of_a_replica" {
  command = plan
  module { source = "./modules/endpoints" }
  variables { primary_record_name = "read1.example.internal" }
  expect_failures = [var.record_name]
}

run "names_beside_those_of_replicas_are_no_replicas" {
  command = plan
  module { source = "./modules/endpoints" }
  variables {
    weighted_record_name = "read.example.internal"
    primary_record_name  = "read0.example.internal"
  }
}

run "the_primary_and_the_replicas_under_one_name" {
  command = plan
  module { source = "./modules/endpoints" }
  variables {
    weighted_record_name = "Redis.example.internal."
    primary_record_name  = "redis.example.internal"
  }
  expect_failures = [var.primary_record_name]
}

run "a_topic_of_another_region" {
  command = plan
  module { source = "./modules/endpoints" }
  variables { topic_arn = "arn:aws:sns:us-east-1:123456789012:sessions" }
  expect_failures = [var.topic_arn]
}

run "a_topic_of_another_account" {
  command = plan
  module { source = "./modules/endpoints" }
  variables { topic_arn = "arn:aws:sns:us-west-2:210987654321:sessions" }
  expect_failures = [var.topic_arn]
}

run "a_topic_that_is_there_and_shall_be_made" {
  command = plan
  module { source = "./modules/endpoints" }
  variables {
    topic_arn    = "arn:aws:sns:us-west-2:123456789012:sessions"
    create_topic = true
  }
  expect_failures = [var.create_topic]
}

run "no_topic_at_all" {
  command = plan
  module { source = "./modules/endpoints" }
  variables { create_topic = false }
  expect_failures = [var.create_topic]
}

run "a_package_for_another_processor" {
  command = plan
  module { source = "./modules/endpoints" }
  variables { package_file = "./tests/promoter-arm64.zip" }
  expect_failures = [var.architecture]
}

# The region's half of the failover record, and what goes with it. The real provider plans, and nothing is made.
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
  package_file = "../LICENSE" # any file: a plan takes no more than its hash
  redis_host   = "master.sessions.abc123.usw2.cache.amazonaws.com"
  vpc_config   = { subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"] }
}

# Known at the plan already, so that it can be seen whose check the record has.
override_resource {
  target          = aws_route53_health_check.this
  override_during = plan
  values          = { id = "11111111-2222-3333-4444-555555555555" }
}

run "the_primary_carries_the_health_check" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    record = { zone_id = "/hostedzone/Z0123456789ABCDEFGHIJ", name = "redis.example.com", failover = "PRIMARY", cname = "master.sessions.abc123.usw2.cache.amazonaws.com" }
  }

  assert {
    condition     = local.environment.WHEN_READ_ONLY == "unhealthy"
    error_message = "The record would come back by itself, and nobody decided on it."
  }

  assert {
    condition = jsonencode([
      aws_route53_record.this[0].zone_id, aws_route53_record.this[0].name, aws_route53_record.this[0].type, aws_route53_record.this[0].ttl,
      aws_route53_record.this[0].records, aws_route53_record.this[0].set_identifier, aws_route53_record.this[0].failover_routing_policy[0].type,
      aws_route53_record.this[0].health_check_id, length(aws_route53_record.this[0].alias),
      ]) == jsonencode(["Z0123456789ABCDEFGHIJ", "redis.example.com", "CNAME", 60, ["master.sessions.abc123.usw2.cache.amazonaws.com"],
    "us-west-2", "PRIMARY", "11111111-2222-3333-4444-555555555555", 0])
    error_message = "record: ${jsonencode(aws_route53_record.this)}"
  }
}

run "a_secondary_without_health_check_counts_as_healthy" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    record = {
      zone_id = "Z0123456789ABCDEFGHIJ", name = "redis.example.com", failover = "SECONDARY", set_identifier = "west"
      alias   = { name = "app-1234567890abcdef.elb.us-west-2.amazonaws.com", zone_id = "Z18D5FSROUN65G" }
    }
  }

  assert {
    condition     = aws_route53_record.this[0].health_check_id == null && aws_route53_record.this[0].failover_routing_policy[0].type == "SECONDARY"
    error_message = "record: ${jsonencode(aws_route53_record.this)}"
  }
  assert {
    condition = jsonencode([
      aws_route53_record.this[0].type, aws_route53_record.this[0].set_identifier, aws_route53_record.this[0].alias[0].name,
      aws_route53_record.this[0].alias[0].zone_id, aws_route53_record.this[0].alias[0].evaluate_target_health, aws_route53_record.this[0].ttl, aws_route53_record.this[0].records,
    ]) == jsonencode(["A", "west", "app-1234567890abcdef.elb.us-west-2.amazonaws.com", "Z18D5FSROUN65G", true, null, null])
    error_message = "record: ${jsonencode(aws_route53_record.this)}"
  }
}

run "a_secondary_with_one_where_it_is_asked_for" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    record                    = { zone_id = "Z1", name = "redis.example.com", failover = "SECONDARY", cname = "replica.example.com", ttl = 5 }
    health_check_on_secondary = true
  }

  assert {
    condition     = aws_route53_record.this[0].health_check_id == "11111111-2222-3333-4444-555555555555" && aws_route53_record.this[0].ttl == 5
    error_message = "record: ${jsonencode(aws_route53_record.this)}"
  }
  assert {
    condition     = local.environment.WHEN_READ_ONLY == "healthy"
    error_message = "Standing by, it takes no writes: its alarm would ring for ever."
  }
}

run "a_secondary_needs_no_health_check_to_be_made" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    record              = { zone_id = "Z1", name = "redis.example.com", failover = "SECONDARY", cname = "replica.example.com", probe = "cart" }
    create_health_check = false
    expect_role         = "replica"
    # Nor to be named.
    redis_host = null
    probes     = [{ name = "sessions", redis_host = "10.1.2.3" }]
  }

  assert {
    condition     = length(aws_route53_health_check.this) == 0 && length(aws_route53_record.this) == 1
    error_message = "record: ${jsonencode(aws_route53_record.this)}"
  }
}

run "of_several_probes_the_record_goes_by_the_one_that_it_names" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    redis_host = null
    probes     = [{ name = "sessions", redis_host = "10.1.2.3", expect_role = "primary" }, { name = "carts", redis_host = "10.1.2.4", when_read_only = "healthy" }]
    record     = { zone_id = "Z1", name = "redis.example.com", failover = "PRIMARY", cname = "a.example.com", probe = "carts" }
  }

  assert {
    condition     = local.record_probe == "promoter-probe-carts" && aws_route53_record.this[0].health_check_id != null
    error_message = "record: ${local.record_probe}"
  }
  assert {
    condition     = local.environment.WHEN_READ_ONLY == "unhealthy" && [for probe in jsondecode(local.environment.PROBES) : try(probe.whenReadOnly, null)] == [null, "healthy"]
    error_message = "probes: ${local.environment.PROBES}"
  }
}

run "a_record_that_would_leave_its_region_once_that_is_the_primary" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    record      = { zone_id = "Z1", name = "redis.example.com", failover = "PRIMARY", cname = "a.example.com" }
    expect_role = "replica"
  }
  expect_failures = [aws_route53_record.this]
}

run "a_secondary_that_would_never_be_healthy_when_it_is_needed" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    record                    = { zone_id = "Z1", name = "redis.example.com", failover = "SECONDARY", cname = "a.example.com" }
    health_check_on_secondary = true
    expect_role               = "primary"
  }
  expect_failures = [aws_route53_record.this]
}

run "a_secondary_that_would_never_be_healthy_for_it_is_read_only" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    record                    = { zone_id = "Z1", name = "redis.example.com", failover = "SECONDARY", cname = "a.example.com" }
    health_check_on_secondary = true
    when_read_only            = "unhealthy"
  }
  expect_failures = [aws_route53_record.this]
}

run "a_primary_that_needs_not_take_writes" {
  command = plan
  module { source = "./modules/probe" }
  variables {
    redis_host     = null
    when_read_only = "healthy"
    probes         = [{ name = "sessions", redis_host = "10.1.2.3", expect_role = "primary" }]
  }
  expect_failures = [aws_lambda_function.this]
}

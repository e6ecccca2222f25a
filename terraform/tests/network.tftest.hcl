# The network of one region, and the peering of two, as planned by the real provider. Nothing is sent anywhere.

provider "aws" {
  region                      = "us-west-2"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

provider "aws" {
  alias                       = "use1"
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

provider "aws" {
  alias                       = "china"
  region                      = "cn-north-1"
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

override_data {
  target = data.aws_availability_zones.available
  values = { names = ["us-west-2a", "us-west-2b", "us-west-2c", "us-west-2d"] }
}

variables {
  name = "sessions-usw2"
  cidr = "10.2.0.0/16"
}

run "private_subnets_in_two_zones" {
  command = plan
  module { source = "./modules/network" }

  assert {
    condition     = { for zone, subnet in aws_subnet.private : zone => subnet.cidr_block } == { us-west-2a = "10.2.0.0/19", us-west-2b = "10.2.32.0/19" }
    error_message = "Without zones, the first two of the region are taken."
  }
  assert {
    condition     = alltrue([for subnet in aws_subnet.private : !subnet.map_public_ip_on_launch])
    error_message = "No subnet hands out public addresses."
  }
  assert {
    condition     = aws_vpc.this.enable_dns_support && aws_vpc.this.enable_dns_hostnames
    error_message = "Private names of endpoints and private zones need both DNS attributes."
  }
  assert {
    condition     = toset(keys(aws_route_table_association.private)) == toset(keys(aws_subnet.private))
    error_message = "Each subnet uses the private route table, not the VPC's main one."
  }
  assert {
    condition     = length(output.route_table_ids) == 1 && length(output.private_subnet_ids) == 2
    error_message = "The outputs carry what a peering and a function need, in numbers known at plan."
  }
}

run "zones_can_be_named" {
  command = plan
  module { source = "./modules/network" }
  variables {
    availability_zones = ["us-west-2d", "us-west-2b", "us-west-2c"]
  }

  assert {
    condition = { for zone, subnet in aws_subnet.private : zone => subnet.cidr_block } == {
      us-west-2d = "10.2.0.0/19", us-west-2b = "10.2.32.0/19", us-west-2c = "10.2.64.0/19"
    }
    error_message = "Ranges follow the order of the zones, so that one more at the end renumbers none."
  }
}

run "endpoints_instead_of_a_nat_gateway" {
  command = plan
  module { source = "./modules/network" }

  assert {
    condition     = [for endpoint in aws_vpc_endpoint.interface : endpoint.service_name] == ["com.amazonaws.us-west-2.elasticache"]
    error_message = "ElastiCache is what a promoter calls in its own region."
  }
  assert {
    condition     = alltrue([for endpoint in aws_vpc_endpoint.interface : endpoint.private_dns_enabled && endpoint.vpc_endpoint_type == "Interface"])
    error_message = "Without private DNS, the service's usual name would still lead to the internet."
  }
  assert {
    condition     = aws_vpc_endpoint.route53[0].service_name == "com.amazonaws.route53" && aws_vpc_endpoint.route53[0].service_region == "us-east-1"
    error_message = "Route 53's endpoint service is us-east-1's, and is named as such from elsewhere."
  }
  assert {
    condition     = aws_vpc_endpoint.route53[0].private_dns_enabled
    error_message = "The client asks for route53.amazonaws.com: that name has to lead to the endpoint."
  }
}

run "more_endpoints" {
  command = plan
  module { source = "./modules/network" }
  variables {
    interface_endpoints = ["elasticache", "monitoring", "sns"]
    route53_endpoint    = false
  }

  assert {
    condition = toset([for endpoint in aws_vpc_endpoint.interface : endpoint.service_name]) == toset([
      "com.amazonaws.us-west-2.elasticache", "com.amazonaws.us-west-2.monitoring", "com.amazonaws.us-west-2.sns"
    ])
    error_message = "Each service named gets an endpoint."
  }
  assert {
    condition     = length(aws_vpc_endpoint.route53) == 0
    error_message = "route53_endpoint = false makes none."
  }
}

run "route_53_at_home" {
  command   = plan
  providers = { aws = aws.use1 }
  module { source = "./modules/network" }

  assert {
    condition     = aws_vpc_endpoint.route53[0].service_name == "com.amazonaws.route53" && [for endpoint in aws_vpc_endpoint.interface : endpoint.service_name] == ["com.amazonaws.us-east-1.elasticache"]
    error_message = "In us-east-1, the endpoints are this region's."
  }
}

run "china_has_no_route_53_endpoint" {
  command   = plan
  providers = { aws = aws.china }
  module { source = "./modules/network" }

  expect_failures = [aws_vpc_endpoint.route53]
}

run "china_names_its_services_differently" {
  command   = plan
  providers = { aws = aws.china }
  module { source = "./modules/network" }
  variables {
    route53_endpoint = false
  }

  assert {
    condition     = [for endpoint in aws_vpc_endpoint.interface : endpoint.service_name] == ["cn.com.amazonaws.cn-north-1.elasticache"]
    error_message = "The partition stands before the service's name in China."
  }
  assert {
    condition     = contains(jsondecode(data.aws_iam_policy_document.flow_logs[0].json).Statement[0].Resource, "arn:aws-cn:logs:cn-north-1:123456789012:log-group:/aws/vpc/sessions-usw2/flow-logs")
    error_message = "ARNs carry the partition."
  }
}

run "security_groups" {
  command = plan
  module { source = "./modules/network" }
  variables {
    endpoint_client_security_group_ids = { app = "sg-0123456789abcdef0" }
  }

  assert {
    condition     = length(aws_default_security_group.closed.ingress) == 0 && length(aws_default_security_group.closed.egress) == 0
    error_message = "The default security group admits nothing."
  }
  assert {
    condition     = aws_vpc_security_group_egress_rule.function_to_endpoints.from_port == 443 && aws_vpc_security_group_egress_rule.function_to_endpoints.to_port == 443 && aws_vpc_security_group_egress_rule.function_to_endpoints.cidr_ipv4 == null
    error_message = "The function reaches HTTPS of the endpoints' group, no range."
  }
  assert {
    condition = alltrue([
      for rule in concat([aws_vpc_security_group_ingress_rule.endpoints_from_function], values(aws_vpc_security_group_ingress_rule.endpoints_from_clients)) :
      rule.from_port == 443 && rule.to_port == 443 && rule.ip_protocol == "tcp" && rule.cidr_ipv4 == null && rule.cidr_ipv6 == null
    ])
    error_message = "The endpoints admit HTTPS from groups only."
  }
  assert {
    condition     = [for rule in aws_vpc_security_group_ingress_rule.endpoints_from_clients : rule.referenced_security_group_id] == ["sg-0123456789abcdef0"]
    error_message = "Further clients can be admitted."
  }
}

run "flow_logs" {
  command = plan
  module { source = "./modules/network" }

  assert {
    condition     = aws_flow_log.this[0].traffic_type == "ALL" && aws_cloudwatch_log_group.flow_logs[0].retention_in_days == 365
    error_message = "All traffic is recorded, and kept for a year."
  }
  assert {
    condition = toset(jsondecode(data.aws_iam_policy_document.flow_logs[0].json).Statement[0].Resource) == toset([
      "arn:aws:logs:us-west-2:123456789012:log-group:/aws/vpc/sessions-usw2/flow-logs",
      "arn:aws:logs:us-west-2:123456789012:log-group:/aws/vpc/sessions-usw2/flow-logs:*",
    ])
    error_message = "The role may write to its own log group, and to no other."
  }
  assert {
    condition     = jsondecode(data.aws_iam_policy_document.flow_logs_trust[0].json).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "123456789012"
    error_message = "Nobody else's flow log takes the role."
  }
  assert {
    condition     = aws_iam_role.flow_logs[0].name == "sessions-usw2-flow-logs-us-west-2"
    error_message = "IAM is global: the region belongs into the role's name."
  }
}

run "without_flow_logs" {
  command = plan
  module { source = "./modules/network" }
  variables {
    flow_logs = false
  }

  assert {
    condition     = length(aws_flow_log.this) + length(aws_cloudwatch_log_group.flow_logs) + length(aws_iam_role.flow_logs) == 0
    error_message = "flow_logs = false makes nothing of it."
  }
}

run "refuses_a_range_without_room" {
  command = plan
  module { source = "./modules/network" }
  variables {
    cidr = "10.2.0.0/28"
  }
  expect_failures = [var.cidr]
}

run "refuses_one_zone" {
  command = plan
  module { source = "./modules/network" }
  variables {
    availability_zones = ["us-west-2a"]
  }
  expect_failures = [var.availability_zones]
}

run "refuses_a_zone_named_twice" {
  command = plan
  module { source = "./modules/network" }
  variables {
    availability_zones = ["us-west-2a", "us-west-2a"]
  }
  expect_failures = [var.availability_zones]
}

run "refuses_whole_service_names" {
  command = plan
  module { source = "./modules/network" }
  variables {
    interface_endpoints = ["com.amazonaws.us-west-2.ELASTICACHE"]
  }
  expect_failures = [var.interface_endpoints]
}

run "refuses_route_53_as_a_regional_service" {
  command = plan
  module { source = "./modules/network" }
  variables {
    interface_endpoints = ["elasticache", "route53"]
  }
  expect_failures = [var.interface_endpoints]
}

run "refuses_a_retention_unknown_to_cloudwatch" {
  command = plan
  module { source = "./modules/network" }
  variables {
    flow_log_retention_days = 100
  }
  expect_failures = [var.flow_log_retention_days]
}

run "refuses_a_key_that_is_no_arn" {
  command = plan
  module { source = "./modules/network" }
  variables {
    flow_log_kms_key_arn = "alias/logs"
  }
  expect_failures = [var.flow_log_kms_key_arn]
}

run "refuses_a_name_in_capitals" {
  command = plan
  module { source = "./modules/network" }
  variables {
    name = "Sessions"
  }
  expect_failures = [var.name]
}

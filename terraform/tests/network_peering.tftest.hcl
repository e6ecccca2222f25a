# The peering of two regions' VPCs.

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
  alias                       = "usw2"
  region                      = "us-west-2"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  name      = "sessions"
  requester = { vpc_id = "vpc-11111111", cidr = "10.1.0.0/16", route_table_ids = ["rtb-11111111"] }
  accepter  = { vpc_id = "vpc-22222222", cidr = "10.2.0.0/16", route_table_ids = ["rtb-22222222", "rtb-33333333"] }
}

run "both_sides" {
  command   = plan
  providers = { aws.requester = aws.use1, aws.accepter = aws.usw2 }
  module { source = "./modules/network-peering" }

  assert {
    condition     = aws_vpc_peering_connection.requester.peer_region == "us-west-2" && aws_vpc_peering_connection.requester.peer_vpc_id == "vpc-22222222"
    error_message = "The peer is the accepter's VPC in the accepter's region."
  }
  assert {
    condition     = aws_vpc_peering_connection_accepter.accepter.auto_accept
    error_message = "The other side accepts without anybody's help."
  }
  assert {
    condition     = aws_vpc_peering_connection_options.requester.requester[0].allow_remote_vpc_dns_resolution
    error_message = "The requester's names resolve to private addresses on the other side."
  }
  assert {
    condition     = aws_vpc_peering_connection_options.accepter.accepter[0].allow_remote_vpc_dns_resolution
    error_message = "The accepter's names resolve to private addresses on the other side."
  }
  assert {
    condition     = [for route in aws_route.requester : [route.route_table_id, route.destination_cidr_block]] == [["rtb-11111111", "10.2.0.0/16"]]
    error_message = "The requester's route tables lead to the accepter's range."
  }
  assert {
    condition = [for route in aws_route.accepter : [route.route_table_id, route.destination_cidr_block]] == [
      ["rtb-22222222", "10.1.0.0/16"], ["rtb-33333333", "10.1.0.0/16"]
    ]
    error_message = "Every route table of the accepter leads to the requester's range."
  }
}

run "refuses_equal_ranges" {
  command   = plan
  providers = { aws.requester = aws.use1, aws.accepter = aws.usw2 }
  module { source = "./modules/network-peering" }
  variables {
    accepter = { vpc_id = "vpc-22222222", cidr = "10.1.0.0/16", route_table_ids = ["rtb-22222222"] }
  }
  expect_failures = [var.accepter]
}

run "refuses_a_range_within_the_other" {
  command   = plan
  providers = { aws.requester = aws.use1, aws.accepter = aws.usw2 }
  module { source = "./modules/network-peering" }
  variables {
    accepter = { vpc_id = "vpc-22222222", cidr = "10.1.128.0/20", route_table_ids = ["rtb-22222222"] }
  }
  expect_failures = [var.accepter]
}

run "refuses_a_side_without_routes" {
  command   = plan
  providers = { aws.requester = aws.use1, aws.accepter = aws.usw2 }
  module { source = "./modules/network-peering" }
  variables {
    requester = { vpc_id = "vpc-11111111", cidr = "10.1.0.0/16", route_table_ids = [] }
  }
  expect_failures = [var.requester]
}

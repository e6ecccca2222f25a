# A peering between VPCs of two regions, with DNS resolution and routes on both sides.
#
# This is the only module here with two providers. A peering cannot be had by calling a one-region module twice: the
# requester's options can be set only once the accepter has accepted, so that the requester's half would have to wait
# for the accepter's, which needs the requester's connection. (Provider 6 has a `region` argument on each resource, which
# would do with one provider; provider 5, which is supported as well, has not.) The price is that `terraform validate`
# cannot check this folder alone; it is checked through examples/complete and by the tests.

data "aws_region" "accepter" {
  provider = aws.accepter
}

locals {
  tags = merge(var.tags, { Name = var.name })
}

resource "aws_vpc_peering_connection" "requester" {
  provider = aws.requester

  vpc_id      = var.requester.vpc_id
  peer_vpc_id = var.accepter.vpc_id
  peer_region = data.aws_region.accepter.id
  # It cannot accept itself across regions: that is the next resource.
  auto_accept = false
  tags        = local.tags
}

resource "aws_vpc_peering_connection_accepter" "accepter" {
  provider = aws.accepter

  vpc_peering_connection_id = aws_vpc_peering_connection.requester.id
  auto_accept               = true
  tags                      = local.tags
}

# The step that the console hides on a tab of its own, once for each side. The id is taken from the accepter in both:
# the options of a connection that is not active cannot be changed.
resource "aws_vpc_peering_connection_options" "requester" {
  provider = aws.requester

  vpc_peering_connection_id = aws_vpc_peering_connection_accepter.accepter.id

  requester {
    allow_remote_vpc_dns_resolution = true
  }
}

resource "aws_vpc_peering_connection_options" "accepter" {
  provider = aws.accepter

  vpc_peering_connection_id = aws_vpc_peering_connection_accepter.accepter.id

  accepter {
    allow_remote_vpc_dns_resolution = true
  }
}

# `count`, because the ids are known only after the apply, and keys of `for_each` must be known before.
resource "aws_route" "requester" {
  provider = aws.requester
  count    = length(var.requester.route_table_ids)

  route_table_id            = var.requester.route_table_ids[count.index]
  destination_cidr_block    = var.accepter.cidr
  vpc_peering_connection_id = aws_vpc_peering_connection_accepter.accepter.id
}

resource "aws_route" "accepter" {
  provider = aws.accepter
  count    = length(var.accepter.route_table_ids)

  route_table_id            = var.accepter.route_table_ids[count.index]
  destination_cidr_block    = var.requester.cidr
  vpc_peering_connection_id = aws_vpc_peering_connection_accepter.accepter.id
}

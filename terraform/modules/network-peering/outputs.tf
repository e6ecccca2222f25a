output "peering_connection_id" {
  description = "The peering connection, once it is accepted."
  value       = aws_vpc_peering_connection_accepter.accepter.id
}

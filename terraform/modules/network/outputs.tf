output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.this.id
}

output "cidr" {
  description = "The VPC's IPv4 range."
  value       = aws_vpc.this.cidr_block
}

output "region" {
  description = "The region of the VPC."
  value       = local.region
}

output "private_subnet_ids" {
  description = "The private subnets, in the order of their zones."
  value       = [for zone in local.availability_zones : aws_subnet.private[zone].id]
}

output "route_table_ids" {
  description = "Route tables that a peering must add its routes to."
  value       = [aws_route_table.private.id]
}

output "function_security_group_id" {
  description = "Security group for the promoter's `vpc_config`: it may reach the interface endpoints and nothing else."
  value       = aws_security_group.function.id
}

output "endpoint_security_group_id" {
  description = "Security group of the interface endpoints."
  value       = aws_security_group.endpoints.id
}

output "endpoint_ids" {
  description = "Interface endpoints by service."
  value = merge(
    { for service, endpoint in aws_vpc_endpoint.interface : service => endpoint.id },
    { for endpoint in aws_vpc_endpoint.route53 : "route53" => endpoint.id },
  )
}

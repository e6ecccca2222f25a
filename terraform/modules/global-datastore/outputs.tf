output "replication_group_id" {
  description = "Id of this region's replication group."
  value       = aws_elasticache_replication_group.this.id
}

output "replication_group_arn" {
  description = "ARN of this region's replication group."
  value       = aws_elasticache_replication_group.this.arn
}

output "global_datastore_id" {
  description = "Id of the Global Datastore, the prefix that AWS adds included: for the secondaries' modules, and for the promoters."
  # A secondary's is read from the member and not from the variable, so that who uses it waits for the member.
  value = local.primary ? aws_elasticache_global_replication_group.this[0].global_replication_group_id : aws_elasticache_replication_group.this.global_replication_group_id
}

output "primary_endpoint_address" {
  description = "Name of this member's primary node, with cluster mode disabled. It takes writes only while this region is the primary."
  value       = aws_elasticache_replication_group.this.primary_endpoint_address
}

output "reader_endpoint_address" {
  description = "Name of this member's replicas, with cluster mode disabled."
  value       = aws_elasticache_replication_group.this.reader_endpoint_address
}

output "configuration_endpoint_address" {
  description = "Name for clients of cluster mode."
  value       = aws_elasticache_replication_group.this.configuration_endpoint_address
}

output "port" {
  description = "TCP port of the endpoints."
  value       = var.port
}

output "security_group_id" {
  description = "Security group of the nodes, for further rules."
  value       = aws_security_group.this.id
}

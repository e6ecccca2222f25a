extension ElastiCache {
    /// One replication group of the region.
    ///
    /// - Throws: an error with the code `.notFound` where there is none of this id.
    package func describeReplicationGroup(
        id: String, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> ReplicationGroup {
        let call = AWSCall.query(
            .elastiCache, region: region, operation: "DescribeReplicationGroups",
            parameters: [("ReplicationGroupId", id)])
        do throws(AWSError) {
            let groups = try await client.query(call, deadline: deadline) { result throws(XMLError) in
                var groups: [ReplicationGroup] = []
                for element in result.list("ReplicationGroups", of: "ReplicationGroup") {
                    groups.append(try ReplicationGroup(element))
                }
                return groups
            }
            if let group = groups.first(where: { $0.id.lowercased() == id.lowercased() }) { return group }
            var error = AWSError(
                .notFound, "the answer holds no replication group \(AWSError.printable(id, limit: 100))")
            error.activity = "ElastiCache DescribeReplicationGroups"
            throw error
        } catch {
            var error = error
            if error.awsCode == "ReplicationGroupNotFoundFault" { error.code = .notFound }
            throw error
        }
    }
}

/// The operations that change a global datastore. Each is sent again only where AWS certainly did not carry it
/// out. Where that is not certain, the error has `outcomeIsUnknown`: look at the group before anything else.
extension ElastiCache {
    /// Makes a secondary the primary. AWS answers at once; the promotion itself takes a minute or two.
    ///
    /// - Parameters:
    ///   - primaryRegion: the region of the secondary that is promoted.
    ///   - primaryReplicationGroupID: its id.
    /// - Returns: the group as it was when AWS accepted the request; its members may be missing.
    @discardableResult
    package func failoverGlobalReplicationGroup(
        id: String, primaryRegion: String, primaryReplicationGroupID: String, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> GlobalReplicationGroup {
        try await change(
            "FailoverGlobalReplicationGroup",
            [
                ("GlobalReplicationGroupId", id), ("PrimaryRegion", primaryRegion),
                ("PrimaryReplicationGroupId", primaryReplicationGroupID),
            ], deadline: deadline)
    }

    /// Detaches a secondary, which becomes a primary of its own. There is no way back: a cluster that joins a
    /// global datastore again loses its data.
    ///
    /// - Parameters:
    ///   - replicationGroupID: the id of the secondary.
    ///   - replicationGroupRegion: its region.
    /// - Returns: the group as it was when AWS accepted the request; its members may be missing.
    @discardableResult
    package func disassociateGlobalReplicationGroup(
        id: String, replicationGroupID: String, replicationGroupRegion: String, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> GlobalReplicationGroup {
        try await change(
            "DisassociateGlobalReplicationGroup",
            [
                ("GlobalReplicationGroupId", id), ("ReplicationGroupId", replicationGroupID),
                ("ReplicationGroupRegion", replicationGroupRegion),
            ], deadline: deadline)
    }

    private func change(
        _ operation: String, _ parameters: [(name: String, value: String?)], deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> GlobalReplicationGroup {
        var call = AWSCall.query(.elastiCache, region: region, operation: operation, parameters: parameters)
        call.isRepeatable = false
        // It is not sent again, so that to give up early gains nothing and loses the answer.
        call.attemptTimeout = .seconds(20)
        return try await client.query(call, deadline: deadline) { result throws(XMLError) in
            guard let element = result["GlobalReplicationGroup"] else {
                throw XMLError(reason: "an element \(result.name) has no GlobalReplicationGroup")
            }
            return try GlobalReplicationGroup(element)
        }
    }
}

/// The operations that change a global cluster. Each is sent again only where AWS certainly did not carry it out. Where
/// that is not certain, the error has `outcomeIsUnknown`: look at the cluster before anything else.
///
/// All give back the global cluster as it was when AWS accepted the request.
extension RDS {
    /// Makes a secondary the primary, whatever state the primary's region is in; what had not been replicated is lost.
    /// AWS answers at once; the failover itself takes minutes.
    ///
    /// - Parameter targetClusterARN: of the secondary that is promoted.
    @discardableResult
    package func failoverGlobalCluster(
        id: String, targetClusterARN: String, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> GlobalCluster {
        // Without AllowDataLoss it would be a switchover, and wait for a region that may be down.
        try await change(
            "FailoverGlobalCluster",
            [
                ("GlobalClusterIdentifier", id), ("TargetDbClusterIdentifier", targetClusterARN),
                ("AllowDataLoss", "true"),
            ], deadline: deadline)
    }

    /// Makes a secondary the primary without losing anything. That needs both regions: it can stall on one that is down.
    ///
    /// - Parameter targetClusterARN: of the secondary that is promoted.
    @discardableResult
    package func switchoverGlobalCluster(
        id: String, targetClusterARN: String, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> GlobalCluster {
        try await change(
            "SwitchoverGlobalCluster",
            [("GlobalClusterIdentifier", id), ("TargetDbClusterIdentifier", targetClusterARN)], deadline: deadline)
    }

    /// Detaches a secondary, which becomes a cluster of its own that takes writes. There is no way back but to build the
    /// global cluster anew.
    @discardableResult
    package func removeFromGlobalCluster(
        id: String, clusterARN: String, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> GlobalCluster {
        try await change(
            "RemoveFromGlobalCluster", [("GlobalClusterIdentifier", id), ("DbClusterIdentifier", clusterARN)],
            deadline: deadline)
    }

    func change(
        _ operation: String, _ parameters: [(name: String, value: String?)], deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> GlobalCluster {
        try await change(operation, of: "GlobalCluster", parameters, deadline: deadline) { element throws(XMLError) in
            try GlobalCluster(element)
        }
    }

    /// - Parameter noun: the element of the answer that has what was changed, as it is then.
    func change<Value: Sendable>(
        _ operation: String, of noun: String, _ parameters: [(name: String, value: String?)],
        deadline: ContinuousClock.Instant, read: (XMLElement) throws(XMLError) -> Value
    ) async throws(AWSError) -> Value {
        var call = AWSCall.query(.rds, region: region, operation: operation, parameters: parameters)
        call.isRepeatable = false
        // It is not sent again, so that to give up early gains nothing and loses the answer.
        call.attemptTimeout = .seconds(20)
        do throws(AWSError) {
            return try await client.query(call, deadline: deadline) { result throws(XMLError) in
                guard let element = result[noun] else {
                    throw XMLError(reason: "an element \(result.name) has no \(noun)")
                }
                return try read(element)
            }
        } catch { throw Self.named(error) }
    }
}

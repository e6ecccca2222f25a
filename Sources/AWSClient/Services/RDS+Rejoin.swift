/// The operations that build a global cluster anew, and take the old one away. Those that change something are each
/// sent again only where AWS certainly did not carry it out: see `RDS+Changes`.
extension RDS {
    // MARK: Reading

    /// All DB clusters of the region.
    package func describeDBClusters(deadline: ContinuousClock.Instant) async throws(AWSError) -> [DBCluster] {
        try await all("DescribeDBClusters", "DBClusters", of: "DBCluster", deadline: deadline) {
            element throws(XMLError) in try DBCluster(element)
        }
    }

    /// All DB instances of the region.
    package func describeDBInstances(deadline: ContinuousClock.Instant) async throws(AWSError) -> [DBInstance] {
        try await all("DescribeDBInstances", "DBInstances", of: "DBInstance", deadline: deadline) {
            element throws(XMLError) in try DBInstance(element)
        }
    }

    private func all<Value: Sendable>(
        _ operation: String, _ list: String, of item: String, deadline: ContinuousClock.Instant,
        read: (XMLElement) throws(XMLError) -> Value
    ) async throws(AWSError) -> [Value] {
        var values: [Value] = []
        var markers: Set<String> = []
        var marker: String?
        for _ in 0..<Self.maximumPages {
            let call = AWSCall.query(
                .rds, region: region, operation: operation, parameters: [("MaxRecords", "100"), ("Marker", marker)])
            do throws(AWSError) {
                let page = try await client.query(call, deadline: deadline) { result throws(XMLError) in
                    var page: [Value] = []
                    for element in result.list(list, of: item) { page.append(try read(element)) }
                    return (values: page, marker: result.optional("Marker"))
                }
                values += page.values
                marker = page.marker
            } catch { throw Self.named(error) }
            guard let next = marker else { return values }
            guard markers.insert(next).inserted else { break }
        }
        throw AWSError.endlessPages(of: "RDS \(operation)")
    }

    // MARK: Global clusters

    /// Another id for a global cluster; its members stay what they are.
    @discardableResult
    package func renameGlobalCluster(
        id: String, to newID: String, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> GlobalCluster {
        try await change(
            "ModifyGlobalCluster", [("GlobalClusterIdentifier", id), ("NewGlobalClusterIdentifier", newID)],
            deadline: deadline)
    }

    /// A global cluster around a DB cluster that stands alone, which becomes its writer in a while.
    @discardableResult
    package func createGlobalCluster(
        id: String, sourceClusterARN: String, isProtected: Bool, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> GlobalCluster {
        try await change(
            "CreateGlobalCluster",
            [
                ("GlobalClusterIdentifier", id), ("SourceDBClusterIdentifier", sourceClusterARN),
                ("DeletionProtection", isProtected ? "true" : nil),
            ], deadline: deadline)
    }

    /// Deletes a global cluster that has no members any more.
    @discardableResult
    package func deleteGlobalCluster(
        id: String, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> GlobalCluster {
        try await change("DeleteGlobalCluster", [("GlobalClusterIdentifier", id)], deadline: deadline)
    }

    // MARK: Clusters and instances

    /// Makes a DB cluster, without instances.
    @discardableResult
    package func createDBCluster(
        _ cluster: NewDBCluster, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> DBCluster {
        try await change("CreateDBCluster", of: "DBCluster", cluster.parameters, deadline: deadline) {
            element throws(XMLError) in try DBCluster(element)
        }
    }

    @discardableResult
    package func createDBInstance(
        _ instance: NewDBInstance, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> DBInstance {
        try await change("CreateDBInstance", of: "DBInstance", instance.parameters, deadline: deadline) {
            element throws(XMLError) in try DBInstance(element)
        }
    }

    /// Deletes an instance of a DB cluster, whose data is the cluster's and stays.
    @discardableResult
    package func deleteDBInstance(
        id: String, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> DBInstance {
        try await change(
            "DeleteDBInstance", of: "DBInstance", [("DBInstanceIdentifier", id)], deadline: deadline
        ) { element throws(XMLError) in try DBInstance(element) }
    }

    /// Deletes a DB cluster that has no instances any more. There is no way here to do it without a snapshot.
    @discardableResult
    package func deleteDBCluster(
        id: String, finalSnapshotID: String, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> DBCluster {
        try await change(
            "DeleteDBCluster", of: "DBCluster",
            [("DBClusterIdentifier", id), ("FinalDBSnapshotIdentifier", finalSnapshotID)], deadline: deadline
        ) { element throws(XMLError) in try DBCluster(element) }
    }
}

/// The final snapshot of a DB cluster that was deleted. It is there at once.
package struct DBClusterSnapshot: Sendable, Equatable, Identifiable {
    package let id: String
    package let cluster: DBCluster.Key
    package let engine: DBCluster.Engine
    package let engineVersion: String

    var arn: String { "arn:aws:rds:\(cluster.region):\(CredentialStore.account):cluster-snapshot:\(id)" }

    static func notFound(_ id: String) -> AWSFailure {
        AWSFailure(404, "DBClusterSnapshotNotFoundFault", "DBClusterSnapshot \(id) not found.")
    }
}

extension WorldState {
    mutating func putSnapshot(_ id: String, of key: DBCluster.Key) throws(AWSFailure) {
        let cluster = try knownCluster(key)
        let place = DBCluster.Key(region: key.region, id: id)
        guard dbClusterSnapshots[place] == nil else {
            throw AWSFailure(
                400, "DBClusterSnapshotAlreadyExistsFault", "DB cluster snapshot \(id) already exists.")
        }
        dbClusterSnapshots[place] = DBClusterSnapshot(
            id: id, cluster: key, engine: cluster.engine, engineVersion: cluster.engineVersion)
    }
}

package import AWSClient

/// One request of a rejoin that changes something.
package enum RejoinAction: Sendable, Equatable {
    case rename(String, to: String, region: String)
    case createGlobal(String, sourceARN: String, isProtected: Bool, region: String)
    case createCluster(NewDBCluster, region: String)
    case createInstance(NewDBInstance, region: String)
    case deleteInstance(String, region: String)
    case remove(clusterARN: String, fromGlobal: String, region: String)
    case deleteCluster(String, snapshot: String, region: String)
    case deleteGlobal(String, region: String)

    package var region: String {
        switch self {
        case .rename(_, _, let region), .createGlobal(_, _, _, let region), .createCluster(_, let region),
            .createInstance(_, let region), .deleteInstance(_, let region), .remove(_, _, let region),
            .deleteCluster(_, _, let region), .deleteGlobal(_, let region):
            region
        }
    }

    /// What takes something away for good.
    package var isDeletion: Bool {
        switch self {
        case .rename, .createGlobal, .createCluster, .createInstance: false
        case .deleteInstance, .remove, .deleteCluster, .deleteGlobal: true
        }
    }

    /// - Parameter rds: RDS of a region.
    func perform(_ rds: RDS, deadline: ContinuousClock.Instant) async throws(AWSError) {
        switch self {
        case .rename(let id, let newID, _): try await rds.renameGlobalCluster(id: id, to: newID, deadline: deadline)
        case .createGlobal(let id, let source, let isProtected, _):
            try await rds.createGlobalCluster(
                id: id, sourceClusterARN: source, isProtected: isProtected, deadline: deadline)
        case .createCluster(let cluster, _): try await rds.createDBCluster(cluster, deadline: deadline)
        case .createInstance(let instance, _): try await rds.createDBInstance(instance, deadline: deadline)
        case .deleteInstance(let id, _): try await rds.deleteDBInstance(id: id, deadline: deadline)
        case .remove(let arn, let id, _):
            try await rds.removeFromGlobalCluster(id: id, clusterARN: arn, deadline: deadline)
        case .deleteCluster(let id, let snapshot, _):
            try await rds.deleteDBCluster(id: id, finalSnapshotID: snapshot, deadline: deadline)
        case .deleteGlobal(let id, _): try await rds.deleteGlobalCluster(id: id, deadline: deadline)
        }
    }
}

/// Something that happened to an Aurora cluster, global or of a region.
package struct AuroraEvent: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case operationStarted(GlobalCluster.Operation)
        /// It stands still: a region that it needs is down, or somebody wanted it so.
        case operationStalled(GlobalCluster.Operation)
        case operationFinished(GlobalCluster.Operation)
        /// Cancelled, or the cluster that it led to was detached: the roles are as before.
        case operationCameToNothing(GlobalCluster.Operation)
        /// A secondary has the data of the primary again.
        case connected(DBCluster.Key)
        case joined(DBCluster.Key)
        /// The cluster is no member any more. It takes no writes before it is `promoted`.
        case detached(DBCluster.Key)
        case promoted(DBCluster.Key)
        case globalClusterCreated
        case globalClusterRenamed(from: String)
        case globalClusterDeleted
        case clusterCreated(DBCluster.Key)
        case clusterRenamed(DBCluster.Key, from: String)
        case clusterDeleted(DBCluster.Key)
        case instanceCreated(String, of: DBCluster.Key)
        case instanceDeleted(String, of: DBCluster.Key)
    }

    /// nil: of a cluster by itself.
    package let globalCluster: String?
    package let kind: Kind

    /// The number of the event that RDS itself would tell, such as 185 of RDS-EVENT-0185.
    package var number: Int? {
        switch kind {
        case .operationStarted(let operation): operation.kind == .switchover ? 181 : nil
        case .operationFinished(let operation): operation.kind == .switchover ? 185 : 238
        case .operationCameToNothing(let operation): operation.kind == .switchover ? 187 : 239
        case .detached: 228
        default: nil
        }
    }
}

extension AuroraEvent: CustomStringConvertible {
    package var description: String {
        let subject = globalCluster.map { "global cluster \($0): " } ?? ""
        let event = number.map { " (RDS-EVENT-\(ReplicationGroup.padded($0, to: 4)))" } ?? ""
        return subject + words + event
    }

    private var words: String {
        switch kind {
        case .operationStarted(let operation):
            "\(operation.kind.rawValue) from \(Self.place(operation.from)) to \(Self.place(operation.to)) started"
        case .operationStalled(let operation):
            "\(operation.kind.rawValue) to \(Self.place(operation.to)) stands still"
        case .operationFinished(let operation):
            "\(operation.kind.rawValue) finished, primary is \(Self.place(operation.to)), as the global endpoint tells"
        case .operationCameToNothing(let operation):
            "\(operation.kind.rawValue) to \(Self.place(operation.to)) came to nothing, the roles are as before"
        case .connected(let cluster): "\(Self.place(cluster)) has the primary's data"
        case .joined(let cluster): "\(Self.place(cluster)) is a member"
        case .detached(let cluster): "\(Self.place(cluster)) is detached"
        case .promoted(let cluster): "cluster \(Self.place(cluster)) stands alone, and takes writes"
        case .globalClusterCreated: "created"
        case .globalClusterRenamed(let from): "was \(from) before"
        case .globalClusterDeleted: "deleted"
        case .clusterCreated(let cluster): "cluster \(Self.place(cluster)) is created"
        case .clusterRenamed(let cluster, let from): "cluster \(Self.place(cluster)) was \(from) before"
        case .clusterDeleted(let cluster): "cluster \(Self.place(cluster)) is deleted"
        case .instanceCreated(let id, let cluster): "instance \(id) of \(Self.place(cluster)) is created"
        case .instanceDeleted(let id, let cluster): "instance \(id) of \(Self.place(cluster)) is deleted"
        }
    }

    private static func place(_ cluster: DBCluster.Key) -> String { "\(cluster.id) in \(cluster.region)" }
}

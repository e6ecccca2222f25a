import Foundation

/// What ElastiCache tells the topic of a replication group, in the forms that AWS documents or that published functions
/// read.
package struct ClusterEvent: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case created
        case testFailoverCalled(shard: String)
        /// First of the node that is primary now, then of the group: AWS tells both.
        case failoverComplete(primary: String, ofGroup: Bool)
        case replicaStarted(String)
        case replicaProvisioned(String)
        case replicaFinished(String)
        case nodeDeleted(String)
        case replacementStarted(String)
        case replacementComplete(String)
        /// Its global datastore has it as primary now. Known from a published function only, and as plain text.
        case promotedAsPrimary
    }

    package let group: ReplicationGroup.Key
    package let kind: Kind

    package var name: String {
        switch kind {
        case .created: "CreateReplicationGroupComplete"
        case .testFailoverCalled: "TestFailoverApiCalled"
        case .failoverComplete: "FailoverComplete"
        case .replicaStarted: "ReplicationGroupIncreaseReplicaCountStarted"
        case .replicaProvisioned: "CacheClusterProvisioningComplete"
        case .replicaFinished: "ReplicationGroupIncreaseReplicaCountFinished"
        // AWS documents no event of a number of replicas that is decreased, but each node that goes is a cluster.
        case .nodeDeleted: "DeleteCacheClusterComplete"
        case .replacementStarted: "CacheNodeReplaceStarted"
        case .replacementComplete: "CacheNodeReplaceComplete"
        case .promotedAsPrimary: "ReplicationGroupPromotedAsPrimary"
        }
    }

    /// What it is about, and the other names that it tells.
    private var fields: (source: String, others: [String: String]) {
        let ofGroup = ["Replication Group ID": group.id]
        return switch kind {
        case .created, .promotedAsPrimary: (group.id, [:])
        case .testFailoverCalled(let shard): (group.id, ["Node Group ID": shard])
        case .failoverComplete(let primary, true):
            (group.id, ofGroup.merging(["Cache Cluster ID": primary]) { $1 })
        case .failoverComplete(let primary, false): (primary, [:])
        case .replicaStarted(let node), .replicaFinished(let node), .replicaProvisioned(let node),
            .nodeDeleted(let node), .replacementStarted(let node), .replacementComplete(let node):
            (node, ofGroup)
        }
    }

    package var source: String { fields.source }

    package var message: String {
        let (source, others) = fields
        if kind == .promotedAsPrimary { return "ElastiCache:\(name) : \(source)" }
        let object = others.merging(["ElastiCache:\(name)": source]) { $1 }
        // Strings always encode; the fallback is for the compiler.
        return (try? AnswerValue.object(object.mapValues { .text($0) }).json) ?? ""
    }

    static let subject = "ElastiCache Notification Message"
}

package import Failover
package import Promotion

/// `AURORA_ACTION`: how a member of a global cluster is promoted.
package enum AuroraAction: String, Sendable, CaseIterable {
    case failover
    case switchover
    case detach
    case failoverThenDetach = "failover-then-detach"
}

/// `PROMOTE_ORDER`: which of the two groups of a watch is promoted first.
package enum PromoteOrder: String, Sendable, CaseIterable {
    case together
    case clusterFirst = "cluster-first"
    case datastoreFirst = "datastore-first"

    var first: GlobalGroup.Kind? {
        switch self {
        case .together: nil
        case .clusterFirst: .cluster
        case .datastoreFirst: .datastore
        }
    }
}

extension WatchConfiguration {
    /// One global group that follows the name.
    package struct Group: Sendable, Equatable {
        package var kind: GlobalGroup.Kind
        package var id: String
        package var policy: Policy
    }

    /// One or two.
    package var groups: [Group] {
        let datastore = globalDatastoreID.map { Group(kind: .datastore, id: $0, policy: policy) }
        let cluster = globalClusterID.map { Group(kind: .cluster, id: $0, policy: clusterPolicy) }
        return [datastore, cluster].compactMap(\.self)
    }

    private var clusterPolicy: Policy {
        var policy = policy
        policy.detachAfter = auroraAction == .failoverThenDetach ? detachAfter : nil
        switch auroraAction {
        case .failover, .failoverThenDetach: policy.means = .failover
        case .switchover:
            policy.means = .switchover
            // It is for when all is well, and can stall for ever otherwise.
            policy.promoteInStatus = ["available"]
        case .detach: policy.means = .detachment
        }
        return policy
    }

    /// The ids of its groups, for people.
    package var groupNames: String { groups.map(\.id).joined(separator: " and ") }
}

extension EnvironmentReader {
    /// `GLOBAL_DATASTORE_ID` and `GLOBAL_CLUSTER_ID`, of which one is enough. What a watch says itself comes before what
    /// the environment says, of either.
    mutating func groupIDs() -> (datastore: String?, cluster: String?) {
        let variables = GlobalGroup.Kind.allCases.map(\.variable)
        let own = variables.filter { isOwn($0) }
        let set = own.isEmpty ? variables.filter { isSet($0) } : own
        func isID(_ id: String) -> Bool { id.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") } }
        var datastore: String?
        if set.isEmpty || set.contains(GlobalGroup.Kind.datastore.variable) {
            datastore = required(
                "GLOBAL_DATASTORE_ID",
                "set it to the id of the ElastiCache Global Datastore, such as ldgnf-sessions, or GLOBAL_CLUSTER_ID to"
                    + " that of an Aurora global cluster", where: isID)
        }
        var cluster: String?
        if set.contains(GlobalGroup.Kind.cluster.variable) {
            cluster = required(
                "GLOBAL_CLUSTER_ID",
                "set it to the id of the Aurora global cluster, such as orders-global: letters, digits and hyphens, 63 at"
                    + " most"
            ) { (1...63).contains($0.utf8.count) && isID($0) }
        }
        return (datastore, cluster)
    }

    /// `AURORA_ACTION` and `PROMOTE_ORDER`, which mean something only with the groups that they are about.
    mutating func auroraSettings(
        hasDatastore: Bool, hasCluster: Bool
    ) -> (action: AuroraAction, order: PromoteOrder) {
        let action = word("AURORA_ACTION", of: AuroraAction.self, default: .failover)
        let order = word("PROMOTE_ORDER", of: PromoteOrder.self, default: .together)
        if action != .failover, !hasCluster, !isInherited("AURORA_ACTION") {
            refuse("AURORA_ACTION", "set GLOBAL_CLUSTER_ID as well, which it is about, or leave it out")
        }
        if order != .together, !(hasCluster && hasDatastore), !isInherited("PROMOTE_ORDER") {
            refuse(
                "PROMOTE_ORDER",
                "set both GLOBAL_DATASTORE_ID and GLOBAL_CLUSTER_ID, between which it is, or leave it out")
        }
        if [.detach, .failoverThenDetach].contains(action), hasCluster, functionValue("PAUSE_PARAMETER") == nil {
            refuse("AURORA_ACTION", Self.detachmentNeedsRecord)
        }
        return (action, order)
    }

    static let detachmentNeedsRecord =
        "set PAUSE_PARAMETER as well: beside it is kept that the member was detached, so that a new process knows"
}

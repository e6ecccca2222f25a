package import AWSClient

/// What the records point at.
package struct RecordStatus: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case replica(number: Int)
        case weighted
        case primary
    }

    package enum Target: Sendable, Equatable {
        /// A node of the cluster, by its id, and what that is now.
        case node(String, ClusterView.Role)
        /// The endpoint that the primary record is to point at while this region is primary.
        case primaryEndpoint
        /// A name of something else, as of another region's cluster.
        case other(String)
        /// No record of ours, nor one that could be: see `recordSet`.
        case foreign
    }

    package struct Record: Sendable, Equatable {
        package var kind: Kind
        package var recordSet: ResourceRecordSet
        package var target: Target
    }

    package var zone: HostedZone
    /// nil where it was not looked at.
    package var cluster: ClusterView?
    /// nil where there is no primary record to keep.
    package var standing: PrimaryStanding?
    /// Those of replicas by their numbers, then the weighted, then the primary.
    package var records: [Record]
    /// The replicas that no record points at, of those kinds that there are to be.
    package var unnamedReplicas: [String]

    init(
        zone: HostedZone, cluster: ClusterView?, standing: PrimaryStanding?, records found: ZoneRecords,
        settings: RecordSettings
    ) {
        self.zone = zone
        self.cluster = cluster
        self.standing = standing
        let numbers = settings.replicaName.map(NumberedNames.init)
        var numbered: [(number: Int, set: ResourceRecordSet)] = []
        for set in found.numbered { if let number = numbers?.number(of: set.name) { numbered.append((number, set)) } }
        numbered.sort { $0.number < $1.number }
        records = numbered.map { number, set in
            Record(kind: .replica(number: number), recordSet: set, target: Self.node(of: set, cluster))
        }
        records += found.weighted.map {
            Record(kind: .weighted, recordSet: $0, target: Self.node(of: $0, cluster))
        }
        let endpoint = settings.primaryEndpoint ?? cluster?.primaryEndpoint
        records += found.primary.map { set in
            let target = set.isPlainCNAME ? set.target : nil
            let isOurs = target != nil && target == endpoint
            return Record(
                kind: .primary, recordSet: set,
                target: isOurs ? .primaryEndpoint : target.map(Target.other) ?? .foreign)
        }
        unnamedReplicas = []
        for replica in cluster?.replicas ?? [] where settings.followsReplicas {
            let kinds = records.filter { $0.target == .node(replica.id, .replica) }.map(\.kind)
            let isNumbered = settings.replicaName == nil || kinds.contains { $0 != .weighted }
            let isWeighted = settings.weightedName == nil || kinds.contains(.weighted)
            if !isNumbered || !isWeighted { unnamedReplicas.append(replica.id) }
        }
    }

    private static func node(of set: ResourceRecordSet, _ cluster: ClusterView?) -> Target {
        guard let target = set.target else { return .foreign }
        guard let cluster, let node = cluster.node(behind: target) else { return .other(target) }
        return .node(node, cluster.role(ofNode: node))
    }
}

package import AWSClient

/// What a zone has under the names that are ours.
package struct ZoneRecords: Sendable, Equatable {
    /// Under the numbered names of replicas.
    package var numbered: [ResourceRecordSet]
    package var weighted: [ResourceRecordSet]
    package var primary: [ResourceRecordSet]

    package init(
        numbered: [ResourceRecordSet] = [], weighted: [ResourceRecordSet] = [], primary: [ResourceRecordSet] = []
    ) {
        self.numbered = numbered
        self.weighted = weighted
        self.primary = primary
    }
}

/// What is to be changed, as little as will do. Pure: the same of the same, without a call and without a clock.
package struct RecordPlan: Sendable, Equatable {
    package private(set) var changes: [RecordChange] = []
    package private(set) var findings: [Finding] = []

    private init() {}

    /// - Parameters:
    ///   - cluster: nil where the settings need none.
    ///   - standing: nil where they have no primary record.
    package init(
        _ records: ZoneRecords, cluster: ClusterView?, standing: PrimaryStanding?, settings: RecordSettings
    ) {
        // First, because clients that write wait for it, and a batch of many changes may be cut.
        if let name = settings.primaryName, let standing {
            planPrimary(
                records.primary, name: name, endpoint: settings.primaryEndpoint ?? cluster?.primaryEndpoint,
                ttl: settings.ttl, standing)
        }
        // What is wrong with the name is wrong whatever the cluster's state.
        let occupant = settings.weightedName == nil ? nil : Self.weightedOccupant(in: records.weighted)
        if let name = settings.weightedName, let occupant { findings.append(.occupied(name: name, by: occupant)) }
        guard let cluster, settings.followsReplicas else { return }
        findings += cluster.waiting.map { .waiting($0) }
        findings += cluster.unsettled.map { .unsettled($0) }
        var ownership = ReplicaRecords(cluster: cluster, settings: settings)
        ownership.sort(records)
        findings += ownership.foreign.map { set in
            .foreign(name: set.name, type: set.type, setIdentifier: set.setIdentifier)
        }
        guard cluster.unsettled.isEmpty else { return }
        findings += ownership.unlisted.map { .unlisted(node: $0, status: cluster.status) }
        guard let wanted = targets(cluster, settings) else { return }
        if settings.replicaName != nil { changes += ownership.numberedChanges(to: wanted) }
        if settings.weightedName != nil, occupant == nil {
            let (weighted, taken) = ownership.weightedChanges(to: wanted)
            changes += weighted
            findings += taken.map { .identifierTaken(node: $0) }
        }
    }

    /// The plan for a primary record alone.
    package init(
        primary records: [ResourceRecordSet], name: String, endpoint: String?, ttl: Int, standing: PrimaryStanding
    ) {
        planPrimary(
            records, name: DNSName.normalized(name), endpoint: endpoint.map(DNSName.normalized), ttl: ttl, standing)
    }

    /// The plan for records that lead to the primary, in one batch, and for nothing else.
    ///
    /// - Parameter names: each with what the zone has of it, and what it is to point at; nil for nothing yet.
    package init(
        primaries names: [(name: String, records: [ResourceRecordSet], endpoint: String?)], ttl: Int,
        standing: PrimaryStanding
    ) {
        for (name, records, endpoint) in names {
            let plan = RecordPlan(primary: records, name: name, endpoint: endpoint, ttl: ttl, standing: standing)
            changes += plan.changes
            // Who the primary is they have in common.
            findings += plan.findings.filter { !findings.contains($0) }
        }
    }

    /// - Returns: nil where all is to stay as it is.
    private mutating func targets(_ cluster: ClusterView, _ settings: RecordSettings) -> ReplicaRecords.Targets? {
        guard cluster.replicas.isEmpty else { return .each(cluster.replicas) }
        findings.append(.noReplicas(settings.whenNoReplicas))
        switch settings.whenNoReplicas {
        case .keep: return nil
        case .primary: return cluster.primaries.first.map { .all($0) }
        case .delete: return .each([])
        }
    }

    private mutating func planPrimary(
        _ records: [ResourceRecordSet], name: String, endpoint: String?, ttl: Int, _ standing: PrimaryStanding
    ) {
        if let other = records.first(where: { !$0.isPlainCNAME }) {
            findings.append(.occupied(name: name, by: .init(other)))
            return
        }
        let old = records.first
        guard standing == .primary || standing == .alone && (old == nil || old?.target == endpoint) else {
            findings.append(.notPrimary(standing))
            return
        }
        guard let endpoint else {
            findings.append(.noPrimaryEndpoint)
            return
        }
        let new = ResourceRecordSet(name: name, type: "CNAME", ttl: ttl, values: [endpoint])
        if old?.isSame(as: new) != true { changes.append(RecordChange(from: old, to: new)) }
    }

    private static func weightedOccupant(in records: [ResourceRecordSet]) -> Occupant? {
        records.first { $0.type != "CNAME" || $0.setIdentifier == nil || $0.weight == nil }.map(Occupant.init)
    }
}

extension ResourceRecordSet {
    /// A CNAME that is a name to point at and a time to live, and nothing else.
    var isPlainCNAME: Bool {
        self == ResourceRecordSet(name: name, type: "CNAME", ttl: ttl, values: values) && ttl != nil
            && values.count == 1
    }

    /// An element of a weighted CNAME, likewise.
    var isPlainWeightedCNAME: Bool {
        guard setIdentifier != nil, weight != nil else { return false }
        var set = self
        (set.setIdentifier, set.weight) = (nil, nil)
        return set.isPlainCNAME
    }

    /// What it points at, normalized; nil where it is none of these.
    package var target: String? { isPlainCNAME || isPlainWeightedCNAME ? values.first.map(DNSName.normalized) : nil }

    /// Whether clients see the same, in whatever way the name is written that it points at.
    func isSame(as other: ResourceRecordSet) -> Bool {
        var set = self
        set.values = values.map(DNSName.normalized)
        return set == other
    }
}

extension Occupant {
    fileprivate init(_ set: ResourceRecordSet) {
        let kind: Kind
        if set.weight != nil {
            kind = .weighted
        } else if set.setIdentifier != nil || !set.otherElements.isEmpty {
            kind = .otherRouting
        } else if set.alias != nil {
            kind = .alias
        } else {
            kind = set.isPlainCNAME ? .simpleCNAME : set.type == "CNAME" ? .elaborate : .simple
        }
        self.init(type: set.type, setIdentifier: set.setIdentifier, kind: kind)
    }
}

/// Holds what became of records against what the README promises of them. Like `Judge`, it knows nothing of how the
/// product decides: only what the zone took, and what was true of groups and clusters.
struct RecordJudge {
    private let terms: RecordTerms
    private(set) var violations: [Judge.Violation] = []

    private var zone = RecordZone([])
    /// Of each kind: by region, when its member was the primary last; now, where it is.
    private var primaries: [GroupModel.Kind: [String: Standing]] = [:]
    private var clusters: [String: Cluster] = [:]
    private var invocations: [Witness.Source: Invocation] = [:]

    private enum Standing {
        case now, until(Duration)
    }

    /// What is known of a region's.
    private struct Cluster {
        var now: ClusterModel
        /// Of each node that ever was: its name, and until when it was a replica; nil where it never was.
        var names: [String: String] = [:]
        var replica: [String: Standing] = [:]
    }

    /// Of the function `endpoints`.
    private struct Invocation {
        var begin: Duration
        var isScheduled: Bool
        /// But for those that read the zone, of which there may be several pages.
        var calls: [String: Int] = [:]
        var hasAsked = false
    }

    init(_ terms: RecordTerms) {
        self.terms = terms
    }

    /// Safety, from the facts in their order.
    static func violations(
        in facts: [(time: Duration, fact: Witness.Fact)], _ script: Script
    ) -> [Judge.Violation] {
        RecordTerms(script).map { violations(in: facts, $0) } ?? []
    }

    static func violations(
        in facts: [(time: Duration, fact: Witness.Fact)], _ terms: RecordTerms
    ) -> [Judge.Violation] {
        var judge = RecordJudge(terms)
        for (time, fact) in facts { judge.hear(fact, at: time) }
        return judge.violations
    }

    private mutating func hear(_ fact: Witness.Fact, at time: Duration) {
        switch fact {
        case .ended(let group, _): note(group, at: time)
        case .accepted(.detachment, let group, _, _):
            // Who leaves its group is a primary by itself.
            for member in group.detached { primaries[group.kind, default: [:]][member.region] = .now }
        case .records(let fact): hear(fact, at: time)
        default: break
        }
    }

    private mutating func hear(_ fact: RecordFact, at time: Duration) {
        switch fact {
        case .zone(let records): zone = RecordZone(records)
        case .asked(let batch, let source): judge(batch, source, at: time)
        case .changed(let batch, let source):
            if let source { judge(accepted: batch, source, at: time) }
            _ = zone.apply(batch)
        case .refused, .notified: break
        case .cluster(let cluster): note(cluster, at: time)
        case .called(let operation, let source): invocations[source]?.calls[operation, default: 0] += 1
        case .began(let source, let isScheduled):
            invocations[source] = Invocation(begin: time, isScheduled: isScheduled)
        case .ended(let source, let ending): judge(source, ending, at: time)
        }
    }

    private mutating func violated(_ promise: Promise, _ what: String, at time: Duration) {
        violations.append(Judge.Violation(promise: promise, time: time, what: what))
    }

    // MARK: What is true

    private mutating func note(_ group: GroupModel, at time: Duration) {
        for member in group.members {
            if group.primary == member.id {
                primaries[group.kind, default: [:]][member.region] = .now
            } else if case .now? = primaries[group.kind]?[member.region] {
                primaries[group.kind]?[member.region] = .until(time)
            }
        }
    }

    private mutating func note(_ cluster: ClusterModel, at time: Duration) {
        var known = clusters[cluster.region] ?? Cluster(now: cluster)
        known.now = cluster
        let nodes = cluster.shards.flatMap(\.nodes)
        for node in nodes { known.names[cluster.name(of: node.id)] = node.id }
        for shard in cluster.shards {
            for node in shard.nodes where node.isListed && shard.primary != nil && node.id != shard.primary {
                known.replica[node.id] = .now
            }
        }
        for (id, standing) in known.replica {
            let isPrimary = cluster.shards.contains { $0.primary == id }
            guard case .now = standing, isPrimary || !nodes.contains(where: { $0.id == id }) else { continue }
            known.replica[id] = .until(time)
        }
        clusters[cluster.region] = known
    }

    private func isRecent(_ standing: Standing?, at time: Duration) -> Bool {
        switch standing {
        case .now?: true
        case .until(let end)?: time - end <= terms.slack
        case nil: false
        }
    }

    // MARK: Changes

    private mutating func judge(_ batch: [RecordZone.Change], _ source: Witness.Source, at time: Duration) {
        if terms.isDryRun { violated(.notInDryRun, "\(source.words) changes \(batch)", at: time) }
        invocations[source]?.hasAsked = true
        let kept = batch.filter(\.isCreation).map(\.record).filter { new in
            batch.contains { !$0.isCreation && $0.record == new }
        }
        if !kept.isEmpty { violated(.noNeedlessChanges, "\(source.words) replaces \(kept) by itself", at: time) }
    }

    private mutating func judge(
        accepted batch: [RecordZone.Change], _ source: Witness.Source, at time: Duration
    ) {
        let region = source.region
        let own = source.function == .promoter ? terms.script.promoterRecords(in: region) : endpointsPrimary(region)
        let created = Set(batch.filter(\.isCreation).map(\.record.name))
        for change in batch {
            let record = change.record
            let what = "\(source.words): \(change)"
            if let wanted = own.first(where: { $0.name == record.name }) {
                // It is moved, and never taken away.
                if !change.isCreation, !created.contains(record.name) { violated(.onlyOwnRecords, what, at: time) }
                guard change.isCreation else { continue }
                if record.values != [wanted.endpoint] { violated(.onlyOwnEndpoints, what, at: time) }
                if !isRecent(primaries[wanted.kind]?[region], at: time) {
                    violated(.onlyAtThePrimary, what, at: time)
                }
            } else {
                judge(replica: change, source, at: time)
            }
        }
    }

    private func endpointsPrimary(_ region: String) -> [(kind: GroupModel.Kind, name: String, endpoint: String)] {
        guard terms.script.endpoints?.keepsPrimary == true else { return [] }
        return [(.datastore, RecordScript.primaryName, terms.script.primaryEndpoint(in: region))]
    }

    private mutating func judge(replica change: RecordZone.Change, _ source: Witness.Source, at time: Duration) {
        let what = "\(source.words): \(change)"
        let record = change.record
        let cluster = clusters[source.region]
        let node = record.values.first.flatMap { cluster?.names[$0] }
        guard source.function == .endpoints, terms.script.isReplicaName(record, in: source.region) else {
            return violated(.onlyOwnRecords, what, at: time)
        }
        guard let node else {
            return violated(change.isCreation ? .onlyOwnEndpoints : .onlyOwnRecords, what, at: time)
        }
        guard change.isCreation, terms.script.endpoints?.whenNoReplicas != "primary" else { return }
        if !isRecent(cluster?.replica[node], at: time) { violated(.onlyAtReplicas, what, at: time) }
    }

    // MARK: Invocations of `endpoints`

    private mutating func judge(_ source: Witness.Source, _ ending: Witness.Ending, at time: Duration) {
        guard let invocation = invocations.removeValue(forKey: source) else { return }
        if ending == .tooLate, !terms.excusesLateness(source.region, time) {
            violated(.answersInTime, source.words, at: time)
        }
        guard invocation.isScheduled, !invocation.hasAsked, !terms.isTroubled(invocation.begin, time) else { return }
        // The zone's name is read once in the life of a process; the records in two lists.
        let most = [
            "GetHostedZone": 1, "DescribeReplicationGroups": 1, "DescribeGlobalReplicationGroups": 1,
            "ListResourceRecordSets": 2 + zone.records.count / terms.script.pageSize,
        ]
        for (operation, count) in invocation.calls.sorted(by: { $0.key < $1.key }) where count > most[operation] ?? 0 {
            violated(.quietWhereNothingChanges, "\(source.words): \(operation), \(count) times", at: time)
        }
    }
}

extension Witness.Source {
    fileprivate var words: String { "\(function) in \(region)/\(process)" }
}

internal import AWSClient

/// The records that lead to a primary, and nothing else, for who knows by himself what the primary is and when it has
/// changed: one, or one for the primary and one for what is read beside it.
package struct PrimaryRecord: Sendable {
    private let zone: OwnZone
    private let names: [String]
    private let ttl: Int
    private let timing: RecordTiming

    /// Whether the cluster of the endpoint is the primary. It is asked after the record was read, each time: the answer
    /// must be of then, or the record could be taken back from who has it by right.
    package typealias Proof = (_ deadline: ContinuousClock.Instant) async throws -> PrimaryStanding

    /// - Parameters:
    ///   - names: in any case, with or without final dot.
    ///   - ttl: in seconds, within `RecordSettings.ttlRange`.
    package init(zone: any ZoneService, names: [String], ttl: Int = 10, timing: RecordTiming = RecordTiming()) {
        self.zone = OwnZone(zone)
        self.names = names.map(DNSName.normalized)
        self.ttl = ttl
        self.timing = timing
    }

    /// Points the records at endpoints, all of them at once, if these are the primary's.
    ///
    /// - Parameters:
    ///   - endpoints: in the order of the names; nil for one that there is none of yet, which is a finding.
    ///   - comment: for the history of the zone.
    ///   - waitForSync: until all DNS servers of Route 53 answer with the change, or the deadline comes.
    ///   - isDryRun: change nothing, and say what would be changed.
    /// - Throws: as `RecordSync.sync`.
    package func point(
        at endpoints: [String?], comment: String = "", waitForSync: Bool = true, isDryRun: Bool = false,
        deadline: ContinuousClock.Instant, proof: Proof
    ) async throws -> SyncReport {
        let rounds = ChangeRounds(service: zone.service, timing: timing)
        var outcome = try await rounds.run(comment: comment, isDryRun: isDryRun, deadline: deadline) {
            let own = try await zone.check(names, deadline: deadline)
            let records = try await zone.service.recordSets(named: names, deadline: deadline)
            let standing = try await proof(deadline)
            let wanted = zip(names, endpoints).map { name, endpoint in
                (name: name, records: records[name] ?? [], endpoint: endpoint)
            }
            let plan = RecordPlan(primaries: wanted, ttl: ttl, standing: standing)
            return (plan, (zone: own, standing: standing))
        }
        var findings = outcome.plan.findings
        if waitForSync {
            findings += try await SyncFollower(service: zone.service, timing: timing).follow(
                &outcome.batches, since: outcome.acceptedAt, deadline: deadline)
        }
        return SyncReport(
            zone: outcome.seen.zone, cluster: nil, standing: outcome.seen.standing, planned: outcome.plan.changes,
            batches: outcome.batches, refusals: outcome.refusals, findings: findings)
    }
}

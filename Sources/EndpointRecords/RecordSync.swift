internal import AWSClient

/// Keeps the records of a cluster's endpoints where they belong: reads what the zone has, then what the cluster is, and
/// changes the difference.
package struct RecordSync: Sendable {
    package let settings: RecordSettings
    private let zone: OwnZone
    private let cluster: any ClusterService
    private let timing: RecordTiming

    package init(
        settings: RecordSettings, zone: any ZoneService, cluster: any ClusterService,
        timing: RecordTiming = RecordTiming()
    ) {
        self.settings = settings
        self.zone = OwnZone(zone)
        self.cluster = cluster
        self.timing = timing
    }

    /// Brings the records up to date.
    ///
    /// - Parameters:
    ///   - comment: for the history of the zone.
    ///   - waitForSync: until all DNS servers of Route 53 answer with the changes, or the deadline comes.
    ///   - onAcceptance: told of each batch as soon as Route 53 has accepted it.
    /// - Throws: `EndpointRecordsError` or `AWSError`. Changes that were accepted before it are made.
    package func sync(
        comment: String = "", waitForSync: Bool = true, deadline: ContinuousClock.Instant,
        onAcceptance: (SyncReport.Batch) -> Void = { _ in }
    ) async throws -> SyncReport {
        try await run(
            comment: comment, waitForSync: waitForSync, isDryRun: false, deadline: deadline, onAcceptance: onAcceptance)
    }

    /// What `sync` would change now; it changes nothing.
    package func plan(deadline: ContinuousClock.Instant) async throws -> SyncReport {
        try await run(comment: "", waitForSync: false, isDryRun: true, deadline: deadline) { _ in }
    }

    /// What each record points at, and what that is.
    package func status(deadline: ContinuousClock.Instant) async throws -> RecordStatus {
        let seen = try await look(deadline: deadline)
        return RecordStatus(
            zone: seen.zone, cluster: seen.cluster, standing: seen.standing, records: seen.records, settings: settings)
    }

    private struct Seen {
        var zone: HostedZone
        var records: ZoneRecords
        var cluster: ClusterView?
        var standing: PrimaryStanding?
    }

    private func run(
        comment: String, waitForSync: Bool, isDryRun: Bool, deadline: ContinuousClock.Instant,
        onAcceptance: (SyncReport.Batch) -> Void
    ) async throws -> SyncReport {
        let rounds = ChangeRounds(service: zone.service, timing: timing)
        var outcome = try await rounds.run(
            comment: comment, isDryRun: isDryRun, deadline: deadline, onAcceptance: onAcceptance
        ) {
            let seen = try await look(deadline: deadline)
            let plan = RecordPlan(
                seen.records, cluster: seen.cluster, standing: seen.standing, settings: settings)
            return (plan, seen)
        }
        let open = try await follow(&outcome, waitForSync: waitForSync, deadline: deadline)
        return SyncReport(
            zone: outcome.seen.zone, cluster: outcome.seen.cluster, standing: outcome.seen.standing,
            planned: outcome.plan.changes, batches: outcome.batches, refusals: outcome.refusals,
            findings: outcome.plan.findings + open)
    }

    private func follow(
        _ outcome: inout ChangeRounds.Outcome<Seen>, waitForSync: Bool, deadline: ContinuousClock.Instant
    ) async throws -> [Finding] {
        guard waitForSync else { return [] }
        return try await SyncFollower(service: zone.service, timing: timing).follow(
            &outcome.batches, since: outcome.acceptedAt, deadline: deadline)
    }

    /// Records first: see `ChangeRounds`.
    private func look(deadline: ContinuousClock.Instant) async throws -> Seen {
        let exact = [settings.weightedName, settings.primaryName].compactMap(\.self)
        let numbered = settings.replicaName.map { [NumberedNames(after: $0).name(1)] } ?? []
        let own = try await zone.check(numbered + exact, deadline: deadline)
        var records = ZoneRecords()
        if let name = settings.replicaName {
            records.numbered = try await zone.service.recordSets(numberedAfter: name, deadline: deadline)
        }
        if !exact.isEmpty {
            let sets = try await zone.service.recordSets(named: exact, deadline: deadline)
            records.weighted = settings.weightedName.flatMap { sets[$0] } ?? []
            records.primary = settings.primaryName.flatMap { sets[$0] } ?? []
        }
        var view: ClusterView?
        if settings.needsGroup, let id = settings.replicationGroupID {
            view = ClusterView(try await cluster.describeReplicationGroup(id: id, deadline: deadline))
        }
        var standing: PrimaryStanding?
        if settings.primaryName != nil {
            standing = await self.standing(of: view, target: records.primary.first?.target, deadline: deadline)
        }
        return Seen(zone: own, records: records, cluster: view, standing: standing)
    }

    private func standing(
        of view: ClusterView?, target: String?, deadline: ContinuousClock.Instant
    ) async -> PrimaryStanding {
        guard let id = settings.globalDatastoreID ?? view?.globalDatastoreID else { return .alone }
        do {
            let datastore = try await cluster.describeGlobalReplicationGroup(id: id, deadline: deadline)
            return PrimaryStanding(
                in: datastore, region: settings.region, groupID: settings.replicationGroupID, target: target)
        } catch let error as AWSError where error.code == .notFound {
            return .notMember(datastoreID: id)
        } catch {
            // The replicas' records are a matter of their own.
            return .unknown("\(error)")
        }
    }
}

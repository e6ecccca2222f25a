package import AWSClient
package import EndpointRecords
package import Failover
internal import Promotion

/// The last step of a promotion: points `PRIMARY_RECORD_NAME` at the own primary endpoint, `WRITER_RECORD_NAME` and
/// `READER_RECORD_NAME` at those of the own cluster. After the fact, and never in the way of a check; once in the life
/// of a process (who was promoted before it, it does not know), and again only after the local member has been
/// something else than the primary.
package actor PrimaryRecordKeeper {
    private enum Standing {
        case inPlace
        /// The member has left its group, and is the primary by itself.
        case detached
    }

    package nonisolated let settings: Settings
    private let record: PrimaryRecord
    private let source: any PrimarySource
    private let region: String
    /// Only say what would be changed.
    package let isDryRun: Bool
    private let now: @Sendable () -> ContinuousClock.Instant

    /// What the last check found; nil where the local member is not the primary, or is not to be.
    private var standing: Standing?
    private var isDone = false
    private var isUnderWay = false
    private var memberID: String?
    private var nextTry: ContinuousClock.Instant?
    /// Whether the last try was cut off by the end of its invocation.
    private var wasCutOff = false
    /// Why the record could not be pointed at the endpoint, the last time.
    package private(set) var failure: (any Error)?

    private static let pauseAfterFailure = Duration.seconds(10)
    private static let longestRound = Duration.seconds(20)

    /// - Parameter timing: with the clock of the deadlines.
    package init(
        settings: Settings, zone: any ZoneService, source: any PrimarySource, region: String, isDryRun: Bool,
        timing: RecordTiming
    ) {
        self.settings = settings
        self.source = source
        self.region = region
        self.isDryRun = isDryRun
        now = timing.now
        record = PrimaryRecord(zone: zone, names: settings.names, ttl: settings.ttl, timing: timing)
    }

    /// As the functions have it.
    package init(
        settings: Settings, client: AWSClient, group: WatchConfiguration.Group, region: String, isDryRun: Bool,
        timing: RecordTiming = RecordTiming()
    ) {
        let source: any PrimarySource =
            switch group.kind {
            case .datastore:
                DatastorePrimary(groupID: group.id, region: region, service: ElastiCache(client, region: region))
            case .cluster: GlobalClusterPrimary(groupID: group.id, region: region, service: RDS(client, region: region))
            }
        self.init(
            settings: settings, zone: Route53Zone(Route53(client), id: settings.hostedZoneID), source: source,
            region: region, isDryRun: isDryRun, timing: timing)
    }

    /// Takes in what a check came to.
    ///
    /// - Returns: whether there is something to do now.
    package func note(_ decision: Decision) -> Bool {
        switch decision {
        case .hold(.inPlace): standing = .inPlace
        case .hold(.detached(let member)):
            standing = .detached
            memberID = member ?? memberID
        // Nothing is known: neither that it is the primary, nor that it is no longer.
        case .hold(.unknown), .hold(.ambiguous), .hold(.paused), .hold(.pausedByOperator), .hold(.pauseUnknown),
            .misconfigured:
            return false
        case .hold, .promote, .wouldPromote, .detach:
            (standing, isDone, nextTry, failure) = (nil, false, nil, nil)
            // Who has rebuilt the group may have made another one.
            memberID = nil
        }
        return isDue
    }

    private var isDue: Bool {
        standing != nil && !isDone && !isUnderWay && nextTry.map { $0 <= now() } ?? true
    }

    /// Points the record at the endpoint, if that is due.
    ///
    /// - Returns: nil where there was nothing to do, or where the next invocation has to do it.
    package func bringUpToDate(deadline: ContinuousClock.Instant) async -> Result<SyncReport, any Error>? {
        guard isDue, let standing else { return nil }
        isUnderWay = true
        defer { isUnderWay = false }
        do {
            let report = try await point(standing, deadline: min(deadline, now() + Self.longestRound))
            if let finding = report.findings.first(where: \.isOccupied) {
                throw RecordsLeftUndone(finding: finding, report: report)
            }
            (failure, wasCutOff) = (nil, false)
            if report.standing != .primary || report.isIncomplete {
                nextTry = now() + Self.pauseAfterFailure
            } else if self.standing != nil {
                // Otherwise the member has become something else meanwhile, and the next time counts anew.
                isDone = true
            }
            return .success(report)
        } catch {
            // That an invocation was at its end says nothing of the services: the next one does it, and not in ten seconds.
            // One that has not the time either may never have it.
            if now() >= deadline, !wasCutOff {
                wasCutOff = true
                return nil
            }
            failure = error
            nextTry = now() + Self.pauseAfterFailure
            return .failure(error)
        }
    }

    private func point(_ standing: Standing, deadline: ContinuousClock.Instant) async throws -> SyncReport {
        let endpoints = try await endpoints(deadline: deadline)
        return try await record.point(
            at: endpoints, comment: "promoter, after \(source.groupID) made \(region) its primary", waitForSync: false,
            isDryRun: isDryRun, deadline: deadline
        ) { [source] deadline in
            try await source.standing(isDetached: standing == .detached, deadline: deadline)
        }
    }

    private func endpoints(deadline: ContinuousClock.Instant) async throws -> [String?] {
        let fixed = settings.records.map { record -> String? in
            if case .fixed(let endpoint) = record.leadsTo { endpoint } else { nil }
        }
        guard settings.needsEndpoints else { return fixed }
        if memberID == nil { memberID = try await source.memberID(deadline: deadline) }
        guard let memberID else { return fixed }
        let endpoints = try await source.endpoints(ofMember: memberID, deadline: deadline)
        return settings.records.map { record in
            switch record.leadsTo {
            case .fixed(let endpoint): endpoint
            case .primary: endpoints.primary
            case .readers: endpoints.readers
            }
        }
    }
}

package import AWSClient
package import EndpointRecords
package import Failover

/// The last step of a promotion: points `PRIMARY_RECORD_NAME` at the own primary endpoint. After the fact, and never in
/// the way of a check; once in the life of a process (who was promoted before it, it does not know), and again only
/// after the local member has been something else than the primary.
package actor PrimaryRecordKeeper {
    package struct Settings: Sendable, Equatable {
        /// `HOSTED_ZONE_ID`, without `/hostedzone/`.
        package var hostedZoneID: String
        /// `PRIMARY_RECORD_NAME`, in lower case and without final dot.
        package var name: String
        /// `PRIMARY_ENDPOINT`; nil for what ElastiCache names.
        package var endpoint: String?
        /// `RECORD_TTL_SECONDS`
        package var ttl: Int

        package init(hostedZoneID: String, name: String, endpoint: String?, ttl: Int) {
            self.hostedZoneID = hostedZoneID
            self.name = name
            self.endpoint = endpoint
            self.ttl = ttl
        }
    }

    private enum Standing {
        case inPlace
        /// The member has left the datastore, and is the primary by itself.
        case detached
    }

    private let settings: Settings
    private let record: PrimaryRecord
    private let cluster: any ClusterService
    private let groupID: String
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
    /// Why the record could not be pointed at the endpoint, the last time.
    package private(set) var failure: (any Error)?

    private static let pauseAfterFailure = Duration.seconds(10)
    private static let longestRound = Duration.seconds(20)

    /// - Parameters:
    ///   - groupID: of the global datastore.
    ///   - now: the clock of the deadlines.
    package init(
        settings: Settings, zone: any ZoneService, cluster: any ClusterService, groupID: String, region: String,
        isDryRun: Bool, timing: RecordTiming
    ) {
        self.settings = settings
        self.cluster = cluster
        self.groupID = groupID
        self.region = region
        self.isDryRun = isDryRun
        now = timing.now
        record = PrimaryRecord(zone: zone, name: settings.name, ttl: settings.ttl, timing: timing)
    }

    /// As the functions have it.
    package init(
        settings: Settings, client: AWSClient, groupID: String, region: String, isDryRun: Bool,
        timing: RecordTiming = RecordTiming()
    ) {
        self.init(
            settings: settings, zone: Route53Zone(Route53(client), id: settings.hostedZoneID),
            cluster: ElastiCache(client, region: region), groupID: groupID, region: region, isDryRun: isDryRun,
            timing: timing)
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
        }
        return isDue
    }

    private var isDue: Bool {
        standing != nil && !isDone && !isUnderWay && nextTry.map { $0 <= now() } ?? true
    }

    /// Points the record at the endpoint, if that is due.
    ///
    /// - Returns: nil where there was nothing to do.
    package func bringUpToDate(deadline: ContinuousClock.Instant) async -> Result<SyncReport, any Error>? {
        guard isDue, let standing else { return nil }
        isUnderWay = true
        defer { isUnderWay = false }
        do {
            let report = try await point(standing, deadline: min(deadline, now() + Self.longestRound))
            if let finding = report.findings.first(where: \.isOccupied) {
                throw RecordsLeftUndone(finding: finding, report: report)
            }
            failure = nil
            if report.standing != .primary || report.isIncomplete {
                nextTry = now() + Self.pauseAfterFailure
            } else if self.standing != nil {
                // Otherwise the member has become something else meanwhile, and the next time counts anew.
                isDone = true
            }
            return .success(report)
        } catch {
            failure = error
            nextTry = now() + Self.pauseAfterFailure
            return .failure(error)
        }
    }

    private func point(_ standing: Standing, deadline: ContinuousClock.Instant) async throws -> SyncReport {
        let endpoint = try await endpoint(deadline: deadline)
        return try await record.point(
            at: endpoint, comment: "promoter, after \(groupID) made \(region) its primary", waitForSync: false,
            isDryRun: isDryRun, deadline: deadline
        ) { [cluster, groupID, region] deadline in
            switch standing {
            case .detached: return .primary
            case .inPlace:
                let datastore = try await cluster.describeGlobalReplicationGroup(id: groupID, deadline: deadline)
                return PrimaryStanding(in: datastore, region: region, groupID: nil)
            }
        }
    }

    private func endpoint(deadline: ContinuousClock.Instant) async throws -> String? {
        if let endpoint = settings.endpoint { return endpoint }
        if memberID == nil {
            let datastore = try await cluster.describeGlobalReplicationGroup(id: groupID, deadline: deadline)
            memberID = datastore.members.first { $0.region.lowercased() == region }?.replicationGroupID
        }
        guard let memberID else { return nil }
        return ClusterView(try await cluster.describeReplicationGroup(id: memberID, deadline: deadline)).primaryEndpoint
    }
}

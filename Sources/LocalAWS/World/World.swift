package import Foundation
import Synchronization

package struct WorldState: Sendable {
    package var zones: [String: HostedZone] = [:]
    package var targets: [DNSName: Target] = [:]
    package var datastores: [String: GlobalDatastore] = [:]
    /// What they were, each from when on, and are: for answers that are out of date.
    var pastDatastores: [(since: Date, datastores: [String: GlobalDatastore])] = []
    /// All that there are, the members of datastores among them.
    package var replicationGroups: [ReplicationGroup.Key: ReplicationGroup] = [:]
    /// Aurora's, by id.
    package internal(set) var globalClusters: [String: GlobalCluster] = [:]
    package internal(set) var dbClusters: [DBCluster.Key: DBCluster] = [:]
    /// What is left of clusters that were deleted, by region and id of the snapshot.
    package internal(set) var dbClusterSnapshots: [DBCluster.Key: DBClusterSnapshot] = [:]
    package var unhealthyRegions: Set<String> = []
    package var unhealthySetIdentifiers: Set<String> = []
    package var resolutions: [DNSName: Resolution] = [:]
    /// Route 53's changes by id, with what GetChange tells of them.
    package var changes: [String: RecordChange] = [:]
    /// Of SSM, by ARN.
    package var parameters: [String: StoredParameter] = [:]
    /// Of SNS, by ARN.
    package var topics: [String: Topic] = [:]
    /// Of CloudWatch: what was put there. What AWS measures itself is made when it is asked for.
    package var metrics: [Metric: [Datapoint]] = [:]
    /// Of CloudWatch, by ARN.
    package var alarms: [String: Alarm] = [:]
    /// At which CloudWatch looks at its alarms now.
    var paces: Set<AlarmPace> = []
    /// Of Route 53, by id.
    package var healthChecks: [String: HealthCheck] = [:]
    /// Of Secrets Manager, by ARN.
    package var secrets: [String: Secret] = [:]
    /// Of IAM, in lower case.
    var deniedActions: Set<String> = []
    /// Regions whose AWS services do not answer; see `LocalAWS.takeDown`.
    var regionsDown: Set<String> = []
    /// Regions that are unhealthy or down, and since when.
    private(set) var failedSince: [String: Date] = [:]
    package internal(set) var answers: [DNSName: DNSAnswer] = [:]
    /// Of the replication groups and of Aurora.
    private(set) var endpoints: [DNSName: ClusterEndpoint] = [:]
    /// Of the health checks, by id.
    package internal(set) var checkHealth: [String: Bool] = [:]

    mutating func noteEndpoints() {
        endpoints = replicationGroups.values.reduce(into: auroraEndpoints) {
            $0.merge($1.endpoints) { first, _ in first }
        }
    }

    mutating func noteFailures(at now: Date) {
        let failed = unhealthyRegions.union(regionsDown)
        failedSince = failedSince.filter { failed.contains($0.key) }
        for region in failed where failedSince[region] == nil { failedSince[region] = now }
    }
}

package struct RecordChange: Sendable, Equatable {
    package let id: String
    package let zoneID: String
    package var inSync = false
    package let submittedAt: Date
    package let comment: String?
}

/// Everything there is, behind one lock. DNS answers follow each change before anybody can see it.
package final class World: Sendable {
    let clock: LocalClock
    let events: EventBus
    let minute: CloudWatchMinute
    let clusterTimes: ClusterTimes
    let auroraTimes: AuroraTimes
    private let hostsFile: HostsFile
    private let state = Mutex(WorldState())

    init(
        clock: LocalClock, events: EventBus, hostsFile: HostsFile, minute: CloudWatchMinute,
        clusterTimes: ClusterTimes = .init(), auroraTimes: AuroraTimes = .init()
    ) {
        self.clock = clock
        self.minute = minute
        self.clusterTimes = clusterTimes
        self.auroraTimes = auroraTimes
        self.events = events
        self.hostsFile = hostsFile
    }

    /// A copy, and a cheap one: its parts are shared until somebody changes them.
    package var snapshot: WorldState { state.withLock { $0 } }

    /// - Parameter cause: told before what follows from it.
    /// - Throws: what `body` throws, or that the hosts file could not be written. A throwing `body`
    ///   changes nothing.
    @discardableResult
    package func update<Result: Sendable>(
        because cause: LocalEvent.Kind? = nil, _ body: (inout WorldState) throws -> Result
    ) throws -> Result {
        let (result, happened) = try state.withLock { state in
            var changed = state
            let result = try body(&changed)
            changed.noteFailures(at: clock.now)
            changed.noteDatastores(at: clock.now)
            changed.provideReplicationGroups()
            changed.noteEndpoints()
            let before = state
            changed.checkHealth = changed.healthChecks.mapValues { changed.isHealthy($0) }
            changed.answers = Dictionary(
                uniqueKeysWithValues: changed.namesToAnswer.compactMap { name in
                    changed.answer(to: name).map { (name, $0) }
                }
            )
            // Inside the lock, or two changes could be written in the wrong order.
            if changed.answers != before.answers {
                try hostsFile.write(changed.answers.values.sorted { $0.name < $1.name })
            }
            let happened = Self.differences(from: before, to: changed)
            state = changed
            return (result, happened)
        }
        if let cause { events.publish(cause) }
        for kind in happened { events.publish(kind) }
        return result
    }

    /// For what no DNS answer hangs on: nothing is written here that could fail.
    /// - Throws: what `body` throws. It must throw before it changes anything.
    @discardableResult
    func change<Result: Sendable, Failure: Error>(
        _ body: (inout WorldState) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try state.withLock { state throws(Failure) in
            let result = try body(&state)
            state.noteFailures(at: clock.now)
            state.noteDatastores(at: clock.now)
            state.provideReplicationGroups()
            return result
        }
    }

    private static func differences(from before: WorldState, to state: WorldState) -> [LocalEvent.Kind] {
        let checks = state.healthChecks.values.sorted { $0.id < $1.id }.compactMap { check -> LocalEvent.Kind? in
            guard let old = before.checkHealth[check.id], let new = state.checkHealth[check.id], old != new else {
                return nil
            }
            return .healthCheckChanged(check, healthy: new)
        }
        let answers = Set(before.answers.keys).union(state.answers.keys).sorted().compactMap { name in
            let old = before.answers[name]
            let new = state.answers[name]
            let isEndpoint = state.endpoints[name] != nil || before.endpoints[name] != nil
            guard old != new, state.targets[name] == nil, !isEndpoint else {
                return LocalEvent.Kind?.none
            }
            return .answerChanged(
                name: name.withoutFinalDot, from: old?.region, to: new?.region, addresses: new?.addresses ?? []
            )
        }
        return checks + answers
    }

    func markInSync(_ changeID: String) {
        state.withLock { $0.changes[changeID]?.inSync = true }
    }
}

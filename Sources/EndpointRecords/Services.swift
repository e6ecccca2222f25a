package import AWSClient

/// What the records need of Route 53: one hosted zone.
package protocol ZoneService: Sendable {
    func zone(deadline: ContinuousClock.Instant) async throws -> HostedZone

    /// All record sets of exactly these names, by name.
    func recordSets(
        named names: [String], deadline: ContinuousClock.Instant
    ) async throws -> [String: [ResourceRecordSet]]

    /// All record sets of the names that are this one with a number behind its first label.
    func recordSets(numberedAfter name: String, deadline: ContinuousClock.Instant) async throws -> [ResourceRecordSet]

    /// Makes all of the changes, or none.
    func change(
        _ changes: [Route53.Change], comment: String, deadline: ContinuousClock.Instant
    ) async throws -> Route53.ChangeInfo

    func change(id: String, deadline: ContinuousClock.Instant) async throws -> Route53.ChangeInfo
}

/// What the records need of ElastiCache, of the region that they are for.
package protocol ClusterService: Sendable {
    /// - Throws: an `AWSError` with the code `.notFound` where there is none of this id; so does the other.
    func describeReplicationGroup(id: String, deadline: ContinuousClock.Instant) async throws -> ReplicationGroup

    func describeGlobalReplicationGroup(
        id: String, deadline: ContinuousClock.Instant
    ) async throws -> GlobalReplicationGroup
}

extension ElastiCache: ClusterService {}

/// A hosted zone of Route 53.
package struct Route53Zone: ZoneService {
    private let route53: Route53
    private let id: String

    /// - Parameter id: with or without `/hostedzone/` before it.
    package init(_ route53: Route53, id: String) {
        self.route53 = route53
        self.id = id
    }

    package func zone(deadline: ContinuousClock.Instant) async throws -> HostedZone {
        try await route53.hostedZone(id: id, deadline: deadline)
    }

    package func recordSets(
        named names: [String], deadline: ContinuousClock.Instant
    ) async throws -> [String: [ResourceRecordSet]] {
        try await route53.listResourceRecordSets(hostedZoneID: id, names: names, deadline: deadline)
    }

    package func recordSets(
        numberedAfter name: String, deadline: ContinuousClock.Instant
    ) async throws -> [ResourceRecordSet] {
        try await route53.listResourceRecordSets(hostedZoneID: id, numberedAfter: name, deadline: deadline)
    }

    package func change(
        _ changes: [Route53.Change], comment: String, deadline: ContinuousClock.Instant
    ) async throws -> Route53.ChangeInfo {
        try await route53.changeResourceRecordSets(
            hostedZoneID: id, changes: changes, comment: comment, deadline: deadline)
    }

    package func change(id: String, deadline: ContinuousClock.Instant) async throws -> Route53.ChangeInfo {
        try await route53.getChange(id: id, deadline: deadline)
    }
}

/// Time and chance, as tests have them otherwise.
package struct RecordTiming: Sendable {
    package var now: @Sendable () -> ContinuousClock.Instant
    /// Throws only where the task is cancelled. In Lambda it must be the executor's: the default starts Swift's thread
    /// pool.
    package var sleep: @Sendable (Duration) async throws -> Void
    /// From 0 up to, but not including, 1.
    package var random: @Sendable () -> Double

    package init(
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        self.now = now
        self.sleep = sleep
        self.random = random
    }
}

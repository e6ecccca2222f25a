package import AWSClient
package import Failover

/// What promotion needs of a service that measures replication.
package protocol LagService: Sendable {
    /// How far a member is behind the primary. Never throws: a reason is as good as a number here.
    func lag(ofMember id: String, group: String, deadline: ContinuousClock.Instant) async -> LagKnowledge
}

/// `GlobalDatastoreReplicationLag` in CloudWatch, in the region of the member. Those of many members that are wanted at
/// the same time are read together.
package final class GlobalDatastoreLag: LagService {
    private struct Member: Hashable {
        var id: String
        var group: String
    }

    private let reads: Batcher<Member, LagKnowledge>

    private static let namespace = "AWS/ElastiCache"
    private static let name = "GlobalDatastoreReplicationLag"
    private static let period = 60
    /// Older than this, a datapoint says nothing of now. CloudWatch has one a minute, a minute or two late.
    private static let maximumAge: Int64 = 300

    package init(
        cloudWatch: CloudWatch, taskExecutor: (any TaskExecutor)? = nil, wallClock: @escaping @Sendable () -> Timestamp
    ) {
        reads = Batcher(taskExecutor: taskExecutor) { members, deadline in
            do throws(AWSError) {
                return try await Self.read(members, cloudWatch, now: wallClock(), deadline: deadline)
            } catch { return Dictionary(uniqueKeysWithValues: members.map { ($0, .failure(error)) }) }
        }
    }

    package func lag(ofMember id: String, group: String, deadline: ContinuousClock.Instant) async -> LagKnowledge {
        do {
            return try await reads.value(for: Member(id: id, group: group), deadline: deadline)
        } catch { return .unknown("\(error)") }
    }

    private static func read(
        _ members: [Member], _ cloudWatch: CloudWatch, now: Timestamp, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> [Member: Result<LagKnowledge, any Error>] {
        let all = try await cloudWatch.listMetrics(namespace: namespace, name: name, deadline: deadline)
        let metrics = members.map { Self.metrics(of: $0, in: all) }
        let values = try await cloudWatch.latestValues(
            of: metrics.flatMap { $0 }, statistic: "Maximum", period: period, since: now.adding(seconds: -maximumAge),
            until: now.adding(seconds: Int64(period)), deadline: deadline)
        var rest = values[...]
        var answers: [Member: Result<LagKnowledge, any Error>] = [:]
        for (member, metrics) in zip(members, metrics) {
            // Of several nodes and shards, the one that is furthest behind.
            let worst = rest.prefix(metrics.count).compactMap { $0?.value }.max()
            rest = rest.dropFirst(metrics.count)
            answers[member] = .success(knowledge(worst, of: member, isMeasured: !metrics.isEmpty))
        }
        return answers
    }

    /// AWS's texts disagree about the dimensions: the id of a node, of the replication group, or of the Global Datastore.
    private static func metrics(of member: Member, in all: [Metric]) -> [Metric] {
        // A node's id is its replication group's and `-001`, or `-0001-001` in cluster mode.
        func isNode(_ value: String) -> Bool {
            guard value.hasPrefix(member.id) else { return false }
            let rest = value.utf8.dropFirst(member.id.utf8.count).split(
                separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
            return rest.dropFirst().allSatisfy { $0.allSatisfy { (48...57).contains($0) } }
                && [[0], [0, 3], [0, 4, 3]].contains(rest.map(\.count))
        }
        let own = all.filter { metric in metric.dimensions.contains { isNode($0.value) } }
        return own.isEmpty ? all.filter { metric in metric.dimensions.contains { $0.value == member.group } } : own
    }

    private static func knowledge(_ worst: Double?, of member: Member, isMeasured: Bool) -> LagKnowledge {
        guard isMeasured else { return .unknown("CloudWatch has no \(name) of \(member.id)") }
        guard let worst else { return .unknown("CloudWatch has had no \(name) of \(member.id) for \(maximumAge) s") }
        guard worst.isFinite, (0...1e9).contains(worst) else {
            return .unknown("CloudWatch says that \(name) of \(member.id) is \(worst)")
        }
        return .known(.milliseconds(Int64((worst * 1000).rounded())))
    }
}

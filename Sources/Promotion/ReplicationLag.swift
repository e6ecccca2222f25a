package import AWSClient
package import Failover
internal import Synchronization

/// What promotion needs of a service that measures replication.
package protocol LagService: Sendable {
    /// How far a member is behind the primary. Never throws: a reason is as good as a number here.
    func lag(ofMember id: String, group: String, deadline: ContinuousClock.Instant) async -> LagKnowledge
}

/// What CloudWatch has measured, in the region of the member. That of many members that is wanted at the same time is
/// read together.
package final class ReplicationLag: LagService {
    private typealias Member = LagMetric.Member

    private let reads: Batcher<LagMetric.Member, LagKnowledge>

    private static let period = 60
    /// Older than this, a datapoint says nothing of now. CloudWatch has one a minute, a minute or two late.
    private static let maximumAge: Int64 = 300

    package init(
        _ metric: LagMetric, cloudWatch: CloudWatch, taskExecutor: (any TaskExecutor)? = nil,
        wallClock: @escaping @Sendable () -> Timestamp
    ) {
        // Which metrics there are changes with the nodes only, and a list of all takes more than the values.
        let known = Mutex<[Metric]>([])
        reads = Batcher(taskExecutor: taskExecutor) { members, deadline in
            do throws(AWSError) {
                var all = known.withLock { $0 }
                if members.contains(where: { metric.metrics(of: $0, in: all).isEmpty }) {
                    all = try await cloudWatch.listMetrics(
                        namespace: metric.namespace, name: metric.name, deadline: deadline)
                }
                let answers = try await Self.read(
                    metric, members, all, cloudWatch, now: wallClock(), deadline: deadline)
                // A node that has gone has no values any more: look for others then.
                let isComplete = answers.values.allSatisfy { if case .success(.known) = $0 { true } else { false } }
                let kept = isComplete ? all : []
                known.withLock { $0 = kept }
                return answers
            } catch { return Dictionary(uniqueKeysWithValues: members.map { ($0, .failure(error)) }) }
        }
    }

    package func lag(ofMember id: String, group: String, deadline: ContinuousClock.Instant) async -> LagKnowledge {
        do {
            return try await reads.value(for: Member(id: id, group: group), deadline: deadline)
        } catch { return .unknown("\(error)") }
    }

    private static func read(
        _ metric: LagMetric, _ members: [Member], _ all: [Metric], _ cloudWatch: CloudWatch, now: Timestamp,
        deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> [Member: Result<LagKnowledge, any Error>] {
        let metrics = members.map { metric.metrics(of: $0, in: all) }
        let values = try await cloudWatch.latestValues(
            of: metrics.flatMap { $0 }, statistic: "Maximum", period: period, since: now.adding(seconds: -maximumAge),
            until: now.adding(seconds: Int64(period)), deadline: deadline)
        var rest = values[...]
        var answers: [Member: Result<LagKnowledge, any Error>] = [:]
        for (member, metrics) in zip(members, metrics) {
            answers[member] = .success(knowledge(metric, zip(metrics, rest).map { ($0, $1?.value) }, of: member))
            rest = rest.dropFirst(metrics.count)
        }
        return answers
    }

    /// Of several nodes and shards, the one that is furthest behind. Of a shard one node has to say it: the others are
    /// replicas; but a shard of which nobody says anything may be any distance behind.
    private static func knowledge(
        _ lag: LagMetric, _ measured: [(metric: Metric, value: Double?)], of member: Member
    ) -> LagKnowledge {
        let (name, shard) = (lag.name, lag.shard)
        guard !measured.isEmpty else { return .unknown("CloudWatch has no \(name) of \(member.id)") }
        let silent = Set(measured.map { shard($0.metric, member) }).subtracting(
            measured.filter { $0.value != nil }.map { shard($0.metric, member) })
        guard silent.isEmpty, let worst = measured.compactMap(\.value).max() else {
            let which = silent.sorted().first.map { $0.isEmpty ? "" : ", shard \($0)," } ?? ""
            return .unknown("CloudWatch has had no \(name) of \(member.id)\(which) for \(maximumAge) s")
        }
        guard worst.isFinite, (0...1e9).contains(worst) else {
            return .unknown("CloudWatch says that \(name) of \(member.id) is \(worst)")
        }
        return .known(.milliseconds(Int64((worst * lag.milliseconds).rounded())))
    }
}

internal import Failover
package import LambdaRuntime
package import Logging
package import Promotion

/// Tells people what happens to promotions, and keeps the history: after the fact, never in the way of a check. What
/// cannot be told is logged, kept, and tried again later. Each topic, and the history, gets what happened in its order;
/// none of them waits for another that is not to be reached.
package actor Reporter {
    private struct Report {
        var event: PromotionEvent
        var identity: Promoter.Identity
        var destination: Destination
        var operatorName: String?
        var time: WallClockTime
        var attempts = 0
    }

    private enum Destination: Hashable {
        case topic(arn: String)
        case history

        var lane: Lane { self == .history ? .history : .topics }
    }

    /// What goes by a connection of its own.
    private enum Lane {
        case topics
        case history
    }

    private let topics: any TopicService
    private let history: PromotionHistory?
    private let logger: Logger
    private let wallClock: @Sendable () -> WallClockTime
    private let now: @Sendable () -> ContinuousClock.Instant

    private var queues: [Lane: [Report]] = [:]
    /// When a destination that has failed is tried again.
    private var nextTries: [Destination: ContinuousClock.Instant] = [:]
    /// When those that send have to be done with it; nil while nobody sends.
    private var limit: ContinuousClock.Instant?
    private var waiting: [CheckedContinuation<Void, Never>] = []

    private static let longestCall = Duration.seconds(5)
    private static let maximumAttempts = 10
    /// Less than a minute, so that each invocation of a schedule tries. Without a pause the events of a thousand watches
    /// would use up all attempts within a moment.
    private static let pauseAfterFailure = Duration.seconds(30)
    /// A thousand watches can begin, and finish, at once.
    private static let capacity = 4000

    package init(
        topics: any TopicService, history: PromotionHistory?, logger: Logger,
        wallClock: @escaping @Sendable () -> WallClockTime = WallClockTime.now,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.topics = topics
        self.history = history
        self.logger = logger
        self.wallClock = wallClock
        self.now = now
    }

    package init(assembly: PromoterAssembly, logger: Logger) {
        self.init(topics: assembly.topics, history: assembly.history, logger: logger, now: assembly.now)
    }

    /// - Parameter operatorName: who ordered it; nil for DNS.
    package func add(_ events: [PromotionEvent], of watch: PromoterAssembly.Watch, by operatorName: String? = nil) {
        add(events, of: watch.identity, topicARN: watch.configuration.notifyTopicARN, by: operatorName)
    }

    package func add(
        _ events: [PromotionEvent], of identity: Promoter.Identity, topicARN: String?, by operatorName: String? = nil
    ) {
        var destinations: [Destination] = []
        if let topicARN { destinations.append(.topic(arn: topicARN)) }
        if history != nil { destinations.append(.history) }
        let time = wallClock()
        for destination in destinations {
            queues[destination.lane, default: []] += events.map { event in
                Report(
                    event: event, identity: identity, destination: destination, operatorName: operatorName, time: time)
            }
            trim(destination.lane)
        }
    }

    /// Sends what there is. Returns when it is sent, when the rest cannot be for now, or at the deadline.
    package func flush(deadline: ContinuousClock.Instant) async {
        while let limit {
            // Those that send do not keep whoever has less time.
            self.limit = min(limit, deadline)
            await withCheckedContinuation { waiting.append($0) }
            // What has come while they sent may be left: one lane is done before the other.
            guard now() < deadline, queues.values.contains(where: { $0.contains { isFree($0.destination) } }) else {
                return
            }
        }
        limit = deadline
        async let told: Void = drain(.topics)
        async let kept: Void = drain(.history)
        _ = await (told, kept)
        limit = nil
        for continuation in waiting { continuation.resume() }
        waiting = []
    }

    private func drain(_ lane: Lane) async {
        while let batch = queues[lane], batch.contains(where: { isDue($0.destination) }) {
            queues[lane] = nil
            var rest: [Report] = []
            for report in batch {
                guard isDue(report.destination) else {
                    rest.append(report)
                    continue
                }
                if let kept = await send(report) { rest.append(kept) }
            }
            // Before what came meanwhile: what is told first has to be what happened first.
            queues[lane] = rest + (queues[lane] ?? [])
            trim(lane)
        }
    }

    /// Whether there is time to send, and it has not failed just now.
    private func isDue(_ destination: Destination) -> Bool {
        guard let limit, now() < limit else { return false }
        return isFree(destination)
    }

    private func isFree(_ destination: Destination) -> Bool {
        nextTries[destination].map { $0 <= now() } ?? true
    }

    private func trim(_ lane: Lane) {
        guard let excess = queues[lane].map({ $0.count - Self.capacity }), excess > 0 else { return }
        queues[lane]?.removeFirst(excess)
        logger.error("\(excess) reports are lost: there are too many that could not be told")
    }

    /// - Returns: what is still to be told; nil where nothing is, or where it was tried often enough.
    private func send(_ report: Report) async -> Report? {
        var report = report
        let deadline = min(limit ?? now(), now() + Self.longestCall)
        do {
            switch report.destination {
            case .topic(let arn):
                let notification = Notification(
                    report.event, identity: report.identity, by: report.operatorName, time: report.time.rfc3339)
                try await topics.publish(notification, to: arn, deadline: deadline)
            case .history:
                try await history?.note(
                    report.event, watch: report.identity.watch, by: report.operatorName, time: report.time.rfc3339,
                    deadline: deadline)
            }
            nextTries[report.destination] = nil
            return nil
        } catch {
            nextTries[report.destination] = now() + Self.pauseAfterFailure
            report.attempts += 1
            let isLast = report.attempts >= Self.maximumAttempts
            let way = if case .topic(let arn) = report.destination { "by \(arn)" } else { "in the history" }
            logger.log(
                level: isLast ? .error : .warning,
                "could not tell of \(report.event.kind) (\(report.identity.name)) \(way): \(error)\(isLast ? " Giving it up." : "")",
                metadata: ["event": "\(report.event.kind)", "watch": "\(report.identity.watch)"])
            return isLast ? nil : report
        }
    }
}

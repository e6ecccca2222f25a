internal import Failover
package import LambdaRuntime
package import Logging
package import Promotion

/// Tells people what happens to promotions, and keeps the history: after the fact, never in the way of a check. What
/// cannot be told is logged, kept, and tried again with the next invocations.
package actor Reporter {
    private struct Report {
        var event: PromotionEvent
        var identity: Promoter.Identity
        var topicARN: String?
        var operatorName: String?
        var time: WallClockTime
        var attempts = 0
        var isInHistory: Bool
    }

    private let topics: any TopicService
    private let history: PromotionHistory?
    private let logger: Logger
    private let wallClock: @Sendable () -> WallClockTime
    private let now: @Sendable () -> ContinuousClock.Instant

    private var queue: [Report] = []
    private var isSending = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    private static let longestCall = Duration.seconds(5)
    private static let maximumAttempts = 10
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
        self.init(topics: assembly.topics, history: assembly.history, logger: logger)
    }

    /// - Parameter operatorName: who ordered it; nil for DNS.
    package func add(_ events: [PromotionEvent], of watch: PromoterAssembly.Watch, by operatorName: String? = nil) {
        add(events, of: watch.identity, topicARN: watch.configuration.notifyTopicARN, by: operatorName)
    }

    package func add(
        _ events: [PromotionEvent], of identity: Promoter.Identity, topicARN: String?, by operatorName: String? = nil
    ) {
        for event in events {
            queue.append(
                Report(
                    event: event, identity: identity, topicARN: topicARN, operatorName: operatorName, time: wallClock(),
                    isInHistory: history == nil))
        }
        if queue.count > Self.capacity { queue.removeFirst(queue.count - Self.capacity) }
    }

    /// Sends what there is. Returns when it is sent, when something cannot be, or at the deadline.
    package func flush(deadline: ContinuousClock.Instant) async {
        guard !isSending else {
            await withCheckedContinuation { waiting.append($0) }
            return
        }
        isSending = true
        while let report = queue.first, now() < deadline {
            queue.removeFirst()
            guard let rest = await send(report, deadline: min(deadline, now() + Self.longestCall)) else { continue }
            // In its place: what is told first has to be what happened first.
            queue.insert(rest, at: 0)
            break
        }
        isSending = false
        for continuation in waiting { continuation.resume() }
        waiting = []
    }

    /// - Returns: what is still to be told; nil where nothing is, or where it was tried often enough.
    private func send(_ report: Report, deadline: ContinuousClock.Instant) async -> Report? {
        var report = report
        do {
            if let topicARN = report.topicARN {
                let notification = Notification(report.event, identity: report.identity, time: report.time.rfc3339)
                try await topics.publish(notification, to: topicARN, deadline: deadline)
                report.topicARN = nil
            }
            if !report.isInHistory {
                try await history?.note(
                    report.event, watch: report.identity.watch, by: report.operatorName, time: report.time.rfc3339,
                    deadline: deadline)
            }
            return nil
        } catch {
            report.attempts += 1
            let isLast = report.attempts >= Self.maximumAttempts
            logger.log(
                level: isLast ? .error : .warning,
                "could not tell of \(report.event.kind) (\(report.identity.watch)): \(error)\(isLast ? " Giving it up." : "")",
                metadata: ["event": "\(report.event.kind)", "watch": "\(report.identity.watch)"])
            return isLast ? nil : report
        }
    }
}

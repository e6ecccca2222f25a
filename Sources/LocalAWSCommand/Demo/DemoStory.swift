import Foundation
import LocalAWS
import Synchronization

/// Two regions, a flap that is nobody's business, a Redis server that is killed, all that follows from it, and the way
/// back.
final class DemoStory: Sendable {
    private static let regions = DemoWorld.regions

    private let world: DemoWorld
    private let timeline: Timeline

    private var aws: LocalAWS { world.aws }
    private var settings: DemoWorld.Settings { world.settings }

    init(_ settings: DemoWorld.Settings) async throws {
        world = try await DemoWorld(settings)
        timeline = Timeline(start: world.aws.clock.now)
        world.aws.events.observe { [timeline] event in Self.tell(event, on: timeline) }
    }

    /// - Returns: whether everything happened exactly once.
    func play() async throws -> Bool {
        print(
            """
            A regional failure and the way back, on an AWS that runs on this machine. In \(Self.regions[0]) a probe \
            looks after a real Redis server over TLS; what it finds goes, by a CloudWatch alarm and a Route 53 health \
            check, to the failover record. Two promoters, each with a check every \(settings.interval) s and \
            \(settings.confirmations) confirmations, make the Global Datastore follow. All are programs as Lambda would \
            run them, and all is in real time, but for CloudWatch's minute, which takes \(settings.minute) s here, and \
            AWS's minute or two for a failover, which takes \(settings.failover.seconds) s.

            \(LocalAWS.Sample.recordName) fails over from \(Self.regions[0]) to \(Self.regions[1]); \
            the Global Datastore \(LocalAWS.Sample.datastoreID) has a member in each, and so has the Aurora global cluster \
            \(LocalAWS.Sample.globalClusterID). \(DemoWorld.primaryName) follows the datastore's primary: ElastiCache tells a \
            topic, and that a function. \(DemoWorld.writerName) follows the cluster's writer: the promoters see to it.

            \(Timeline.header)
            """)
        let tell: @Sendable (DemoWorld.Function, String) -> Void = { [timeline, aws] function, what in
            timeline.tell(function.region, "\(function.name): \(what)", at: aws.clock.now)
        }
        let world = world
        // Not waited for in the end: it waits itself until the processes have ended.
        let watch = Task { await world.watchProcesses(tell) }
        let work = Task {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.readLogs() }
                group.addTask { await world.keepInvoking(world.probe, tell) }
                await self.untilHealthy()
                await world.makeRecords(tell)
                for promoter in world.promoters { group.addTask { await world.keepInvoking(promoter, tell) } }
                await group.waitForAll()
            }
        }
        let summary = try await act()
        watch.cancel()
        work.cancel()
        await work.value
        timeline.flush(all: true)
        return summary.report(on: world)
    }

    /// The record follows the health check only when that has something to go by.
    private func untilHealthy() async {
        do {
            let check = try world.makeHealthCheck()
            await until { [aws] in aws.isHealthy(healthCheck: check) == true }
            try aws.setHealthCheck(check, ofSetIdentifier: "app-\(Self.regions[0])")
        } catch { timeline.tell("Route 53", "no health check could be made: \(error)", at: aws.clock.now) }
    }

    private func act() async throws -> DemoSummary {
        await until { [world] in world.invocations.withLock { $0.checks > 0 && $0.endpoints == Self.regions.count } }
        await pass(2 * settings.interval)
        let steady = promoterCalls
        await pass(4 * settings.interval)
        let callsInSteadyState = promoterCalls - steady

        // Shorter than a check is from the next: at most one of the two confirmations.
        try aws.setHealthy(false, region: Self.regions[0])
        await pass(0.5 * settings.interval)
        try aws.setHealthy(true, region: Self.regions[0])
        await pass(4 * settings.interval)
        let promotionsOfTheFlap = DemoSummary.promotions(in: aws).count

        timeline.tell("Redis", "the server in \(Self.regions[0]) is KILLED", at: aws.clock.now)
        var chapters = [await chapter("the server is killed", Self.regions[1]) { world.redis.kill(Self.regions[0]) }]
        await pass(2)
        if !world.isOver {
            timeline.tell("Redis", "the server in \(Self.regions[0]) is started again, as a replica", at: aws.clock.now)
            chapters.append(
                try await chapter("it is back", Self.regions[0]) { try await world.redis.start(Self.regions[0]) })
        }
        await pass(1)
        return DemoSummary(
            chapters: chapters, promotionsOfTheFlap: promotionsOfTheFlap, callsInSteadyState: callsInSteadyState)
    }

    private func chapter(
        _ title: String, _ region: String, _ act: () async throws -> Void
    ) async rethrows -> DemoSummary.Chapter {
        let began = aws.clock.now
        try await act()
        let isOver = await until { [aws] in
            guard let datastore = aws.datastore(LocalAWS.Sample.datastoreID),
                let cluster = aws.globalCluster(LocalAWS.Sample.globalClusterID)
            else { return false }
            return datastore.primary?.region == region && datastore.status == "available"
                && cluster.writer?.region == region && cluster.operation == nil
                && cluster.members.allSatisfy(\.isConnected)
        }
        return DemoSummary.Chapter(title: title, region: region, began: began, isOver: isOver)
    }

    func end() async { await world.end() }

    func printLogs() {
        for function in world.functions {
            print(
                "\nThe log of the \(function.name) in \(function.region):\n\(function.process.output)", terminator: "")
        }
    }

    // MARK: Time

    /// - Returns: whether it came; not, where it takes minutes, or where the story is over.
    @discardableResult
    private func until(_ condition: @Sendable () -> Bool) async -> Bool {
        let end = ContinuousClock.now + .seconds(60 + 4 * settings.minute + settings.failover.seconds)
        while !condition() {
            guard ContinuousClock.now < end, !world.isOver, !Task.isCancelled else { return false }
            await pass(0.05)
        }
        return true
    }

    private func pass(_ seconds: Double) async {
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end, !world.isOver, !Task.isCancelled {
            try? await Task.sleep(for: min(.milliseconds(50), end - .now))
        }
    }

    // MARK: What is told

    private func readLogs() async {
        while !Task.isCancelled, !world.isOver {
            for function in world.functions {
                for (time, entry) in function.log.entries() where entry.isNews {
                    timeline.tell(function.region, "\(function.name): \(entry.message)", at: time)
                }
            }
            timeline.flush()
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    private static func tell(_ event: LocalEvent, on timeline: Timeline) {
        switch event.kind {
        case .alarmChanged(let change):
            timeline.tell(
                "CloudWatch", "alarm \(change.alarm.name): \(change.old.rawValue) -> \(change.alarm.state.rawValue)",
                at: event.time)
        case .healthCheckChanged(_, let healthy):
            timeline.tell("Route 53", "the health check is \(healthy ? "healthy" : "UNHEALTHY")", at: event.time)
        case .healthChanged(let region, let healthy):
            timeline.tell(
                "balancer", healthy ? "\(region) is back after a moment" : "\(region) is gone", at: event.time)
        case .answerChanged(let name, _, let to, let addresses) where name.hasPrefix(LocalAWS.Sample.recordName):
            let leads = to ?? "nowhere"
            timeline.tell("DNS", "\(name) leads to \(leads) now (\(addresses.joined(separator: ", ")))", at: event.time)
        case .failoverStarted(let id, let from, let to):
            timeline.tell(
                "ElastiCache",
                "\(DemoSummary.Promotion.datastore.rawValue) accepted: \(id) moves from \(from ?? "?") to \(to)",
                at: event.time)
        case .failoverFinished(let id, let primary, _):
            timeline.tell("ElastiCache", "\(id) is available; PRIMARY is \(primary ?? "nobody")", at: event.time)
        case .auroraChanged(let change):
            guard let id = change.globalCluster else { break }
            switch change.kind {
            case .operationStarted(let operation):
                timeline.tell(
                    "RDS",
                    "\(DemoSummary.Promotion.cluster.rawValue) accepted: \(id) moves from \(operation.from.region) to \(operation.to.region)",
                    at: event.time)
            case .operationFinished(let operation):
                timeline.tell("RDS", "\(id) is available; WRITER is \(operation.to.region)", at: event.time)
            default: break
            }
        case .messagePublished(let message) where DemoSummary.isMail(message):
            timeline.tell("SNS", "mail to on-call: \(message.subject ?? message.message)", at: event.time)
        case .messagePublished(let message):
            timeline.tell("SNS", "to who follows the cluster: \(message.message)", at: event.time)
        default: break
        }
    }

    /// The probe's metrics are no part of it.
    private var promoterCalls: Int { aws.requests.count { $0.operation != "PutMetricData" } }
}

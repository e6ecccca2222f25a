import Foundation
import LocalAWS
import Synchronization

/// Two regions, two promoters, a flap that is none of their business, one failure, and the way back.
final class DemoStory: Sendable {
    private static let regions = [LocalAWS.Sample.primaryRegion, LocalAWS.Sample.secondaryRegion]
    private static let confirmations = 2
    /// Of an invocation: the promoter checks until half a second before.
    private static let timeout = Duration.seconds(4)

    private let aws: LocalAWS
    private let functions: [String: LocalFunction]
    private let processes: [String: ChildProcess]
    private let logs: [String: PromoterLog]
    private let timeline: Timeline
    private let interval: Double
    private let failover: Duration
    private let invocations = Mutex(Invocations())
    private let hasEnded = Mutex(false)

    private struct Invocations {
        var checks = 0
        var failed: [String] = []
    }

    /// What the summary is about: one switch of the record, and what followed.
    private struct Chapter {
        var title: String
        var region: String
        var flipped: Date
    }

    init(bootstrap: String, interval: Double, failover: Duration) async throws {
        self.interval = interval
        self.failover = failover
        var configuration = LocalAWSConfiguration()
        configuration.failoverDuration = failover
        aws = try LocalAWS.sampleWorld(configuration)
        try await aws.start()
        var functions: [String: LocalFunction] = [:]
        var processes: [String: ChildProcess] = [:]
        var logs: [String: PromoterLog] = [:]
        for region in Self.regions {
            let function = try await aws.addFunction(name: "promoter-\(region)", region: region)
            var environment = aws.environment(for: function)
            environment["HOSTED_ZONE_ID"] = LocalAWS.Sample.zoneID
            environment["DNS_NAME"] = LocalAWS.Sample.recordName
            environment["GLOBAL_DATASTORE_ID"] = LocalAWS.Sample.datastoreID
            environment["CHECK_INTERVAL_SECONDS"] = "\(interval)"
            environment["CONFIRMATIONS"] = "\(Self.confirmations)"
            environment["NOTIFY_TOPIC_ARN"] = LocalAWS.Sample.topicARN(in: region)
            environment["AWS_LAMBDA_LOG_FORMAT"] = "JSON"
            let process = try ChildProcess(bootstrap, environment: environment)
            functions[region] = function
            processes[region] = process
            logs[region] = PromoterLog(of: process)
        }
        self.functions = functions
        self.processes = processes
        self.logs = logs
        timeline = Timeline(start: aws.clock.now)
        aws.events.observe { [timeline] event in Self.tell(event, on: timeline) }
    }

    /// - Returns: whether everything happened exactly once.
    func play() async -> Bool {
        print(
            """
            A regional failure and the way back, on an AWS that runs on this machine: two promoters as Lambda \
            would run them, each with a check every \(interval) s and \(Self.confirmations) confirmations. All of it is \
            in real time, but for AWS's minute or two for a failover, which takes \(failover.seconds) s here.

            \(LocalAWS.Sample.recordName) fails over from \(Self.regions[0]) to \(Self.regions[1]); \
            the Global Datastore \(LocalAWS.Sample.datastoreID) has a member in each.

            \(Timeline.header)
            """)
        let schedule = Task { await keepSchedule() }
        let watch = Task { await watchProcesses() }
        let reading = Task { await readLogs() }
        let settled = failover.seconds + 4 * interval + 1
        await pass(3 * interval + 1)
        let steady = aws.requests.count
        await pass(4 * interval)
        let callsInSteadyState = aws.requests.count - steady
        // Shorter than a check is from the next: at most one of the two confirmations.
        try? aws.setHealthy(false, region: Self.regions[0])
        await pass(0.5 * interval)
        try? aws.setHealthy(true, region: Self.regions[0])
        await pass(4 * interval)
        let promotionsOfTheFlap = promotions.count
        var chapters: [Chapter] = []
        for (healthy, region, title) in [
            (false, Self.regions[1], "\(Self.regions[0]) fails"), (true, Self.regions[0], "\(Self.regions[0]) is back"),
        ] {
            guard !hasEnded.withLock({ $0 }) else { break }
            let flipped = aws.clock.now
            try? aws.setHealthy(healthy, region: Self.regions[0])
            chapters.append(Chapter(title: title, region: region, flipped: flipped))
            await pass(settled)
        }
        schedule.cancel()
        await schedule.value
        watch.cancel()
        reading.cancel()
        await reading.value
        timeline.flush(all: true)
        return summarize(
            chapters, promotionsOfTheFlap: promotionsOfTheFlap, callsInSteadyState: callsInSteadyState)
    }

    func end() async {
        for process in processes.values { process.kill() }
        await aws.stop()
    }

    func printLogs() {
        for region in Self.regions {
            print("\nThe log of the promoter in \(region):\n\(processes[region]?.output ?? "")", terminator: "")
        }
    }

    /// A promoter that ends is the end of the story: nobody would answer its invocations any more.
    private func watchProcesses() async {
        await withTaskGroup(of: (String, ChildProcess.Result).self) { group in
            for (region, process) in processes { group.addTask { (region, await process.exit()) } }
            for await (region, result) in group {
                guard !Task.isCancelled else { return }
                let lastWords = (result.errors + result.output).split(separator: "\n").last ?? "without a word"
                timeline.tell(
                    region, "THE PROMOTER ENDED with exit code \(result.status): \(lastWords)", at: aws.clock.now)
                hasEnded.withLock { $0 = true }
                functions[region]?.processExited("exit status \(result.status)")
            }
        }
    }

    private func pass(_ seconds: Double) async {
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end, !hasEnded.withLock({ $0 }) {
            try? await Task.sleep(for: min(.milliseconds(50), end - .now))
            if Task.isCancelled { return }
        }
    }

    /// EventBridge and Lambda: one invocation at any time, each region by itself.
    private func keepSchedule() async {
        await withTaskGroup(of: Void.self) { group in
            for (region, function) in functions {
                group.addTask { [self] in
                    while !Task.isCancelled, !hasEnded.withLock({ $0 }) { await invoke(function, region) }
                }
            }
        }
    }

    private struct Result: Decodable {
        var checks: Int?
    }

    private func invoke(_ function: LocalFunction, _ region: String) async {
        var options = InvocationOptions()
        options.deliveryTimeout = .seconds(5)
        let outcome = await function.invoke(timeout: Self.timeout, options: options)
        guard !Task.isCancelled, !hasEnded.withLock({ $0 }) else { return }
        guard case .response(let body) = outcome, let result = try? JSONDecoder().decode(Result.self, from: body) else {
            invocations.withLock { $0.failed.append("\(region): \(outcome)") }
            return timeline.tell(region, "the invocation failed: \(outcome)", at: aws.clock.now)
        }
        invocations.withLock { $0.checks += result.checks ?? 1 }
    }

    // MARK: What is told

    private func readLogs() async {
        while !Task.isCancelled {
            for region in Self.regions {
                for (time, entry) in logs[region]?.entries() ?? [] where entry.decision != nil && entry.checks == nil {
                    timeline.tell(region, "promoter: \(entry.message)", at: time)
                }
            }
            timeline.flush()
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    private static func tell(_ event: LocalEvent, on timeline: Timeline) {
        switch event.kind {
        case .healthChanged(let region, let healthy):
            timeline.tell("health check", healthy ? "\(region) is healthy again" : "\(region) IS DOWN", at: event.time)
        case .answerChanged(let name, _, let to, let addresses) where name.hasPrefix(LocalAWS.Sample.recordName):
            let leads = to ?? "nowhere"
            timeline.tell("DNS", "\(name) leads to \(leads) now (\(addresses.joined(separator: ", ")))", at: event.time)
        case .failoverStarted(let id, let from, let to):
            timeline.tell(
                "ElastiCache", "FailoverGlobalReplicationGroup accepted: \(id) moves from \(from ?? "?") to \(to)",
                at: event.time)
        case .failoverFinished(let id, let primary, _):
            timeline.tell("ElastiCache", "\(id) is available; PRIMARY is \(primary ?? "nobody")", at: event.time)
        case .messagePublished(let message):
            timeline.tell("SNS", "mail to on-call: \(message.subject ?? message.message)", at: event.time)
        default: break
        }
    }

    private var promotions: [RecordedRequest] {
        aws.requests.filter { $0.operation == "FailoverGlobalReplicationGroup" }
    }

    private func summarize(_ chapters: [Chapter], promotionsOfTheFlap: Int, callsInSteadyState: Int) -> Bool {
        let promotions = promotions
        let expected = 2
        var passed = promotions.count == expected && chapters.count == expected && callsInSteadyState == 0
        passed = passed && promotionsOfTheFlap == 0
        print("\nSummary")
        print("  DNS flaps for \(0.5 * interval) s: \(promotionsOfTheFlap) promotions")
        for (chapter, promotion) in zip(chapters, promotions) {
            let member = LocalAWS.Sample.member(in: chapter.region)
            passed = passed && promotion.parameters["PrimaryReplicationGroupId"] == member && promotion.status == 200
            let seconds = String(format: "%.2f", promotion.time.timeIntervalSince(chapter.flipped))
            print(
                "  \(chapter.title): \(promotion.parameters["PrimaryReplicationGroupId"] ?? "?") promoted once,"
                    + " \(seconds) s after DNS had moved")
        }
        let primary = aws.datastore(LocalAWS.Sample.datastoreID)?.primary?.region
        passed = passed && primary == Self.regions[0]
        let (checks, failed) = invocations.withLock { ($0.checks, $0.failed) }
        // A promotion begun and one finished, each time.
        let mails = aws.messages.count
        passed = passed && failed.isEmpty && mails == 2 * expected
        print(
            """
              promotions: \(promotions.count) (expected \(expected)); primary in the end: \(primary ?? "nobody"); mails: \(mails)
              checks: \(checks); calls to AWS while nothing changed: \(callsInSteadyState)
              \(passed ? "All as it should be." : "NOT as it should be: see the timeline, and --show-logs.")
            """)
        return passed
    }
}

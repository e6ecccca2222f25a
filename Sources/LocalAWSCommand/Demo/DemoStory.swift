import Foundation
import LocalAWS
import Synchronization

/// Two regions, two promoters, one failure, and the way back.
final class DemoStory: Sendable {
    private static let regions = [LocalAWS.Sample.primaryRegion, LocalAWS.Sample.secondaryRegion]
    private static let failover = Duration.seconds(90)

    private let aws: LocalAWS
    private let functions: [String: LocalFunction]
    private let processes: [String: ChildProcess]
    private let timeline: Timeline
    private let checks = Mutex(Checks())
    private let hasEnded = Mutex(false)

    private struct Checks {
        var made = 0
        var withoutCalls = 0
        var failed: [String] = []
    }

    /// What the summary is about: one switch of the record, and what followed.
    private struct Chapter {
        var title: String
        var region: String
        var flipped: Date
    }

    init(bootstrap: String, timeScale: Double) async throws {
        var configuration = LocalAWSConfiguration()
        configuration.clock = .scaled(timeScale)
        configuration.failoverDuration = Self.failover
        aws = try LocalAWS.sampleWorld(configuration)
        try await aws.start()
        var functions: [String: LocalFunction] = [:]
        var processes: [String: ChildProcess] = [:]
        for region in Self.regions {
            let function = try await aws.addFunction(name: "promoter-\(region)", region: region)
            var environment = aws.environment(for: function)
            environment["HOSTED_ZONE_ID"] = LocalAWS.Sample.zoneID
            environment["DNS_NAME"] = LocalAWS.Sample.recordName
            environment["GLOBAL_DATASTORE_ID"] = LocalAWS.Sample.datastoreID
            environment["AWS_LAMBDA_LOG_FORMAT"] = "JSON"
            functions[region] = function
            processes[region] = try ChildProcess(bootstrap, environment: environment)
        }
        self.functions = functions
        self.processes = processes
        timeline = Timeline(start: aws.clock.now)
        aws.events.observe { [timeline] event in Self.tell(event, on: timeline) }
    }

    /// - Returns: whether everything happened exactly once.
    func play() async -> Bool {
        print(
            """
            A regional failure and the way back, on an AWS that runs on this machine: two promoters as Lambda \
            would run them, each asked once a minute. A minute takes a second.

            \(LocalAWS.Sample.recordName) fails over from \(Self.regions[0]) to \(Self.regions[1]); \
            the Global Datastore \(LocalAWS.Sample.datastoreID) has a member in each.

            \(Timeline.header)
            """)
        let schedule = Task { await keepSchedule() }
        let watch = Task { await watchProcesses() }
        defer { watch.cancel() }
        var chapters: [Chapter] = []
        await pass(minutes: 2.4)
        let steady = aws.requests.count
        await pass(minutes: 3)
        let callsInSteadyState = aws.requests.count - steady
        for (healthy, region, title) in [
            (false, Self.regions[1], "\(Self.regions[0]) fails"), (true, Self.regions[0], "\(Self.regions[0]) is back"),
        ] {
            guard !hasEnded.withLock({ $0 }) else { break }
            let flipped = aws.clock.now
            try? aws.setHealthy(healthy, region: Self.regions[0])
            chapters.append(Chapter(title: title, region: region, flipped: flipped))
            await pass(minutes: 5.3)
        }
        schedule.cancel()
        await schedule.value
        return summarize(chapters, callsInSteadyState: callsInSteadyState)
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

    // MARK: The schedule

    private func pass(minutes: Double) async {
        let end = ContinuousClock.now + .seconds(minutes * 60 / scale)
        while ContinuousClock.now < end, !hasEnded.withLock({ $0 }) {
            try? await Task.sleep(for: min(.milliseconds(50), end - .now))
            if Task.isCancelled { return }
        }
    }

    private var scale: Double {
        if case .scaled(let scale) = aws.clock.mode { scale } else { 1 }
    }

    /// EventBridge: every minute, each region by itself.
    private func keepSchedule() async {
        await withTaskGroup(of: Void.self) { group in
            for (region, function) in functions {
                group.addTask { [self] in
                    while !Task.isCancelled, !hasEnded.withLock({ $0 }) {
                        await invoke(function, region)
                        await pass(minutes: 1)
                    }
                }
            }
        }
    }

    private struct Result: Decodable {
        struct Call: Decodable {
            var name: String
        }
        var decision: String
        var message: String
        var calls: [Call]
    }

    private func invoke(_ function: LocalFunction, _ region: String) async {
        var options = InvocationOptions()
        options.deliveryTimeout = .seconds(5)
        let outcome = await function.invoke(options: options)
        guard !hasEnded.withLock({ $0 }) else { return }
        let now = aws.clock.now
        guard case .response(let body) = outcome, let result = try? JSONDecoder().decode(Result.self, from: body) else {
            checks.withLock { $0.failed.append("\(region): \(outcome)") }
            return timeline.tell(region, "the check failed: \(outcome)", at: now)
        }
        checks.withLock { checks in
            checks.made += 1
            if result.calls.isEmpty { checks.withoutCalls += 1 }
        }
        let calls = result.calls.isEmpty ? "no call to AWS" : result.calls.map(\.name).joined(separator: ", ")
        timeline.tellIfNew(region, "promoter: \(result.message)", " [\(calls)]", at: now)
    }

    // MARK: What is told

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
        default: break
        }
    }

    private func summarize(_ chapters: [Chapter], callsInSteadyState: Int) -> Bool {
        let promotions = aws.requests.filter { $0.operation == "FailoverGlobalReplicationGroup" }
        let expected = 2
        var passed = promotions.count == expected && chapters.count == expected && callsInSteadyState == 0
        print("\nSummary")
        for (chapter, promotion) in zip(chapters, promotions) {
            let member = LocalAWS.Sample.member(in: chapter.region)
            passed = passed && promotion.parameters["PrimaryReplicationGroupId"] == member && promotion.status == 200
            let seconds = Int(promotion.time.timeIntervalSince(chapter.flipped).rounded())
            print(
                "  \(chapter.title): \(promotion.parameters["PrimaryReplicationGroupId"] ?? "?") promoted once,"
                    + " \(seconds) s after DNS had moved")
        }
        let primary = aws.datastore(LocalAWS.Sample.datastoreID)?.primary?.region
        passed = passed && primary == Self.regions[0]
        let (made, withoutCalls, failed) = checks.withLock { ($0.made, $0.withoutCalls, $0.failed) }
        passed = passed && failed.isEmpty
        print(
            """
              promotions: \(promotions.count) (expected \(expected)); primary in the end: \(primary ?? "nobody")
              checks: \(made), of which \(withoutCalls) made no call to AWS; calls while nothing changed: \(callsInSteadyState)
              \(passed ? "All as it should be." : "NOT as it should be: see the timeline, and --show-logs.")
            """)
        return passed
    }
}

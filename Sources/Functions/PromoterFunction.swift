internal import Failover
internal import HTTPTransport
internal import JSON
package import LambdaRuntime
package import Logging
internal import NameResolution
package import Promotion
internal import Synchronization

/// The handler `promoter`: checks all watches, whatever the event is; once, or again and again until the invocation
/// has to be answered.
package struct PromoterFunction: Sendable {
    private let assembly: PromoterAssembly
    private let reporter: Reporter
    private let metrics: MetricsRecorder?
    private let logger: Logger
    private let log: CheckLog

    /// How long an invocation that is over otherwise waits for notifications.
    private static let longestReport = Duration.seconds(5)

    private static let houseKeeping = Duration.seconds(5)

    package init(assembly: PromoterAssembly, logger: Logger, metrics: MetricsRecorder?) {
        self.assembly = assembly
        self.logger = logger
        self.metrics = metrics
        reporter = Reporter(assembly: assembly, logger: logger)
        log = CheckLog(logger: logger, watches: assembly.configuration.watches)
    }

    /// - Returns: the last check as JSON, or the last ones.
    package func handle(_ invocation: Invocation) async throws -> [UInt8] {
        let deadline = Self.deadline(of: invocation, now: assembly.now())
        if let pause = assembly.pause { await pause.refreshIfDue(deadline: deadline) }
        let records = RecordWork()
        let summaries = await checkAll(until: deadline, records)
        await reporter.flush(deadline: min(deadline, assembly.now() + Self.longestReport))
        metrics?.emit()
        log.summarize(summaries)
        // Lambda stops the process with the answer: what the only check of an invocation began would be cut off each time.
        await records.finish()
        try await checkRecords()
        return try answer(summaries).serialized()
    }

    /// Each watch by itself: none waits for another.
    private func checkAll(
        until deadline: ContinuousClock.Instant, _ records: RecordWork
    ) async -> [CheckLoop.Summary] {
        await withTaskGroup(of: (index: Int, summary: CheckLoop.Summary)?.self) { group in
            for (index, watch) in assembly.watches.enumerated() {
                let loop = CheckLoop(
                    watch: watch, now: assembly.now,
                    sleep: { [assembly] in try await assembly.executor.sleep(until: $0) })
                group.addTask { [self] in
                    let summary = await loop.run(until: deadline) { outcome in
                        await note(outcome, of: watch, records, deadline: deadline)
                    }
                    return (index, summary)
                }
            }
            group.addTask { [self] in
                await keepHouse(until: deadline)
                return nil
            }
            var summaries: [(index: Int, summary: CheckLoop.Summary)] = []
            while summaries.count < assembly.watches.count, let next = await group.next() {
                if let next { summaries.append(next) }
            }
            group.cancelAll()
            return summaries.sorted { $0.index < $1.index }.map(\.summary)
        }
    }

    private func note(
        _ outcome: Result<CheckResult, CheckFailure>, of watch: PromoterAssembly.Watch, _ records: RecordWork,
        deadline: ContinuousClock.Instant
    ) async {
        log.note(outcome, of: watch.identity)
        metrics?.note(outcome, of: watch.identity)
        if let keeper = watch.records, case .success(let check) = outcome, await keeper.note(check.decision) {
            keep(keeper, of: watch, records, deadline: deadline)
        }
        guard !outcome.events.isEmpty else { return }
        await reporter.add(outcome.events, of: watch)
        report(deadline: deadline)
    }

    /// Beside the checks, of which none waits for it.
    private func keep(
        _ keeper: PrimaryRecordKeeper, of watch: PromoterAssembly.Watch, _ records: RecordWork,
        deadline: ContinuousClock.Instant
    ) {
        let work = Task(executorPreference: assembly.executor.taskExecutor) { [log] in
            if let outcome = await keeper.bringUpToDate(deadline: deadline) {
                log.note(outcome, of: keeper, watch.configuration)
            }
        }
        records.add(work)
    }

    /// A record that does not follow is no matter of the checks; but whoever looks at the function's errors must hear
    /// of it.
    private func checkRecords() async throws {
        for watch in assembly.watches {
            if let failure = await watch.records?.failure { throw failure }
        }
    }

    /// Beside the checks, of which none shall wait for it.
    private func report(deadline: ContinuousClock.Instant) {
        let reporter = reporter
        Task(executorPreference: assembly.executor.taskExecutor) { await reporter.flush(deadline: deadline) }
    }

    /// While checks go on: whether promotions were paused, and what could not be told at first.
    private func keepHouse(until deadline: ContinuousClock.Instant) async {
        while true {
            do { try await assembly.executor.sleep(until: assembly.now() + Self.houseKeeping) } catch { return }
            guard assembly.now() < deadline else { return }
            report(deadline: deadline)
            await assembly.pause?.refreshIfDue(deadline: deadline)
        }
    }

    private func answer(_ summaries: [CheckLoop.Summary]) throws -> JSONValue {
        let checks = summaries.map(\.checks).reduce(0, +)
        if let only = summaries.first, summaries.count == 1 {
            let json = try only.last.get().json
            return checks > 1 ? json.adding([.init("checks", .integer(Int64(checks)))]) : json
        }
        let failures = summaries.compactMap { summary -> CheckFailure? in
            if case .failure(let failure) = summary.last { failure } else { nil }
        }
        // The others have done their work by now; whoever looks at the function's errors must hear of these.
        guard failures.isEmpty else {
            let noun = assembly.names.count == summaries.count ? "watches" : "groups"
            throw SeveralFailures(failures: failures, of: summaries.count, noun: noun)
        }
        return [
            "watches": .array(try summaries.map { try $0.last.get().json }), "checks": .integer(Int64(checks)),
        ]
    }

    /// The invocation's own deadline less what it takes to answer: a tenth of the time that is left, and
    /// half a second at most.
    static func deadline(of invocation: Invocation, now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        invocation.deadline - min(.milliseconds(500), max(.zero, (invocation.deadline - now) / 10))
    }
}

/// What was begun for the records in one invocation. None of it outlives the deadline.
private final class RecordWork: Sendable {
    private let tasks = Mutex<[Task<Void, Never>]>([])

    func add(_ task: Task<Void, Never>) { tasks.withLock { $0.append(task) } }

    func finish() async {
        for task in tasks.withLock({ $0 }) { await task.value }
    }
}

/// Of several watches, or of their groups, the last checks of some failed.
struct SeveralFailures: Error, CustomStringConvertible, LambdaReportable {
    var failures: [CheckFailure]
    var of: Int
    var noun = "watches"

    private static var shown: Int { 5 }

    var description: String {
        let rest = failures.count > Self.shown ? "; and \(failures.count - Self.shown) more, see the log" : ""
        let first = failures.prefix(Self.shown).map { "\($0.identity.name): \($0)" }
        return "\(failures.count) of \(of) \(noun) could not be checked: \(first.joined(separator: "; "))\(rest)"
    }

    var lambdaErrorType: String { failures.count == 1 ? failures[0].errorType : "ChecksFailed" }
}

/// Lambda is told what kind of failure it was, so that alarms and queries can tell them apart.
extension CheckFailure: LambdaReportable {
    package var lambdaErrorType: String { errorType }
}

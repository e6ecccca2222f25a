internal import Foundation
internal import LocalAWS
internal import Simulation
internal import Synchronization

/// The function of a region as EventBridge and Lambda run it: invoked again and again, frozen between two invocations,
/// killed where it does not answer in time, and started anew where it has died.
final class ScheduledFunction: Sendable {
    let region: String
    private let function: LocalFunction
    private let resolver: RegionalResolver
    private let settings: ChaosSettings
    private let aws: LocalAWS
    private let chronicle: Chronicle
    private let state: Mutex<State>

    private struct State {
        var process: ChildProcess?
        var started = 0
        /// By whom it is stopped at the moment.
        var stops = 0
        var stopsSoFar = 0
        var random: SeededGenerator
    }

    init(
        in region: String, of aws: LocalAWS, resolver: RegionalResolver, _ settings: ChaosSettings,
        chronicle: Chronicle, random: SeededGenerator
    ) async throws {
        self.region = region
        self.aws = aws
        self.resolver = resolver
        self.settings = settings
        self.chronicle = chronicle
        function = try await aws.addFunction(name: "promoter-\(region)", region: region)
        state = Mutex(State(random: random))
    }

    /// Until the task is cancelled.
    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.keepRunning() }
            group.addTask { await self.keepInvoking() }
            defer { state.withLock { $0.process }?.kill() }
            try await group.waitForAll()
        }
    }

    // MARK: What may happen to its process

    func stop() {
        state.withLock { state in
            state.stops += 1
            state.stopsSoFar += 1
            state.process?.send(SIGSTOP)
        }
    }

    func goOn() {
        state.withLock { state in
            state.stops -= 1
            if state.stops == 0 { state.process?.send(SIGCONT) }
        }
    }

    func kill() { state.withLock { $0.process }?.kill() }

    // MARK: As Lambda and EventBridge do it

    private func keepRunning() async throws {
        while !Task.isCancelled {
            let process = try start()
            let status = await withTaskCancellationHandler {
                await process.exit().status
            } onCancel: {
                process.kill()
            }
            chronicle.note(.exited(region: region))
            function.processExited("exit status \(status)")
            // One that cannot be started is not to be tried a thousand times.
            try? await Task.sleep(for: .milliseconds(100))
        }
    }

    private func start() throws -> ChildProcess {
        try state.withLock { state in
            state.started += 1
            let source = Witness.Source(region: region, process: state.started)
            var environment = aws.environment(for: function).merging(resolver.environment) { $1 }
            environment.merge(settings.variables) { $1 }
            environment["LOCAL_AWS_LOOKUPS"] = settings.path("\(region).\(state.started).lookups")
            // What its requests are recognised by.
            environment["AWS_SDK_UA_APP_ID"] = Chronicle.mark(of: source)
            let process = try ChildProcess(
                settings.bootstrap, environment: environment, log: settings.path("\(region).\(state.started)"))
            state.process = process
            chronicle.note(.started(source))
            return process
        }
    }

    private func keepInvoking() async {
        while !Task.isCancelled {
            let (stops, isStopped) = state.withLock { ($0.stopsSoFar, $0.stops > 0) }
            chronicle.note(.invoked(region: region))
            let outcome = await function.invoke(timeout: settings.timeout)
            guard !Task.isCancelled else { return }
            let wasStopped = isStopped || state.withLock { $0.stopsSoFar > stops }
            let ending = Self.ending(of: outcome, wasStopped: wasStopped)
            chronicle.note(.answered(region: region, ending, wasKilled: Self.isKilled(outcome) && ending == .error))
            if outcome == .timedOut { kill() }
            let pause = state.withLock { $0.random.duration(in: .zero ... .seconds(1.5)) }
            stop()
            try? await Task.sleep(for: pause)
            goOn()
        }
    }

    private static func ending(of outcome: InvocationOutcome, wasStopped: Bool) -> Witness.Ending {
        switch outcome {
        case .response(let body): .response((try? JSONDecoder().decode(Answer.self, from: body).reasons) ?? [])
        // One that stood still cannot answer.
        case .timedOut where !wasStopped: .tooLate
        default: .error
        }
    }

    private static func isKilled(_ outcome: InvocationOutcome) -> Bool {
        switch outcome {
        case .timedOut, .notDelivered, .error("Runtime.ExitError", _): true
        default: false
        }
    }

    /// What a check of one group answers, or of several.
    private struct Answer: Decodable {
        var reason: String?
        var watches: [Answer]?

        var reasons: [String] { reason.map { [$0] } ?? watches?.flatMap(\.reasons) ?? [] }
    }
}

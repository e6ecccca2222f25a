internal import HTTPTransport
internal import LambdaRuntime

/// A function of a region as Lambda runs it: a process that is started by the first invocation, frozen between two, and
/// started anew where it has died.
final class SimulatedFunction: @unchecked Sendable {
    /// What it runs.
    struct Program {
        var function: Witness.Function
        /// Of an invocation.
        var timeout: Duration
        /// Starts it in a process, as `LambdaMain` does.
        var start: (SimulatedProcess, Witness.Source, SeededGenerator) async throws -> LambdaRuntime.Handler
        var note: (Event) -> Void
    }

    enum Event {
        case invoked(Witness.Source, [UInt8])
        case started
        case killed
        /// - response: nil for an error.
        case answered(Witness.Source, response: [UInt8]?)
        case tooLate(Witness.Source)
    }

    let region: String
    private let time: VirtualTime
    private let program: Program
    private var processes: [SimulatedProcess] = []
    private var idle: Running?
    private var started = 0
    private var random: SeededGenerator

    /// One that waits for its next invocation.
    private struct Running {
        var process: SimulatedProcess
        var source: Witness.Source
        var handler: LambdaRuntime.Handler
    }

    init(in region: String, running program: Program, time: VirtualTime, random: SeededGenerator) {
        self.region = region
        self.program = program
        self.time = time
        self.random = random
    }

    /// How many invocations are.
    var underWay: Int { processes.count { !$0.isDead && $0 !== idle?.process } }

    func crash() {
        for process in processes { end(process) }
        processes = []
        idle = nil
        program.note(.killed)
    }

    func freeze(_ isFrozen: Bool) {
        for process in processes where process !== idle?.process { process.isFrozen = isFrozen }
    }

    /// What it still has to do runs to its end, without any effect.
    private func end(_ process: SimulatedProcess) {
        process.kill()
    }

    // MARK: Invocations

    /// - Parameter onEnd: told whether it was answered; never, where the processes are killed.
    func invoke(
        _ payload: [UInt8] = Array("{}".utf8), inNewProcess isNew: Bool = false,
        onEnd: @escaping (Bool) -> Void = { _ in }
    ) {
        let deadline = time.now + program.timeout
        if !isNew, let idle {
            self.idle = nil
            idle.process.isFrozen = false
            program.note(.invoked(idle.source, payload))
            run(payload, deadline, idle.process, idle.source, onEnd) { _ in idle.handler }
            return
        }
        started += 1
        let process = SimulatedProcess(name: "\(program.function) \(region)/\(started)", time: time)
        processes.append(process)
        let source = Witness.Source(program.function, region: region, process: started)
        program.note(.invoked(source, payload))
        program.note(.started)
        run(payload, deadline, process, source, onEnd) { [self] process in
            try await program.start(process, source, random.fork())
        }
    }

    private func run(
        _ payload: [UInt8], _ deadline: Duration, _ process: SimulatedProcess, _ source: Witness.Source,
        _ onEnd: @escaping (Bool) -> Void,
        _ handler: @escaping (SimulatedProcess) async throws -> LambdaRuntime.Handler
    ) {
        let invocation = Invocation(
            requestID: "r", deadline: time.instant + (deadline - time.now), payload: payload)
        // Lambda kills who does not answer.
        let killer = time.after(deadline - time.now) { [self] in
            guard !process.isDead else { return }
            processes.removeAll { $0 === process }
            end(process)
            program.note(.tooLate(source))
            onEnd(false)
        }
        let job = Job { [self] in
            var running: LambdaRuntime.Handler?
            var response: [UInt8]?
            do {
                let handler = try await handler(process)
                running = handler
                response = try await handler(invocation)
            } catch { response = nil }
            time.cancel(killer)
            guard !process.isDead else { return }
            program.note(.answered(source, response: response))
            if let running, idle == nil {
                idle = Running(process: process, source: source, handler: running)
                process.isFrozen = true
            } else {
                end(process)
            }
            onEnd(response != nil)
        }
        Task(executorPreference: process) { await job.run() }
    }

    /// All of a world is one thread.
    private struct Job: @unchecked Sendable {
        let run: () async -> Void
    }
}

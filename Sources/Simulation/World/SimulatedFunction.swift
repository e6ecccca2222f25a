internal import AWSClient
internal import Functions
internal import HTTPTransport
internal import JSON
internal import LambdaRuntime
internal import Logging
internal import NameResolution
internal import Promotion

/// The function of a region as Lambda runs it: a process that is started by the first invocation, frozen between two, and
/// started anew where it has died.
final class SimulatedFunction: @unchecked Sendable {
    private let region: String
    private let world: World
    private var processes: [SimulatedProcess] = []
    private var idle: (process: SimulatedProcess, function: PromoterFunction)?
    private var started = 0
    private var random: SeededGenerator
    /// nil for the product as it is.
    private let variant: Variant?
    private let coverage: Coverage

    init(in region: String, world: World, random: SeededGenerator, variant: Variant?, coverage: Coverage) {
        self.variant = variant
        self.coverage = coverage
        self.region = region
        self.world = world
        self.random = random
    }

    /// Has itself invoked once a minute from now on, and suffers what the script has for it.
    func begin() {
        let time = world.time
        for incident in world.script.incidents {
            switch incident.kind {
            case .crash(region): time.after(incident.begins - time.now) { [self] in crash() }
            case .freeze(region):
                time.after(incident.begins - time.now) { [self] in freeze(true) }
                time.after(incident.begins + incident.lasts - time.now) { [self] in freeze(false) }
            case .overlap(region): time.after(incident.begins - time.now) { [self] in invoke(inNewProcess: true) }
            default: break
            }
        }
        tick()
    }

    private func tick() {
        invokeWhenFree()
        world.time.after(world.script.schedule) { [self] in tick() }
    }

    /// Reserved concurrency is 1: what comes while one is under way is put off.
    private func invokeWhenFree() {
        if isBusy { world.time.after(.seconds(1)) { [self] in invokeWhenFree() } } else { invoke() }
    }

    private var isBusy: Bool { processes.contains { !$0.isDead && $0 !== idle?.process } }

    private func crash() {
        for process in processes { end(process) }
        processes = []
        idle = nil
        world.witness.note(.killed(in: region), at: world.time.now)
    }

    private func freeze(_ isFrozen: Bool) {
        for process in processes where process !== idle?.process { process.isFrozen = isFrozen }
    }

    /// What it still has to do runs to its end, without any effect.
    private func end(_ process: SimulatedProcess) {
        process.kill()
    }

    // MARK: Invocations

    private func invoke(inNewProcess isNew: Bool = false) {
        let time = world.time
        let deadline = time.now + .seconds(world.script.timeout)
        world.witness.note(.invoked(in: region), at: time.now)
        if !isNew, let (process, function) = idle {
            idle = nil
            process.isFrozen = false
            run(deadline, process) { _ in function }
            return
        }
        started += 1
        let process = SimulatedProcess(name: "\(region)/\(started)", time: time)
        processes.append(process)
        world.witness.note(.started(in: region), at: time.now)
        let source = Witness.Source(region: region, process: started)
        run(deadline, process) { [self] process in try await start(process, as: source) }
    }

    private func run(
        _ deadline: Duration, _ process: SimulatedProcess,
        _ function: @escaping @Sendable (SimulatedProcess) async throws -> PromoterFunction
    ) {
        let time = world.time
        let invocation = Invocation(
            requestID: "r", deadline: time.instant + (deadline - time.now), payload: Array("{}".utf8))
        // Lambda kills who does not answer.
        let killer = time.after(deadline - time.now) { [self] in
            guard !process.isDead else { return }
            answered(process, .tooLate)
            end(process)
        }
        Task(executorPreference: process) { [self] in
            let ending: Witness.Ending
            var started: PromoterFunction?
            do {
                let function = try await function(process)
                started = function
                ending = .response(Self.reasons(in: try await function.handle(invocation)))
            } catch { ending = .error }
            time.cancel(killer)
            guard !process.isDead else { return }
            answered(process, ending)
            guard let started, idle == nil else { return end(process) }
            idle = (process, started)
            process.isFrozen = true
        }
    }

    /// Of each group's last check.
    private static func reasons(in response: [UInt8]) -> [String] {
        guard case .object(let members)? = try? JSONValue(parsing: response) else { return [] }
        for member in members {
            switch (member.key, member.value) {
            case ("reason", .string(let reason)): return [reason]
            case ("watches", .array(let watches)):
                return watches.flatMap { reasons(in: $0.serialized()) }
            default: continue
            }
        }
        return []
    }

    private func answered(_ process: SimulatedProcess, _ ending: Witness.Ending) {
        world.witness.note(.answered(in: region, ending), at: world.time.now)
        if ending == .tooLate { processes.removeAll { $0 === process } }
    }

    /// As `LambdaMain` does it.
    private func start(_ process: SimulatedProcess, as source: Witness.Source) async throws -> PromoterFunction {
        let environment = world.script.environment(in: region)
        let configuration = try PromoterConfiguration(environment: environment)
        let time = world.time
        let world = world
        let randomNumbers = RandomNumbers(random.fork())
        let assembly = try PromoterAssembly(
            environment: environment, configuration: configuration,
            executor: SimulatedNetwork(of: process, as: source, in: world, flaw: variant?.flaw),
            resolver: SimulatedResolver(process: process, source: source, world: world, flaw: variant?.flaw),
            now: { time.instant },
            random: { randomNumbers.next() },
            wallClock: { [region] in
                let error = world.weather.wallClockError(of: region, at: time.now)
                return world.wallClock.adding(seconds: Int64(error / .seconds(1)))
            }, rules: coverage.counting(variant?.rules() ?? Promoter.Rules()))
        _ = await assembly.warmUp(deadline: time.instant + .seconds(3))
        let logger = Logger(label: "simulated") { _ in SwiftLogNoOpLogHandler() }
        return PromoterFunction(assembly: assembly, logger: logger, metrics: nil)
    }
}

/// Of one process, whose jobs run one after the other.
private final class RandomNumbers: @unchecked Sendable {
    private var generator: SeededGenerator

    init(_ generator: SeededGenerator) {
        self.generator = generator
    }

    func next() -> Double { Double(generator.next() >> 11) * 0x1p-53 }
}

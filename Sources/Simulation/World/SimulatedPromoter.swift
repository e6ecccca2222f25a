internal import AWSClient
internal import Functions
internal import JSON
internal import LambdaRuntime
internal import Logging
internal import Promotion

/// The promoter of a region.
final class SimulatedPromoter {
    private let region: String
    private let world: World
    private let function: SimulatedFunction

    /// - Parameters:
    ///   - variant: nil for the product as it is.
    ///   - coverage: counts what is decided.
    init(in region: String, world: World, random: SeededGenerator, variant: Variant?, coverage: Coverage) {
        self.region = region
        self.world = world
        let program = SimulatedFunction.Program(
            function: .promoter, timeout: .seconds(world.script.timeout),
            start: { process, source, random in
                try await Self.start(process, source, RandomNumbers(random), variant, coverage, in: world)
            },
            note: { event in
                let fact: Witness.Fact =
                    switch event {
                    case .invoked: .invoked(in: region)
                    case .started: .started(in: region)
                    case .killed: .killed(in: region)
                    case .answered(_, nil): .answered(in: region, .error)
                    case .answered(_, let response?): .answered(in: region, .response(Self.reasons(in: response)))
                    case .tooLate: .answered(in: region, .tooLate)
                    }
                world.witness.note(fact, at: world.time.now)
            })
        function = SimulatedFunction(in: region, running: program, time: world.time, random: random)
    }

    /// Has itself invoked from now on, as its schedule says, and suffers what the script has for it.
    func begin() {
        let time = world.time
        for incident in world.script.incidents {
            switch incident.kind {
            case .crash(region): time.after(incident.begins - time.now) { [self] in function.crash() }
            case .freeze(region):
                time.after(incident.begins - time.now) { [self] in function.freeze(true) }
                time.after(incident.begins + incident.lasts - time.now) { [self] in function.freeze(false) }
            case .overlap(region):
                time.after(incident.begins - time.now) { [self] in function.invoke(inNewProcess: true) }
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
        guard function.underWay > 0 else { return function.invoke() }
        world.time.after(.seconds(1)) { [self] in invokeWhenFree() }
    }

    /// As `LambdaMain` does it.
    private static func start(
        _ process: SimulatedProcess, _ source: Witness.Source, _ randomNumbers: RandomNumbers, _ variant: Variant?,
        _ coverage: Coverage, in world: World
    ) async throws -> LambdaRuntime.Handler {
        let environment = world.script.environment(in: source.region)
        let configuration = try PromoterConfiguration(environment: environment)
        let time = world.time
        let assembly = try PromoterAssembly(
            environment: environment, configuration: configuration,
            executor: SimulatedNetwork(of: process, as: source, in: world, flaw: variant?.flaw),
            resolver: SimulatedResolver(process: process, source: source, world: world, flaw: variant?.flaw),
            now: { time.instant },
            random: { randomNumbers.next() }, wallClock: { world.wallClock(in: source.region) },
            rules: coverage.counting(variant?.rules() ?? Promoter.Rules()))
        _ = await assembly.warmUp(deadline: time.instant + .seconds(3))
        let logger = Logger(label: "simulated") { _ in SwiftLogNoOpLogHandler() }
        let function = PromoterFunction(assembly: assembly, logger: logger, metrics: nil)
        return { invocation in try await function.handle(invocation) }
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
}

/// Of one process, whose jobs run one after the other.
final class RandomNumbers: @unchecked Sendable {
    private var generator: SeededGenerator

    init(_ generator: SeededGenerator) {
        self.generator = generator
    }

    func next() -> Double { Double(generator.next() >> 11) * 0x1p-53 }
}

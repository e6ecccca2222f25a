internal import AWSClient
internal import Functions
internal import LambdaRuntime
internal import Logging

extension SimulatedFunction {
    /// The function `endpoints` of a region.
    convenience init(endpointsIn region: String, of world: World, random: SeededGenerator) {
        let program = Program(
            function: .endpoints, timeout: RecordScript.timeout,
            start: { process, source, random in
                try Self.start(process, source, RandomNumbers(random), in: world)
            },
            note: { event in
                let fact: RecordFact
                switch event {
                case .invoked(let source, let payload):
                    fact = .began(source, isScheduled: payload == Array(EventQueue.schedule.utf8))
                case .started, .killed: return
                case .answered(let source, let response):
                    fact = .ended(source, response == nil ? .error : .response([]))
                case .tooLate(let source): fact = .ended(source, .tooLate)
                }
                world.witness.note(.records(fact), at: world.time.now)
            })
        self.init(in: region, running: program, time: world.time, random: random)
    }

    /// As `LambdaMain` does it.
    private static func start(
        _ process: SimulatedProcess, _ source: Witness.Source, _ randomNumbers: RandomNumbers, in world: World
    ) throws -> LambdaRuntime.Handler {
        let environment =
            world.script.records?.endpointsEnvironment(in: source.region, dryRun: world.script.dryRun) ?? [:]
        let time = world.time
        let assembly = try EndpointsAssembly(
            environment: environment, configuration: try EndpointsConfiguration(environment: environment),
            executor: SimulatedNetwork(of: process, as: source, in: world, flaw: nil), now: { time.instant },
            random: { randomNumbers.next() }, wallClock: { world.wallClock(in: source.region) })
        let logger = Logger(label: "simulated") { _ in SwiftLogNoOpLogHandler() }
        let function = EndpointsFunction(assembly: assembly, logger: logger)
        return { invocation in try await function.handle(invocation) }
    }
}

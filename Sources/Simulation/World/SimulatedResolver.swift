internal import NameResolution

/// The resolver of a region, asked by one process.
final class SimulatedResolver: Resolver, @unchecked Sendable {
    private let process: SimulatedProcess
    private let source: Witness.Source
    private let world: World
    private let flaw: Variant.Flaw?
    /// What was answered first, for who never asks again.
    private var remembered: [String: ResolvedName] = [:]

    init(process: SimulatedProcess, source: Witness.Source, world: World, flaw: Variant.Flaw?) {
        self.process = process
        self.source = source
        self.world = world
        self.flaw = flaw
    }

    func resolve(_ name: String, deadline: ContinuousClock.Instant) async throws(ResolutionError) -> ResolvedName {
        if let known = remembered[name] { return known }
        let time = process.time
        let answer = world.resolve(name, from: source.region)
        var event: EventHeap.Event?
        let result: Result<ResolvedName, ResolutionError>? = await process.wait { [source, world] end in
            let isWatched = name == Script.name
            guard let answer else {
                event = time.after(deadline - time.instant) {
                    if isWatched { world.witness.note(.told([], source), at: time.now) }
                    end(.failure(ResolutionError(.timedOut, name: name, reason: "simulated")))
                }
                return
            }
            event = time.after(.milliseconds(1)) {
                if isWatched { world.witness.note(.told(answer.regions, source), at: time.now) }
                end(answer.result)
            }
        }
        guard let result else {
            event.map(time.cancel)
            throw ResolutionError(.cancelled, name: name, reason: "cancelled")
        }
        let resolved = try result.get()
        if flaw == .remembersAnswers { remembered[name] = resolved }
        return resolved
    }
}

internal import Foundation
internal import LocalAWS
internal import Simulation
internal import Synchronization

/// The local AWS, a resolver and a function a region, and what is done to them.
final class ChaosWorld: Sendable {
    let aws: LocalAWS
    let chronicle = Chronicle()
    let functions: [ScheduledFunction]
    private let resolvers: [(region: String, resolver: RegionalResolver)]
    private let settings: ChaosSettings
    private let random: Mutex<SeededGenerator>
    /// What the faults of the services are counted as.
    private let names = Mutex<[FaultID: String]>([:])

    static let targets = ChaosSettings.regions.map { LocalAWS.Sample.target(in: $0) }
    private static let groups = [LocalAWS.Sample.datastoreID, LocalAWS.Sample.globalClusterID]

    init(_ settings: ChaosSettings) async throws {
        self.settings = settings
        var configuration = LocalAWSConfiguration()
        configuration.failoverDuration = settings.failover
        configuration.auroraTimes.failover = settings.failover
        configuration.auroraTimes.resync = settings.failover / 2
        aws = try LocalAWS.sampleWorld(configuration, threeRegions: true, aurora: true)
        try await aws.start()
        chronicle.observe(aws)
        // Of what the plan does not draw: nothing of the plan hangs on it.
        var random = SeededGenerator(seed: ~settings.seed)
        resolvers = try ChaosSettings.regions.map { region in
            (region, try RegionalResolver(path: settings.path("\(region).hosts"), targets: Self.targets))
        }
        var functions: [ScheduledFunction] = []
        for (region, resolver) in resolvers {
            try resolver.take(Array(aws.world.snapshot.answers.values))
            aws.setParameter(settings.pauseParameter, to: "running", region: region)
            functions.append(
                try await ScheduledFunction(
                    in: region, of: aws, resolver: resolver, settings, chronicle: chronicle, random: random.fork()))
        }
        self.functions = functions
        self.random = Mutex(random)
    }

    func end() async { await aws.stop() }

    // MARK: What is done to it

    /// - Returns: what ends it.
    func begin(_ kind: Disturbance.Kind) async throws -> (@Sendable () async throws -> Void) {
        switch kind {
        case .outage:
            try await setHealthy(false)
            return { [self] in try await setHealthy(true) }
        case .nameServer(let region, let trouble):
            let resolver = resolvers.first { $0.region == region }?.resolver
            try resolver?.set(trouble)
            return { try resolver?.set(nil) }
        case .service(_, let fault):
            let id = aws.inject(fault)
            names.withLock { $0[id] = kind.name }
            return { [aws] in aws.remove(id) }
        case .stopped(let region):
            let function = functions.first { $0.region == region }
            function?.stop()
            return { function?.goOn() }
        case .killed(let region):
            functions.first { $0.region == region }?.kill()
            return {}
        case .failovers(let behavior):
            try setFailovers(behavior)
            return { [self] in try setFailovers(.succeed) }
        case .paused:
            setPause("true", .paused)
            return { [self] in setPause("running", .resumed) }
        case .promotedByHand(let region):
            promote(region)
            return {}
        }
    }

    /// Each region's resolver learns of it within the record's TTL.
    private func setHealthy(_ isHealthy: Bool) async throws {
        try aws.setHealthy(isHealthy, region: LocalAWS.Sample.primaryRegion)
        let start = ContinuousClock.now
        let delays = resolvers.map { (random.withLock { $0.duration(in: .zero...settings.ttl) }, $0.resolver) }
        for (delay, resolver) in delays.sorted(by: { $0.0 < $1.0 }) {
            try await Task.sleep(until: start + delay, clock: .continuous)
            try resolver.take(Array(aws.world.snapshot.answers.values))
        }
    }

    private func setFailovers(_ behavior: FailoverBehavior) throws {
        try aws.setFailoverBehavior(behavior, ofDatastore: LocalAWS.Sample.datastoreID)
        try aws.setFailoverBehavior(behavior, ofGlobalCluster: LocalAWS.Sample.globalClusterID)
    }

    private func setPause(_ value: String, _ what: Chronicle.Happening) {
        // Noted before a resumption and after a pause: it holds in all regions then.
        if case .resumed = what { chronicle.note(what) }
        for region in ChaosSettings.regions { aws.setParameter(settings.pauseParameter, to: value, region: region) }
        if case .paused = what { chronicle.note(what) }
    }

    /// Of the datastore. Where AWS refuses it, whoever tried leaves it at that.
    private func promote(_ region: String) {
        let id = LocalAWS.Sample.datastoreID
        guard (try? aws.failOver(datastore: id, toRegion: region)) != nil else { return }
        chronicle.note(.promotedByHand(groupID: id, region: region))
    }

    // MARK: What came of it

    /// The answers of DNS are read from what the functions' resolvers have kept.
    func readLookups() {
        for case .started(let source) in chronicle.inOrder.map(\.what) {
            chronicle.readLookups(
                settings.path("\(source.region).\(source.process).lookups"), of: source, targets: Self.targets)
        }
    }

    /// What the last invocation of each region's function answered.
    var said: [String: [String]] {
        var said = Dictionary(uniqueKeysWithValues: ChaosSettings.regions.map { ($0, [String]()) })
        for case .answered(let region, let ending, _) in chronicle.inOrder.map(\.what) {
            said[region] = if case .response(let reasons) = ending { reasons } else { [] }
        }
        return said
    }

    /// How many requests suffered each kind of fault.
    var strikes: [String: Int] {
        let names = names.withLock { $0 }
        return aws.requests.compactMap { $0.fault.flatMap { names[$0] } }.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
}

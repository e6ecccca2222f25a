package import AWSClient
internal import EndpointRecords
internal import Failover
package import HTTPTransport
package import NameResolution
internal import ProgramVersion
package import Promotion

/// The functions and what they are made of, put together from the environment.
package struct PromoterAssembly: Sendable {
    /// A watch, or one of two groups of one.
    package struct Watch: Sendable {
        package let configuration: WatchConfiguration
        package let finder: any RegionFinder
        package let service: any GlobalGroupService
        package let lag: any LagService
        package let promoter: Promoter
        /// Of the records that lead to the primary; nil where there are none.
        package let records: PrimaryRecordKeeper?
        /// Of two groups: from when on their checks come at the same times; else nil.
        let epoch: ContinuousClock.Instant?

        package var identity: Promoter.Identity { promoter.identity }
    }

    package let configuration: PromoterConfiguration
    package let region: String
    /// In the order of the configuration; one that has two groups is there twice, one after the other.
    package let watches: [Watch]
    /// nil without `PAUSE_PARAMETER`.
    package let pause: PauseSwitch?
    package let history: PromotionHistory?
    package let topics: any TopicService
    package let client: AWSClient
    package let executor: any HTTPExecutor
    package let resolver: any Resolver
    package let now: @Sendable () -> ContinuousClock.Instant

    /// Asks nobody yet.
    ///
    /// - Parameters:
    ///   - now: the clock by which the executor sleeps.
    ///   - wallClock: by which requests are signed.
    ///   - random: from 0 up to, but not including, 1: how long a retry waits.
    ///   - rules: what decides.
    /// - Throws: `ConfigurationError`, or the `AWSError` of a variable of AWS's own, such as a missing region.
    package init(
        environment: [String: String], configuration: PromoterConfiguration, executor: any HTTPExecutor,
        resolver: any Resolver, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) },
        wallClock: @escaping @Sendable () -> Timestamp = { .current() }, rules: Promoter.Rules = .init()
    ) throws {
        let aws = try AWSConfiguration(environment: environment, version: promoterBuild)
        let region = try aws.requireRegion()
        // Not by `Task.sleep`: see `WatchBuilder`.
        let sleep: @Sendable (Duration) async throws -> Void = { try await executor.sleep(until: now() + $0) }
        // Pause, history and notifications are no part of any check.
        let hooks = AWSHooks(now: now, wallClock: wallClock, sleep: sleep, random: random)
        let client = AWSClient(configuration: aws, executor: executor, hooks: hooks) { _ in }
        let parameters = ParameterStore(SystemsManager(client, region: region))
        let pause = configuration.pauseParameter.map { PauseSwitch(parameter: $0, service: parameters, now: now) }
        let history = configuration.pauseParameter.map { PromotionHistory(pauseParameter: $0, service: parameters) }
        let builder = WatchBuilder(
            region: region, client: client, executor: executor, resolver: resolver, pause: pause, history: history,
            now: now, random: random, wallClock: wallClock, rules: rules)
        watches = builder.watches(configuration.watches)
        self.configuration = configuration
        self.region = region
        self.pause = pause
        self.history = history
        self.client = client
        self.executor = executor
        self.resolver = resolver
        self.now = now
        topics = Topics(SNS(client))
    }

    /// With the network and the resolver of this machine.
    package init(environment: [String: String], configuration: PromoterConfiguration) throws {
        try self.init(
            environment: environment, configuration: configuration,
            executor: HTTPClient(caBundle: CABundle(environment: environment)), resolver: SystemResolver())
    }

    /// What a first check would have to fetch, for all watches at the same time.
    ///
    /// - Returns: what is wrong with the set-up of which watch, as far as this shows it.
    package func warmUp(deadline: ContinuousClock.Instant) async -> [(watch: String, problem: any Error)] {
        await withTaskGroup(of: [(index: Int, problem: any Error)].self) { group in
            if let pause {
                group.addTask {
                    await pause.refreshIfDue(deadline: deadline)
                    // Nothing is promoted without it.
                    return await pause.lastFailure.map { [(0, $0)] } ?? []
                }
            }
            for (index, watch) in watches.enumerated() {
                group.addTask { await watch.promoter.warmUp(deadline: deadline).map { (index, $0) } }
            }
            var problems = watches.enumerated().compactMap { index, watch in
                watch.isFirst ? missingTargets(of: watch.configuration).map { (index: index, problem: $0) } : nil
            }
            for await found in group { problems += found }
            return problems.sorted { $0.index < $1.index }.map { (watches[$0.index].configuration.name, $0.problem) }
        }
    }
}

extension PromoterAssembly.Watch {
    /// Whether it is the one that stands for the watch, of two.
    package var isFirst: Bool { configuration.groups.first?.kind == identity.kind }
}

extension PromoterAssembly {
    /// One for each name that is watched.
    package var names: [Watch] { watches.filter(\.isFirst) }

    /// `RECORD_TARGETS` that say nothing of the own region can make it active never. That is no mistake by itself (the
    /// member of a region without a record stands by for ever), so that it does not stop the start; but nobody needs a
    /// function there, and a region that is mistyped, or a list that was copied, is found out in an outage otherwise.
    private func missingTargets(of watch: WatchConfiguration) -> (any Error)? {
        guard !watch.recordTargets.isEmpty, watch.recordTargets[region] == nil, !watch.policy.paused else { return nil }
        let regions = watch.recordTargets.keys.sorted().joined(separator: ", ")
        return PromotionError(
            code: .misconfigured,
            reason: "RECORD_TARGETS has no target in \(region), where this function runs, only in \(regions): DNS never"
                + " makes this region active; add its targets, or take the function out of this region")
    }
}

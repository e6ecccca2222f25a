package import AWSClient
internal import EndpointRecords
internal import Failover
package import HTTPTransport
package import NameResolution
internal import ProgramVersion
package import Promotion

/// The functions and what they are made of, put together from the environment.
package struct PromoterAssembly: Sendable {
    package struct Watch: Sendable {
        package let configuration: WatchConfiguration
        package let finder: ActiveRegionFinder
        package let service: any GlobalGroupService
        package let promoter: Promoter
        /// nil without `PRIMARY_RECORD_NAME`.
        package let primaryRecord: PrimaryRecordKeeper?

        package var identity: Promoter.Identity { promoter.identity }
    }

    package let configuration: PromoterConfiguration
    package let region: String
    /// In the order of the configuration.
    package let watches: [Watch]
    /// nil without `PAUSE_PARAMETER`.
    package let pause: PauseSwitch?
    package let history: PromotionHistory?
    package let lag: any LagService
    package let topics: any TopicService
    package let client: AWSClient
    package let executor: any HTTPExecutor
    package let resolver: any Resolver
    package let now: @Sendable () -> ContinuousClock.Instant

    /// Asks nobody yet.
    ///
    /// - Parameter now: the clock by which the executor sleeps.
    /// - Throws: `ConfigurationError`, or the `AWSError` of a variable of AWS's own, such as a missing region.
    package init(
        environment: [String: String], configuration: PromoterConfiguration, executor: any HTTPExecutor,
        resolver: any Resolver, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) throws {
        let aws = try AWSConfiguration(environment: environment, version: promoterBuild)
        let region = try aws.requireRegion()
        // Where the requests wait, too: a `Task.sleep` would start Swift's thread pool, which a Lambda does without.
        let sleep: @Sendable (Duration) async throws -> Void = { try await executor.sleep(until: now() + $0) }
        // Pause, history and notifications are no part of any check.
        let client = AWSClient(configuration: aws, executor: executor, hooks: AWSHooks(now: now, sleep: sleep)) { _ in }
        // With one watch all reads are its own. With several, `SharedReads` tells each what it waited for.
        let only = configuration.watches.count == 1 ? CallLog() : nil
        let reading = only.map { client.reporting(to: $0) } ?? client
        let parameters = ParameterStore(SystemsManager(client, region: region))
        let pause = configuration.pauseParameter.map { PauseSwitch(parameter: $0, service: parameters, now: now) }
        let history = configuration.pauseParameter.map { PromotionHistory(pauseParameter: $0, service: parameters) }
        let lag = GlobalDatastoreLag(
            cloudWatch: CloudWatch(reading, region: region), taskExecutor: executor.taskExecutor,
            wallClock: { .current() })
        let datastores = GlobalDatastores(
            elastiCache: ElastiCache(reading, region: region), taskExecutor: executor.taskExecutor)

        var zones: [String: HostedZoneRecords] = [:]
        watches = configuration.watches.map { watch in
            let calls = only ?? CallLog()
            let source: any RecordSource
            if let zone = watch.hostedZoneID {
                let records =
                    zones[zone]
                    ?? HostedZoneRecords(
                        route53: Route53(reading), hostedZoneID: zone, taskExecutor: executor.taskExecutor)
                zones[zone] = records
                source = RecordSetReader(
                    service: only == nil ? SharedReads(of: records, calls: calls, now: now) : records,
                    hostedZoneID: zone, name: watch.dnsName, regions: watch.recordRegions)
            } else {
                source = StaticRecords(targets: watch.recordTargets)
            }
            let finder = ActiveRegionFinder(name: watch.dnsName, source: source, resolver: resolver, now: now)
            let datastore = datastores.datastore(
                id: watch.globalDatastoreID, changes: ElastiCache(client.reporting(to: calls), region: region))
            let service: any GlobalGroupService =
                only == nil ? SharedReads(of: datastore, calls: calls, now: now) : datastore
            let promoter = Promoter(
                identity: .init(
                    watch: watch.name, dnsName: watch.dnsName, groupID: watch.globalDatastoreID, ownRegion: region),
                policy: watch.policy,
                timing: .init(now: now, sleep: sleep, cacheMaxAge: watch.cacheMaxAge, alertAfter: watch.alertAfter),
                finder: finder, service: service,
                guards: .init(pause: pause, lag: lag, detachments: history),
                calls: calls)
            let keeper = watch.primaryRecord.map { settings in
                PrimaryRecordKeeper(
                    settings: settings, client: client, groupID: watch.globalDatastoreID, region: region,
                    isDryRun: watch.policy.dryRun, timing: RecordTiming(now: now, sleep: sleep))
            }
            return Watch(
                configuration: watch, finder: finder, service: service, promoter: promoter, primaryRecord: keeper)
        }
        self.configuration = configuration
        self.region = region
        self.pause = pause
        self.history = history
        self.lag = lag
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
                missingTargets(of: watch.configuration).map { (index: index, problem: $0) }
            }
            for await found in group { problems += found }
            return problems.sorted { $0.index < $1.index }.map { (watches[$0.index].configuration.name, $0.problem) }
        }
    }
}

extension PromoterAssembly {
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

extension AWSClient {
    fileprivate func reporting(to calls: CallLog) -> AWSClient {
        reporting { record in
            calls.record(.init(name: record.action, attempts: record.attempts, duration: record.duration))
        }
    }
}

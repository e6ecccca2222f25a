internal import AWSClient
internal import EndpointRecords
internal import Failover
internal import HTTPTransport
internal import NameResolution
internal import Promotion

/// Puts the watches together, with what they share.
struct WatchBuilder {
    let region: String
    let client: AWSClient
    let executor: any HTTPExecutor
    let resolver: any Resolver
    let pause: PauseSwitch?
    let history: PromotionHistory?
    let now: @Sendable () -> ContinuousClock.Instant
    let random: @Sendable () -> Double
    let wallClock: @Sendable () -> Timestamp
    let rules: Promoter.Rules

    // Where the requests wait, too: a `Task.sleep` would start Swift's thread pool, which a Lambda does without.
    private var sleep: @Sendable (Duration) async throws -> Void {
        { [executor, now] in try await executor.sleep(until: now() + $0) }
    }

    /// What all watches read by.
    private struct Reading {
        /// Of the only group: all reads are its own. nil with several, whom `SharedReads` tells what each waited for.
        var only: CallLog?
        var client: AWSClient
        var datastores: GlobalGroups
        var clusters: GlobalGroups
        var datastoreLag: ReplicationLag
        var clusterLag: ReplicationLag
        var zones: [String: HostedZoneRecords] = [:]
    }

    /// In the order of the configuration, one for each group.
    func watches(_ configurations: [WatchConfiguration]) -> [PromoterAssembly.Watch] {
        let only = configurations.flatMap(\.groups).count == 1 ? CallLog() : nil
        let readingClient = only.map { client.reporting(to: $0) } ?? client
        let tasks = executor.taskExecutor
        let cloudWatch = CloudWatch(readingClient, region: region)
        var reading = Reading(
            only: only, client: readingClient,
            datastores: GlobalGroups(
                GlobalDatastores(ElastiCache(readingClient, region: region)), taskExecutor: tasks),
            clusters: GlobalGroups(GlobalClusters(RDS(readingClient, region: region)), taskExecutor: tasks),
            datastoreLag: ReplicationLag(
                .globalDatastore, cloudWatch: cloudWatch, taskExecutor: tasks, wallClock: wallClock),
            clusterLag: ReplicationLag(
                .globalCluster, cloudWatch: cloudWatch, taskExecutor: tasks, wallClock: wallClock))
        return configurations.flatMap { watches(of: $0, &reading) }
    }

    private func watches(
        of configuration: WatchConfiguration, _ reading: inout Reading
    ) -> [PromoterAssembly.Watch] {
        let groups = configuration.groups
        guard groups.count > 1 else {
            let calls = reading.only ?? CallLog()
            let finder = finder(of: configuration, calls: calls, &reading)
            return groups.map { watch($0, of: configuration, finder, calls, epoch: nil, .init(), reading) }
        }
        let lookUps = CallLog()
        let shared = SharedFinder(finder(of: configuration, calls: lookUps, &reading), calls: lookUps, now: now)
        let epoch = now()
        let first = groups.first { $0.kind == configuration.promoteOrder.first }
        let turn = first.map { PromotionTurn(first: $0.id) }
        return groups.map { group in
            let calls = CallLog()
            let leads = group.kind == first?.kind
            return watch(
                group, of: configuration, shared.part(calls: calls), calls, epoch: epoch,
                .init(leads: leads ? turn : nil, follows: leads ? nil : turn), reading)
        }
    }

    private func finder(
        of watch: WatchConfiguration, calls: CallLog, _ reading: inout Reading
    ) -> ActiveRegionFinder {
        let source: any RecordSource
        if let zone = watch.hostedZoneID {
            let records =
                reading.zones[zone]
                ?? HostedZoneRecords(
                    route53: Route53(reading.client), hostedZoneID: zone, taskExecutor: executor.taskExecutor)
            reading.zones[zone] = records
            source = RecordSetReader(
                service: reading.only == nil
                    ? SharedReads(of: records, action: "route53:ListResourceRecordSets", calls: calls, now: now)
                    : records, hostedZoneID: zone, name: watch.dnsName, regions: watch.recordRegions)
        } else {
            source = StaticRecords(targets: watch.recordTargets)
        }
        return ActiveRegionFinder(name: watch.dnsName, source: source, resolver: resolver, now: now)
    }

    /// - Parameter guards: the turn; the others are added here.
    private func watch(
        _ group: WatchConfiguration.Group, of configuration: WatchConfiguration, _ finder: any RegionFinder,
        _ calls: CallLog, epoch: ContinuousClock.Instant?, _ guards: Promoter.Guards, _ reading: Reading
    ) -> PromoterAssembly.Watch {
        let own = client.reporting(to: calls)
        let service: any GlobalGroupService
        switch group.kind {
        case .datastore:
            service = shared(
                reading.datastores.group(id: group.id, changes: GlobalDatastores(ElastiCache(own, region: region))),
                group.kind, calls, reading)
        case .cluster:
            service = shared(
                reading.clusters.group(id: group.id, changes: GlobalClusters(RDS(own, region: region))),
                group.kind, calls, reading)
        }
        var guards = guards
        let lag = group.kind == .datastore ? reading.datastoreLag : reading.clusterLag
        (guards.pause, guards.lag, guards.detachments) = (pause, lag, history)
        let promoter = Promoter(
            identity: .init(
                watch: configuration.name, dnsName: configuration.dnsName, groupID: group.id, kind: group.kind,
                ownRegion: region, isOneOfTwo: configuration.groups.count > 1),
            policy: group.policy,
            timing: .init(
                now: now, sleep: sleep, cacheMaxAge: configuration.cacheMaxAge, alertAfter: configuration.alertAfter),
            finder: finder, service: service, guards: guards, rules: rules, calls: calls)
        return PromoterAssembly.Watch(
            configuration: configuration, finder: finder, service: service, lag: lag, promoter: promoter,
            records: keeper(configuration, group), epoch: epoch)
    }

    private func shared(
        _ service: some GlobalGroupService, _ kind: GlobalGroup.Kind, _ calls: CallLog, _ reading: Reading
    ) -> any GlobalGroupService {
        guard reading.only == nil else { return service }
        return SharedReads(of: service, action: kind.readAction, calls: calls, now: now)
    }

    private func keeper(
        _ configuration: WatchConfiguration, _ group: WatchConfiguration.Group
    ) -> PrimaryRecordKeeper? {
        configuration.records(of: group.kind).map { settings in
            PrimaryRecordKeeper(
                settings: settings, client: client, group: group, region: region, isDryRun: group.policy.dryRun,
                timing: RecordTiming(now: now, sleep: sleep, random: random))
        }
    }
}

extension AWSClient {
    fileprivate func reporting(to calls: CallLog) -> AWSClient {
        reporting { record in
            calls.record(.init(name: record.action, attempts: record.attempts, duration: record.duration))
        }
    }
}

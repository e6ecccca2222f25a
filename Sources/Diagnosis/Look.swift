internal import AWSClient
internal import Failover
internal import Functions
internal import Promotion

/// What `promoter doctor` sees, all of it at the same time as far as it does not depend on each other.
struct Look: Sendable {
    let assembly: PromoterAssembly
    /// Required variables whose values mean nothing.
    let unknown: Set<String>
    /// The ARN of the function's role; nil where only the caller is known.
    let role: String?
    let deadline: @Sendable () -> ContinuousClock.Instant

    private var client: AWSClient { assembly.client }
    private var region: String { assembly.region }
    private var configuration: PromoterConfiguration { assembly.configuration }

    init(
        assembly: PromoterAssembly, unknown: Set<String>, role: String?,
        deadline: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        self.assembly = assembly
        self.unknown = unknown
        self.role = role
        self.deadline = deadline
    }

    func findings() async -> [Finding] {
        async let endpointFindings = endpoints().map(Finding.endpoint)
        async let permissionsRead = permissions()
        async let pauseRead = pause()
        async let namesRead = names()
        async let groupsRead = groups()
        async let metricsRead = metrics()
        async let topicsRead = topics()
        async let primaryRecordsRead = primaryRecords()

        let groups = await groupsRead
        async let datastoresRead = datastores(groups)
        let pause = await pauseRead
        let names = await namesRead

        var readings = done(names.map(\.reading), groups, pause)
        readings += await metricsRead
        let (identity, simulations) = await permissionsRead
        readings += simulations
        var findings: [Finding] = [.credentials(identity)]
        findings += await endpointFindings
        findings += readings.compactMap(Finding.permission)
        findings += names.flatMap { name in NameChecks.findings(name.reading).map { $0.of(name.watch) } }
        let active = Dictionary(names.map { ($0.watch, $0.reading.active) }) { first, _ in first }
        findings += await datastoresRead.flatMap { datastore in
            var reading = datastore.reading
            reading.active = active[datastore.watch] ?? .notAsked
            reading.pause = pause?.knowledge ?? .none
            return DatastoreChecks.findings(reading).map { $0.of(datastore.watch) }
        }
        findings += await primaryRecordsRead.flatMap { record in
            PrimaryRecordChecks.findings(record.reading).map { $0.of(record.watch) }
        }
        if let pause, let finding = Finding.pause(pause) { findings.append(finding) }
        let others = otherRegions(names.map(\.reading), groups)
        findings += await topicsRead.flatMap { TopicChecks.findings($0, otherRegions: others) }
        return findings
    }

    /// Where else the traffic or the primary can be.
    private func otherRegions(
        _ names: [NameReading], _ groups: [String: Result<GlobalReplicationGroup, AWSError>]
    ) -> [String] {
        let records = names.compactMap { try? $0.records?.get() }.flatMap { $0.compactMap(\.region) }
        let members = groups.values.compactMap { try? $0.get() }.flatMap { $0.members.map { $0.region.lowercased() } }
        return NeededActions.each(records + members).filter { $0 != region }
    }

    /// Who the caller is and, as soon as that is known, what the policies say.
    private func permissions() async -> (Result<STS.CallerIdentity, AWSError>, [PermissionReading]) {
        let identity = await Self.identity(client, region, deadline())
        return (identity, await simulated(identity))
    }

    static func identity(
        _ client: AWSClient, _ region: String, _ deadline: ContinuousClock.Instant
    ) async -> Result<STS.CallerIdentity, AWSError> {
        do throws(AWSError) {
            return .success(try await STS(client, region: region).getCallerIdentity(deadline: deadline))
        } catch { return .failure(error) }
    }

    // MARK: What the functions use

    private func endpoints() async -> [EndpointReading] {
        var used: [(service: AWSService, region: String)] = [(.elastiCache, region)]
        if configuration.watches.contains(where: { $0.hostedZoneID != nil }) { used.append((.route53, region)) }
        if configuration.pauseParameter != nil { used.append((.ssm, region)) }
        used += NeededActions.each(topicARNs.compactMap(TopicReading.region)).map { (.sns, $0) }
        if measuresLag { used.append((.cloudWatch, region)) }
        return await inParallel(used) { [client, deadline] service, region in
            await EndpointReading.take(service, region: region, client: client, deadline: deadline())
        }
    }

    private var measuresLag: Bool { configuration.watches.contains { $0.policy.maximumLag != nil } }

    private func pause() async -> PauseReading? {
        guard let name = configuration.pauseParameter else { return nil }
        return await PauseReading.take(
            name, history: assembly.history, parameters: SystemsManager(client, region: region),
            deadline: deadline())
    }

    private var topicARNs: [String] { NeededActions.each(configuration.watches.compactMap(\.notifyTopicARN)) }

    private func topics() async -> [TopicReading] {
        await inParallel(topicARNs) { [client, deadline] arn in
            await TopicReading.take(arn, SNS(client), deadline: deadline())
        }
    }

    private func names() async -> [(watch: String, reading: NameReading)] {
        guard !unknown.contains("DNS_NAME") else { return [] }
        let readsRecords = !unknown.contains("HOSTED_ZONE_ID")
        // One for all watches of a zone, so that they are read together.
        let ids = NeededActions.each(configuration.watches.compactMap(\.hostedZoneID))
        let route53 = Route53(client)
        let zones = Dictionary(
            uniqueKeysWithValues: ids.map { ($0, HostedZoneRecords(route53: route53, hostedZoneID: $0)) })
        return await inParallel(assembly.watches) { [assembly, deadline] watch in
            let reading = await NameReading.take(
                watch, readsRecords: readsRecords, zone: watch.configuration.hostedZoneID.flatMap { zones[$0] },
                resolver: assembly.resolver, deadline: deadline())
            return (watch.configuration.name, reading)
        }
    }

    private func primaryRecords() async -> [(watch: String, reading: PrimaryRecordReading)] {
        guard unknown.isDisjoint(with: ["HOSTED_ZONE_ID", "GLOBAL_DATASTORE_ID"]) else { return [] }
        let read = await inParallel(assembly.watches) { [client, region, deadline] watch in
            await PrimaryRecordReading.take(watch.configuration, client, region: region, deadline: deadline()).map {
                (watch.configuration.name, $0)
            }
        }
        return read.compactMap(\.self)
    }

    private func groups() async -> [String: Result<GlobalReplicationGroup, AWSError>] {
        guard !unknown.contains("GLOBAL_DATASTORE_ID") else { return [:] }
        let ids = NeededActions.each(assembly.watches.map(\.configuration.globalDatastoreID))
        return await DatastoreReading.groups(ids, ElastiCache(client, region: region), deadline: deadline())
    }

    private func datastores(
        _ groups: [String: Result<GlobalReplicationGroup, AWSError>]
    ) async -> [(watch: String, reading: DatastoreReading)] {
        let read = await inParallel(assembly.watches) { [assembly, deadline] watch in
            let id = watch.configuration.globalDatastoreID
            guard let group = groups[id] else { return (String, DatastoreReading)?.none }
            var reading = DatastoreReading(
                id: id, dnsName: watch.identity.dnsName, ownRegion: assembly.region, policy: watch.configuration.policy,
                group: group)
            let members = (try? group.get().members) ?? []
            if let member = members.first(where: { $0.region.lowercased() == assembly.region }) {
                if watch.configuration.policy.maximumLag != nil {
                    reading.lag = await assembly.lag.lag(
                        ofMember: member.replicationGroupID, group: id, deadline: deadline())
                }
            } else if let history = assembly.history {
                reading.isDetachmentOnRecord = await history.isDetached(
                    group: id, region: assembly.region, deadline: deadline())
            }
            return (watch.configuration.name, reading)
        }
        return read.compactMap { $0 }
    }

    private func inParallel<Element: Sendable, Value: Sendable>(
        _ elements: [Element], _ body: @escaping @Sendable (Element) async -> Value
    ) async -> [Value] {
        await withTaskGroup(of: (index: Int, value: Value).self) { group in
            for (index, element) in elements.enumerated() { group.addTask { (index, await body(element)) } }
            var values: [(index: Int, value: Value)] = []
            for await value in group { values.append(value) }
            return values.sorted { $0.index < $1.index }.map(\.value)
        }
    }
}

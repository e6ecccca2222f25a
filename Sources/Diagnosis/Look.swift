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
        async let groupReadingsRead = groupReadings(groups)
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
        findings += await groupReadingsRead.flatMap { group in
            var reading = group.reading
            reading.active = active[group.watch] ?? .notAsked
            reading.pause = pause?.knowledge ?? .none
            return GroupChecks.findings(reading).map { $0.of(group.watch) }
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
        _ names: [NameReading], _ groups: [GlobalGroup.Kind: GroupReading.Groups]
    ) -> [String] {
        let records = names.compactMap { try? $0.records?.get() }.flatMap { $0.compactMap(\.region) }
        let found = groups.values.flatMap(\.values).compactMap { try? $0.get().group }
        let members = found.flatMap { $0.members.map(\.region) }
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
        var used: [(service: AWSService, region: String)] = []
        let kinds = Set(assembly.watches.map(\.identity.kind))
        if kinds.contains(.datastore) { used.append((.elastiCache, region)) }
        if kinds.contains(.cluster) { used.append((.rds, region)) }
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
        return await inParallel(assembly.names) { [assembly, deadline] watch in
            let reading = await NameReading.take(
                watch, readsRecords: readsRecords, zone: watch.configuration.hostedZoneID.flatMap { zones[$0] },
                resolver: assembly.resolver, deadline: deadline())
            return (watch.configuration.name, reading)
        }
    }

    private func primaryRecords() async -> [(watch: String, reading: PrimaryRecordReading)] {
        guard !unknown.contains("HOSTED_ZONE_ID") else { return [] }
        let watches = assembly.watches.filter { !unknown.contains($0.identity.kind.variable) }
        let read = await inParallel(watches) { [client, region, deadline] watch in
            await PrimaryRecordReading.take(
                watch.configuration, watch.identity.kind, client, region: region, deadline: deadline()
            ).map { (watch.configuration.name, $0) }
        }
        return read.compactMap(\.self)
    }

    private func groups() async -> [GlobalGroup.Kind: GroupReading.Groups] {
        var groups: [GlobalGroup.Kind: GroupReading.Groups] = [:]
        for kind in GlobalGroup.Kind.allCases where !unknown.contains(kind.variable) {
            let ids = NeededActions.each(assembly.watches.map(\.identity).filter { $0.kind == kind }.map(\.groupID))
            guard !ids.isEmpty else { continue }
            groups[kind] = await GroupReading.groups(kind, ids, client, region: region, deadline: deadline())
        }
        return groups
    }

    private func groupReadings(
        _ groups: [GlobalGroup.Kind: GroupReading.Groups]
    ) async -> [(watch: String, reading: GroupReading)] {
        let read = await inParallel(assembly.watches) { [assembly, deadline] watch in
            let identity = watch.identity
            guard let group = groups[identity.kind]?[identity.groupID] else { return (String, GroupReading)?.none }
            let policy = watch.promoter.policy
            var reading = GroupReading(
                kind: identity.kind, id: identity.groupID, dnsName: identity.dnsName, ownRegion: assembly.region,
                policy: policy, group: group)
            let members = (try? group.get().group.members) ?? []
            if let member = members.first(where: { $0.region == assembly.region }) {
                if policy.maximumLag != nil {
                    reading.lag = await watch.lag.lag(
                        ofMember: member.id, group: identity.groupID, deadline: deadline())
                }
            } else if let history = assembly.history {
                reading.isDetachmentOnRecord = await history.isDetached(
                    group: identity.groupID, region: assembly.region, deadline: deadline())
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

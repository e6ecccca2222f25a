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
        async let identityRead = Self.identity(client, region, deadline())
        async let pauseRead = pause()
        async let namesRead = names()
        async let groupsRead = groups()
        async let metricsRead = metrics()

        let identity = await identityRead
        let groups = await groupsRead
        async let datastoresRead = datastores(groups)
        async let simulatedRead = simulated(identity)
        let pause = await pauseRead
        let names = await namesRead

        var readings = done(names.map(\.reading), groups, pause)
        readings += await metricsRead
        readings += await simulatedRead
        var findings: [Finding] = [.credentials(identity)]
        findings += await endpointFindings
        findings += readings.compactMap(Finding.permission)
        findings += names.flatMap { name in NameChecks.findings(name.reading).map { $0.of(name.watch) } }
        findings += await datastoresRead.flatMap { datastore in
            DatastoreChecks.findings(datastore.reading).map { $0.of(datastore.watch) }
        }
        if let pause, let finding = Finding.pause(pause) { findings.append(finding) }
        return findings
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
        let topics = configuration.watches.compactMap(\.notifyTopicARN)
        let topicRegions = topics.compactMap { arn -> String? in
            let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
            return parts.count == 6 ? String(parts[3]) : nil
        }
        used += NeededActions.each(topicRegions).map { (.sns, $0) }
        if measuresLag { used.append((.cloudWatch, region)) }
        return await inParallel(used) { [client, deadline] service, region in
            await EndpointReading.take(service, region: region, client: client, deadline: deadline())
        }
    }

    private var measuresLag: Bool { configuration.watches.contains { $0.policy.maximumLag != nil } }

    private func pause() async -> PauseReading? {
        guard let name = configuration.pauseParameter, let pause = assembly.pause else { return nil }
        await pause.refreshIfDue(deadline: deadline())
        var reading = PauseReading(parameter: name, knowledge: await pause.knowledge)
        if let failure = await pause.lastFailure as? AWSError { reading.failures.append(failure) }
        do { _ = try await assembly.history?.entries(deadline: deadline()) } catch {
            // What else may be written there is no matter of the set-up.
            if let error = error as? AWSError { reading.failures.append(error) }
        }
        return reading
    }

    private func names() async -> [(watch: String, reading: NameReading)] {
        guard !unknown.contains("DNS_NAME") else { return [] }
        let readsRecords = !unknown.contains("HOSTED_ZONE_ID")
        return await inParallel(assembly.watches) { [assembly, deadline] watch in
            let reading = await NameReading.take(
                watch, readsRecords: readsRecords, resolver: assembly.resolver, deadline: deadline())
            return (watch.configuration.name, reading)
        }
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
                id: id, ownRegion: assembly.region, policy: watch.configuration.policy, group: group)
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

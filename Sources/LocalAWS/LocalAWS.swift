package import Foundation
import Synchronization

/// An emulated AWS in this process, on loopback: its services on one port, the Lambda Runtime API on a port
/// per function, DNS by a hosts file.
package final class LocalAWS: Sendable {
    package let configuration: LocalAWSConfiguration
    package let clock: LocalClock
    package let world: World
    package let events: EventBus
    package let hostsFile: HostsFile

    let faults = FaultBoard()
    let log = RequestLog()
    let credentials = CredentialStore()
    let services: [any LocalService]
    private let downRegions = DownRegions()
    private let skew = Mutex<TimeInterval>(0)

    let registry = FunctionRegistry()
    private let listener = Mutex<HTTPListener?>(nil)

    package init(_ configuration: LocalAWSConfiguration = .init()) throws {
        self.configuration = configuration
        clock = LocalClock(configuration.clock)
        events = EventBus(clock: clock)
        hostsFile = try HostsFile(path: configuration.hostsFile)
        let minute = CloudWatchMinute(seconds: configuration.minuteSeconds)
        world = World(
            clock: clock, events: events, hostsFile: hostsFile, minute: minute,
            clusterTimes: configuration.clusterTimes, auroraTimes: configuration.auroraTimes
        )
        let (down, functions) = (downRegions, registry)
        services = [
            Route53Service(world: world, clock: clock, propagationTime: configuration.propagationTime),
            ElastiCacheService(
                world: world, failoverDuration: configuration.failoverDuration,
                disassociationDuration: configuration.disassociationDuration,
                unreachableRegions: { configuration.failoverNeedsOldPrimary ? down.regions : [] }
            ),
            RDSService(world: world),
            STSService(credentials: credentials),
            CloudWatchService(world: world, clock: clock),
            SSMService(world: world, clock: clock),
            SNSService(world: world, clock: clock),
            SecretsManagerService(world: world, clock: clock),
            IAMService(world: world),
            LambdaService(functions: { functions.all }),
            EventBridgeService(functions: { functions.all }),
        ]
        let notifier = FunctionNotifier(world: world, clock: clock, functions: registry, faults: faults)
        events.observe { event in
            switch event.kind {
            case .messagePublished(let message): notifier.notify(of: message)
            case .invocationEnded(_, let requestID, let outcome): notifier.invocationEnded(requestID, outcome)
            default: break
            }
        }
    }

    package func start() async throws {
        let listener = try await HTTPListener(port: configuration.port) { [weak self] request in
            await self?.handle(request) ?? .drop
        }
        self.listener.withLock { $0 = listener }
    }

    package func stop() async {
        let listener = self.listener.withLock { listener in
            defer { listener = nil }
            return listener
        }
        faults.releaseAll()
        for function in registry.removeAll() { await function.stop() }
        await listener?.stop()
    }

    /// For `AWS_ENDPOINT_URL`. Before `start()` it leads nowhere.
    package var endpoint: String { "http://127.0.0.1:\(listener.withLock { $0?.port ?? 0 })" }

    // MARK: DNS and health

    /// Marks all record sets whose targets are in the region.
    package func setHealthy(_ healthy: Bool, region: String) throws {
        try world.update(because: .healthChanged(subject: region, healthy: healthy)) { state in
            if healthy { state.unhealthyRegions.remove(region) } else { state.unhealthyRegions.insert(region) }
        }
    }

    package func setHealthy(_ healthy: Bool, setIdentifier: String) throws {
        try world.update(because: .healthChanged(subject: setIdentifier, healthy: healthy)) { state in
            if healthy {
                state.unhealthySetIdentifiers.remove(setIdentifier)
            } else {
                state.unhealthySetIdentifiers.insert(setIdentifier)
            }
        }
    }

    /// - Parameter resolution: nil: the records decide again.
    package func setResolution(_ resolution: Resolution?, of name: String) throws {
        try world.update { $0.resolutions[DNSName(name)] = resolution }
    }

    /// How a zone takes changes. nil: as before.
    ///
    /// - Parameters:
    ///   - oneAtATime: see `HostedZone.takesOneChangeAtATime`.
    ///   - listsComplaints: see `HostedZone.listsComplaints`.
    /// - Returns: whether there is such a zone.
    @discardableResult
    package func setChanges(ofZone id: String, oneAtATime: Bool? = nil, listsComplaints: Bool? = nil) -> Bool {
        world.change { state in
            guard var zone = state.zones[id] else { return false }
            zone.takesOneChangeAtATime = oneAtATime ?? zone.takesOneChangeAtATime
            zone.listsComplaints = listsComplaints ?? zone.listsComplaints
            state.zones[id] = zone
            return true
        }
    }

    /// Large balancers answer with changing subsets of their addresses.
    package func rotateAddresses(ofTarget name: String, by count: Int = 1) throws {
        try world.update { $0.targets[DNSName(name)]?.rotation += count }
    }

    /// The region that a name leads to; nil if to none, or to several.
    package func activeRegion(of name: String) -> String? {
        world.snapshot.answers[DNSName(name)]?.region
    }

    /// What becomes of failovers from now on; one that stalled ends with the change.
    package func setFailoverBehavior(_ behavior: FailoverBehavior, ofDatastore id: String) throws {
        guard world.setFailoverBehavior(behavior, of: id) else {
            throw LocalAWSError("There is no datastore \(id).")
        }
    }

    /// How far its secondaries are behind, in seconds; nil: CloudWatch has no datapoints of it.
    package func setLag(_ lag: Double?, ofDatastore id: String) throws {
        let isThere = world.change { state in
            state.datastores[id]?.lag = lag
            return state.datastores[id] != nil
        }
        guard isThere else { throw LocalAWSError("There is no datastore \(id).") }
    }

    package func datastore(_ id: String) -> GlobalDatastore? {
        world.snapshot.datastores[id]
    }

    // MARK: Faults and log

    @discardableResult
    package func inject(_ fault: Fault) -> FaultID {
        let id = faults.inject(fault)
        events.publish(.faultInjected(id, fault))
        return id
    }

    /// Requests that hang on the fault are dropped.
    package func remove(_ id: FaultID) {
        downRegions.forget(id)
        world.change { $0.regionsDown = downRegions.regions }
        world.resumeGlobalClusters()
        if faults.remove(id) { events.publish(.faultRemoved(id)) }
    }

    package var activeFaults: [(id: FaultID, fault: Fault)] { faults.faults }

    /// Everything signed for the region hangs (or is dropped) from now on. With `us-east-1` that takes
    /// Route 53's control plane along, as it would in AWS, unless it is excepted.
    package func takeDown(region: String, by effect: Fault.Effect = .hang, except services: Set<String> = []) {
        bringUp(region: region)
        downRegions.add(region, fault: inject(Fault(effect, region: region, exceptServices: services)))
        world.change { $0.regionsDown = downRegions.regions }
    }

    package func bringUp(region: String) {
        guard let id = downRegions.remove(region) else { return }
        remove(id)
    }

    package var regionsDown: Set<String> { downRegions.regions }

    /// All requests to AWS services, in order; those of the control API and Runtime APIs are not logged.
    package var requests: [RecordedRequest] { log.all }

    package func clearRequests() { log.clear() }

    /// The emulator's real-time clock, as its `Date` header and its check of signatures show it, is off
    /// by this much.
    package func setClockSkew(_ seconds: TimeInterval) { skew.withLock { $0 = seconds } }

    var skewedNow: Date { Date().addingTimeInterval(skew.withLock { $0 }) }
}

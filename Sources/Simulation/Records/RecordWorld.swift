internal import HTTPTransport

/// The zone with the records and the clusters that they lead to, and the functions `endpoints` that follow them.
final class RecordWorld {
    let script: RecordScript
    unowned let world: World
    let clusters: ClusterKeeper
    let seen: Coverage
    var zone: RecordZone
    /// By region.
    private var queues: [String: EventQueue] = [:]
    private var functions: [String: SimulatedFunction] = [:]
    /// By its id, when all name servers have a change.
    var changes: [String: Duration] = [:]
    /// Of each datastore: where it had its primary when that was looked at last.
    private var primaryRegion: String?
    var random: SeededGenerator

    init(_ script: RecordScript, of world: World, seen: Coverage, random: SeededGenerator) {
        self.script = script
        self.world = world
        self.seen = seen
        self.random = random
        zone = RecordZone(script.firstRecords(of: world.script, &self.random))
        clusters = ClusterKeeper(
            script.clusters, time: world.time, witness: world.witness, random: self.random.fork())
        world.witness.note(.records(.zone(zone.records)), at: .zero)
        primaryRegion = world.script.regions[0]
        clusters.onMessage = { [unowned self] in tell($0, $1, $2) }
        for incident in world.script.incidents {
            if case .records(let kind) = incident.kind { schedule(kind, incident) }
        }
        beginFunctions()
    }

    private func beginFunctions() {
        guard let endpoints = script.endpoints else { return }
        for region in endpoints.regions {
            let function = SimulatedFunction(endpointsIn: region, of: world, random: random.fork())
            let queue = EventQueue(of: function, time: world.time, interval: endpoints.interval)
            functions[region] = function
            queues[region] = queue
            world.time.after(random.duration(in: .zero...endpoints.interval)) { [unowned self] in tick(region) }
        }
    }

    private func tick(_ region: String) {
        queues[region]?.add(EventQueue.schedule)
        world.time.after(script.endpoints?.interval ?? .zero) { [unowned self] in tick(region) }
    }

    // MARK: What happens

    private func schedule(_ kind: RecordIncident, _ incident: Incident) {
        let region = kind.region
        let time = world.time
        switch kind {
        case .localFailover, .nodeAdded, .nodeRemoved:
            time.after(incident.begins) { [unowned self] in
                if clusters.happen(kind) { seen.count(.record, kind.name) }
            }
        case .crash: time.after(incident.begins) { [unowned self] in functions[region]?.crash() }
        case .freeze:
            time.after(incident.begins) { [unowned self] in functions[region]?.freeze(true) }
            time.after(incident.begins + incident.lasts) { [unowned self] in functions[region]?.freeze(false) }
        case .byHand(_, let deed): time.after(incident.begins) { [unowned self] in perform(deed, in: region) }
        case .notices: break
        }
    }

    /// Told of each change of a global group.
    func note(_ group: GroupModel) {
        guard group.kind == .datastore, group.operation == nil, group.primaryRegion != primaryRegion,
            let region = group.primaryRegion, let member = group.primary
        else { return }
        primaryRegion = region
        tell(region, "ReplicationGroupPromotedAsPrimary", member)
    }

    private func perform(_ deed: RecordIncident.Deed, in region: String) {
        let suffix = script.replicaSuffix(in: region)
        let nodes = clusters.clusters[region].map { cluster in
            cluster.shards.flatMap(\.nodes).map { cluster.name(of: $0.id) }
        }
        let change: RecordZone.Change
        switch deed {
        case .removesRecord:
            let own = zone.records.filter { record in
                record.setIdentifier == nil && (nodes ?? []).contains { [$0] == record.values }
            }
            guard !own.isEmpty else { return }
            change = .init(isCreation: false, record: own[random.index(below: own.count)])
        case .takesNumber:
            let free = (1...9).first { zone.records(named: "read\($0).\(suffix)").isEmpty }
            guard let free else { return }
            change = .init(
                isCreation: true,
                record: ZoneRecord(name: "read\(free).\(suffix)", ttl: 300, values: ["elsewhere.example.net"]))
        }
        guard zone.apply([change]) else { return }
        seen.count(.record, RecordIncident.byHand(region: region, deed).name)
        world.witness.note(.records(.changed([change], by: nil)), at: world.time.now)
    }

    // MARK: Notifications

    /// SNS brings a message to the function soon, once; or as the incidents have it.
    private func tell(_ region: String, _ event: String, _ value: String) {
        guard let queue = queues[region] else { return }
        let time = world.time
        var delays = [random.duration(in: .milliseconds(100)...(.seconds(3)))]
        for incident in world.script.incidents where incident.isOn(at: time.now) {
            guard case .records(.notices(region, let fault, let probability)) = incident.kind,
                random.chance(probability)
            else { continue }
            seen.count(.record, incident.kind.name)
            switch fault {
            case .lost: delays = []
            case .repeated: delays += delays.map { $0 + random.duration(in: .zero...(.seconds(20))) }
            case .late: delays = delays.map { $0 + random.duration(in: .seconds(10)...(.seconds(200))) }
            }
        }
        world.witness.note(.records(.notified(region: region, event: event, copies: delays.count)), at: time.now)
        let payload = Self.payload(event, value, Script.memberID(.datastore, region), isPlain: random.chance(0.2))
        for delay in delays { time.after(delay) { queue.add(payload) } }
    }

    private static func payload(_ event: String, _ value: String, _ group: String, isPlain: Bool) -> String {
        // The promotion is known in the form of old only.
        let message =
            isPlain || event == "ReplicationGroupPromotedAsPrimary"
            ? "ElastiCache:\(event) : \(value)"
            : #"{\"ElastiCache:\#(event)\":\"\#(value)\",\"Replication Group ID\":\"\#(group)\"}"#
        return #"{"Records":[{"EventSource":"aws:sns","EventVersion":"1.0","EventSubscriptionArn":"arn:aws:sns:s","#
            + #""Sns":{"Type":"Notification","MessageId":"m","Subject":"ElastiCache Notification","#
            + #""Message":"\#(message)"}}]}"#
    }
}

import AWSClient
import EndpointRecords
import Testing

/// Several processes at once, each with its own knowledge of the cluster, in any order of their calls.
@Suite("Several at once") struct ConcurrencyTests {
    @Test(
        "Whatever order the calls come in, the records end right", .timeLimit(.minutes(2)), arguments: 0..<300)
    func interleavings(run: UInt64) async throws {
        var random = SeededRandom(seed: 0xC0C0_0000 + run)
        let policy = RecordSettings.WhenNoReplicas.allCases[Int(run % 3)]
        let turnstile = Turnstile()
        var cluster = ClusterSimulation(hasShards: run % 4 == 0, tls: true, using: &random)
        let service = FakeCluster(cluster.group) { await turnstile.pass() }
        var foreign = [Sample.cname("read2", "elsewhere.example.net")]
        let zone = FakeZone(foreign) { await turnstile.pass() }
        let settings = try Sample.settings(weighted: "all.example.com", whenNoReplicas: policy)
        let errors = Journal()
        var events = Int.random(in: 2...5, using: &random)
        // The first that waits in this order goes on, until it is its turn to be late: so one can be so by many calls,
        // which a fair choice would hardly ever bring about.
        var order: [Int] = []
        while true {
            let waiting = await turnstile.quiet()
            if waiting.isEmpty, events == 0 { break }
            guard events > 0, waiting.isEmpty || Int.random(in: 0..<6, using: &random) == 0 else {
                guard let task = order.first(where: waiting.contains) else { continue }
                if Int.random(in: 0..<8, using: &random) == 0 {
                    order.removeAll { $0 == task }
                    order.append(task)
                } else {
                    turnstile.release(task)
                }
                continue
            }
            events -= 1
            cluster.happen(ClusterSimulation.Event.allCases.randomElement(using: &random) ?? .add, using: &random)
            // What comes last can be told, or nothing would have to be right.
            if events == 0 { cluster.calmDown() }
            service.change { [cluster] in $0.group = cluster.group }
            // Somebody takes a number that nobody has yet, but may be about to have.
            let taken = Sample.cname("read\(Int.random(in: 1...9, using: &random))", "elsewhere.example.net")
            if !zone.sets.contains(where: { $0.name == taken.name }) {
                zone.change { $0.sets[FakeZone.Key(taken)] = taken }
                foreign = (foreign + [taken]).sorted { $0.name < $1.name }
            }
            // Messages come twice now and then.
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                let task = order.count
                order.insert(task, at: Int.random(in: 0...order.count, using: &random))
                turnstile.begin()
                // Of a process of its own.
                let sync = RecordSync(settings: settings, zone: zone, cluster: service, timing: Self.timing(turnstile))
                Turnstile.$task.withValue(task) {
                    _ = Task {
                        do { _ = try await sync.sync(waitForSync: false, deadline: .now + .seconds(60)) } catch {
                            errors.note("\(error)")
                        }
                        turnstile.end()
                    }
                }
            }
        }
        #expect(errors.entries.isEmpty, "seed \(run)")
        // The zone began with nothing of the cluster's.
        let judge = RecordJudge(cluster: cluster, policy: policy, before: foreign, after: zone.sets)
        // What is kept of former replicas depends on which of them were seen.
        if cluster.replicas.isEmpty, policy == .keep { return }
        #expect(judge.finalViolations.isEmpty, "seed \(run): \(zone.sets.map { "\($0.name) \($0.values)" })")
    }

    private static func timing(_ turnstile: Turnstile) -> RecordTiming {
        RecordTiming(sleep: { _ in await turnstile.pass() }, random: { 0.5 })
    }

    @Test("One who has looked before the cluster changed, and writes after it, puts right what he wrote")
    func late() async throws {
        // He writes a record for a replica that is removed meanwhile, and touches nothing that others touch: so he is
        // not refused, and has to look once more.
        let cluster = FakeCluster(Sample.group("001p 002r 003r"))
        let zone = FakeZone(Sample.records("1:002"))
        zone.change { state in
            state.beforeChange = [{ _ in cluster.change { $0.group = Sample.group("001p 002r") } }]
        }
        let sync = RecordSync(
            settings: try Sample.settings(), zone: zone, cluster: cluster, timing: HandClock().timing())
        let report = try await sync.sync(waitForSync: false, deadline: .now + .seconds(60))
        #expect(zone.sets == Sample.records("1:002"))
        #expect(report.changes.map(\.short) == ["+2:003", "-2:003"])
    }
}

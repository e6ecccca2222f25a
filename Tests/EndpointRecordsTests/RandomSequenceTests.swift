import AWSClient
import EndpointRecords
import Testing

/// What must hold whatever happens to a cluster and its zone.
@Suite("Over many events") struct RandomSequenceTests {
    @Test("After each event the records are exactly right, with as few changes as will do", arguments: 0..<90)
    func sequences(run: UInt64) async throws {
        var random = SeededRandom(seed: 0xEC4D_0000 + run)
        let policy = RecordSettings.WhenNoReplicas.allCases[Int(run % 3)]
        var cluster = ClusterSimulation(hasShards: run % 2 == 0, tls: run % 5 != 0, using: &random)
        let service = FakeCluster(cluster.group)
        let zone = FakeZone()
        let clock = HandClock()
        let sync = RecordSync(
            settings: try Sample.settings(weighted: "all.example.com", whenNoReplicas: policy), zone: zone,
            cluster: service, timing: clock.timing())
        for step in 0..<30 {
            var events: [ClusterSimulation.Event] = []
            // Some events are lost, and some come twice.
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let event = ClusterSimulation.Event.allCases.randomElement(using: &random) ?? .failover
                cluster.happen(event, using: &random)
                events.append(event)
            }
            if Bool.random(using: &random) { ZoneMeddler(cluster: cluster).meddle(with: zone, using: &random) }
            service.change { [cluster] in $0.group = cluster.group }
            let before = zone.sets
            zone.change { $0.calls = [] }
            do {
                _ = try await sync.sync(waitForSync: false, deadline: clock.deadline)
            } catch {
                Issue.record("seed \(run), step \(step), \(events): \(error)")
                return
            }
            let judge = RecordJudge(cluster: cluster, policy: policy, before: before, after: zone.sets)
            let wrong = judge.violations(batches: zone.batches)
            #expect(wrong.isEmpty, "seed \(run), step \(step), \(events)")
            guard wrong.isEmpty else { return }
        }
    }

    @Test("Ninety replicas in fifteen shards lose one primary each, and one batch puts it right")
    func large() async throws {
        var random = SeededRandom(seed: 90)
        let shards = (1...15).map { shard in
            "001p" + (2...7).map { " 00\($0)r" }.joined()
        }
        var group = Sample.group(shards[0], shards[1])
        for shard in 3...15 {
            var next = group.nodeGroups[0]
            next.id = shard < 10 ? "000\(shard)" : "00\(shard)"
            for index in next.members.indices {
                let number = "\(next.id)-00\(index + 1)"
                next.members[index].cacheClusterID = "rg-\(number)"
                next.members[index].readEndpoint = .init(address: Sample.node(number))
            }
            group.nodeGroups.append(next)
        }
        let (zone, service, clock) = (FakeZone(), FakeCluster(group), HandClock())
        let sync = RecordSync(settings: try Sample.settings(), zone: zone, cluster: service, timing: clock.timing())
        _ = try await sync.sync(waitForSync: false, deadline: clock.deadline)
        #expect(zone.sets.count == 90)
        for shard in group.nodeGroups.indices {
            let next = Int.random(in: 1...6, using: &random)
            group.nodeGroups[shard].members[0].currentRole = "replica"
            group.nodeGroups[shard].members[next].currentRole = "primary"
        }
        service.change { [group] in $0.group = group }
        zone.change { $0.calls = [] }
        let report = try await sync.sync(waitForSync: false, deadline: clock.deadline)
        #expect(report.changes.count == 15)
        #expect(zone.batches.count == 1)
        let primaries = Set(
            group.nodeGroups.flatMap(\.members).filter { $0.currentRole == "primary" }.map { $0.readEndpoint?.address })
        #expect(zone.sets.allSatisfy { !primaries.contains($0.values.first) })
        #expect(Set(zone.sets.map(\.values)).count == 90)
    }
}

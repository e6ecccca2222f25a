import AWSClient
import EndpointRecords
import Testing

@Suite("Bringing records up to date") struct RecordSyncTests {
    private let clock = HandClock()

    private func sync(
        _ zone: FakeZone, _ cluster: FakeCluster, _ settings: RecordSettings? = nil
    ) throws -> RecordSync {
        RecordSync(
            settings: try settings ?? Sample.settings(), zone: zone, cluster: cluster, timing: clock.timing())
    }

    @Test("Records are read before the cluster, and again after a change, until nothing is left to change")
    func order() async throws {
        let journal = Journal()
        let zone = FakeZone(Sample.records("1:002 2:003")) { journal.note("zone") }
        let cluster = FakeCluster(Sample.group("001r 002p 003r")) { journal.note("cluster") }
        let report = try await sync(zone, cluster).sync(
            comment: "failover", waitForSync: false, deadline: clock.deadline)
        #expect(zone.sets == Sample.records("1:001 2:003"))
        #expect(
            zone.current.calls == [
                .zone, .numbered,
                .change(
                    [
                        .init(.delete, Sample.records("1:002")[0]), .init(.create, Sample.records("1:001")[0]),
                    ], comment: "failover"), .numbered,
            ])
        #expect(journal.entries == ["zone", "zone", "cluster", "zone", "zone", "cluster"])
        #expect(report.changes.map(\.short) == ["1:002>001"])
        #expect(report.batches.map(\.changeID) == ["C1"])
        #expect(report.batches.map(\.timeToSync) == [nil])
        #expect(report.planned.isEmpty)
        #expect(report.refusals == 0)
        #expect(report.cluster?.replicas.map(\.id) == ["rg-001", "rg-003"])
        #expect(report.zone.name == "example.com")
    }

    @Test("Where nothing is to be changed, nothing is asked for twice")
    func quiet() async throws {
        let (zone, cluster) = (FakeZone(Sample.records("1:002")), FakeCluster(Sample.group("001p 002r")))
        let sync = try sync(zone, cluster)
        for _ in 0..<3 {
            let report = try await sync.sync(deadline: clock.deadline)
            #expect(report.batches.isEmpty)
        }
        #expect(zone.current.calls == [.zone, .numbered, .numbered, .numbered])
        #expect(cluster.current.calls == Array(repeating: .group("rg"), count: 3))
        #expect(clock.slept.isEmpty)
    }

    @Test("All that changes goes in one batch")
    func oneBatch() async throws {
        let settings = try Sample.settings(weighted: "all.example.com", primary: "db.example.com")
        let zone = FakeZone(Sample.records("1:002 2:003") + Sample.weighted("002 003"))
        let report = try await sync(zone, FakeCluster(Sample.group("001r 002p 003r 004r")), settings).sync(
            deadline: clock.deadline)
        #expect(zone.batches.count == 1)
        #expect(report.changes.count == 6)
        #expect(
            Set(report.changes.map(\.short)) == [
                "+w:master.rg.abc123.use1.cache.amazonaws.com", "1:002>001", "+3:004", "-w:002", "+w:001", "+w:004",
            ])
    }

    @Test("A dry run says what it would change, and changes nothing")
    func dryRun() async throws {
        let (zone, cluster) = (FakeZone(Sample.records("1:002")), FakeCluster(Sample.group("001r 002p")))
        let report = try await sync(zone, cluster).plan(deadline: clock.deadline)
        #expect(report.planned.map(\.short) == ["1:002>001"])
        #expect(report.batches.isEmpty)
        #expect(zone.current.calls == [.zone, .numbered])
        #expect(cluster.current.calls.count == 1)
    }

    @Test(
        "A name outside the zone is an error that names both, and nothing is changed",
        arguments: [
            ("read.example.net", nil, nil, "read1.example.net"), (nil, "all.badexample.com", nil, "all.badexample.com"),
            (nil, nil, "db.com", "db.com"), ("example.com", nil, nil, "example1.com"),
        ] as [(String?, String?, String?, String)])
    func outside(replicas: String?, weighted: String?, primary: String?, name: String) async throws {
        let zone = FakeZone()
        let cluster = FakeCluster(Sample.group("001p 002r"))
        let sync = try sync(zone, cluster, Sample.settings(replicas: replicas, weighted: weighted, primary: primary))
        await #expect(throws: EndpointRecordsError.outsideZone(name: name, zone: "example.com")) {
            try await sync.sync(deadline: clock.deadline)
        }
        #expect(zone.current.calls == [.zone])
        #expect(cluster.current.calls.isEmpty)
        #expect("\(EndpointRecordsError.outsideZone(name: name, zone: "example.com"))".contains(name))
    }

    @Test("The zone itself cannot have one")
    func top() async throws {
        let sync = try sync(
            FakeZone(), FakeCluster(Sample.group("001p")), Sample.settings(replicas: nil, primary: "example.com"))
        await #expect(throws: EndpointRecordsError.topOfZone(name: "example.com")) {
            try await sync.sync(deadline: clock.deadline)
        }
    }

    @Test("The zone is asked for again where it could not be read")
    func zoneFailure() async throws {
        let zone = FakeZone(Sample.records("1:002"))
        zone.change { $0.zoneFailures = [FakeZone.refusal("AccessDenied")] }
        let sync = try sync(zone, FakeCluster(Sample.group("001p 002r")))
        #expect(await awsError { try await sync.sync(deadline: clock.deadline) }?.awsCode == "AccessDenied")
        _ = try await sync.sync(deadline: clock.deadline)
        #expect(zone.current.calls == [.zone, .zone, .numbered])
    }

    @Test("A cluster that cannot be read changes nothing")
    func clusterFailure() async throws {
        let (zone, cluster) = (FakeZone(Sample.records("1:002")), FakeCluster(Sample.group("001p")))
        for error in [AWSError(.notFound, "gone"), FakeZone.refusal("AccessDenied")] {
            cluster.change { $0.failure = error }
            let sync = try sync(zone, cluster)
            #expect(await awsError { try await sync.sync(deadline: clock.deadline) }?.code == error.code)
        }
        #expect(zone.batches.isEmpty)
    }

    /// By the number of values, and by their length.
    @Test(
        "Hundreds of nodes are changed in batches that Route 53 takes",
        arguments: [(600, "h.r"), (500, "abc123.use1.cache.amazonaws.com")])
    func large(count: Int, place: String) async throws {
        var group = Sample.group("001p")
        group.nodeGroups[0].members = (1...count).map { number in
            let id = "rg-\(String(1000 + number).dropFirst())"
            return .init(
                cacheClusterID: id, currentRole: number == 1 ? "primary" : "replica",
                readEndpoint: .init(address: "\(id).rg.\(place)"))
        }
        let settings = try Sample.settings(weighted: "all.example.com")
        let zone = FakeZone()
        let report = try await sync(zone, FakeCluster(group), settings).sync(
            waitForSync: false, deadline: clock.deadline)
        #expect(report.changes.count == 2 * (count - 1))
        #expect(zone.sets.count == 2 * (count - 1))
        for batch in zone.batches {
            let values = batch.flatMap(\.recordSet.values)
            #expect(values.count <= 1000)
            #expect(values.map(\.utf8.count).reduce(0, +) <= 32_000)
        }
        #expect(zone.batches.count == 2)
    }
}

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
        let pause = Journal()
        let zone = FakeZone(Sample.records("1:002 2:003")) { pause.note("zone") }
        let cluster = FakeCluster(Sample.group("001r 002p 003r")) { pause.note("cluster") }
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
        #expect(pause.entries == ["zone", "zone", "cluster", "zone", "zone", "cluster"])
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

    @Test("A batch that is refused is planned anew from what is there now")
    func refused() async throws {
        let zone = FakeZone(Sample.records("1:002"))
        // Somebody who knew of the failover was faster; another one took number 2.
        zone.change { state in
            state.beforeChange = [
                { state in
                    for set in Sample.records("1:001") { state.sets[FakeZone.Key(set)] = set }
                    let foreign = Sample.cname("read2", "elsewhere.example.net")
                    state.sets[FakeZone.Key(foreign)] = foreign
                }
            ]
        }
        let report = try await sync(zone, FakeCluster(Sample.group("001r 002p 003r"))).sync(
            waitForSync: false, deadline: clock.deadline)
        #expect(zone.batches.count == 2)
        #expect(report.changes.map(\.short) == ["+3:003"])
        #expect(report.refusals == 1)
        #expect(report.findings == [.foreign(name: "read2.example.com", type: "CNAME", setIdentifier: nil)])
        #expect(clock.slept == [.milliseconds(100)])
    }

    @Test("An answer that was lost is found out by looking")
    func lostAnswer() async throws {
        let zone = FakeZone(Sample.records("1:002"))
        zone.change { $0.answersLost = 1 }
        let report = try await sync(zone, FakeCluster(Sample.group("001r 002p"))).sync(deadline: clock.deadline)
        #expect(zone.sets == Sample.records("1:001"))
        #expect(zone.batches.count == 1)
        #expect(report.refusals == 1)
    }

    @Test("Five times it looks again, and no more, each time after a longer pause")
    func stubborn() async throws {
        let zone = FakeZone(Sample.records("1:002"))
        zone.change { $0.changeFailures = Array(repeating: FakeZone.refusal("InvalidChangeBatch"), count: 9) }
        let sync = try sync(zone, FakeCluster(Sample.group("001r 002p")))
        let error = await awsError { try await sync.sync(deadline: clock.deadline) }
        #expect(error?.awsCode == "InvalidChangeBatch")
        #expect(zone.batches.count == 6)
        #expect(clock.slept == [100, 200, 400, 800, 1600].map { .milliseconds($0) })
    }

    @Test("It does not pause into the deadline")
    func refusedAtTheEnd() async throws {
        let zone = FakeZone(Sample.records("1:002"))
        zone.change { $0.changeFailures = Array(repeating: FakeZone.refusal("InvalidChangeBatch"), count: 9) }
        let sync = try sync(zone, FakeCluster(Sample.group("001r 002p")))
        let deadline = clock.now + .milliseconds(250)
        #expect(await awsError { try await sync.sync(deadline: deadline) }?.awsCode == "InvalidChangeBatch")
        #expect(clock.slept == [.milliseconds(100)])
    }

    @Test(
        "Refused twice for what is not there to be seen, the creation is an UPSERT; what is replaced is still compared")
    func forced() async throws {
        let zone = FakeZone(Sample.records("1:002"))
        zone.change { $0.changeFailures = Array(repeating: FakeZone.refusal("InvalidChangeBatch"), count: 2) }
        _ = try await sync(zone, FakeCluster(Sample.group("001r 002p 003r"))).sync(deadline: clock.deadline)
        #expect(
            zone.batches.map { $0.map(\.action) } == [
                [.delete, .create, .create], [.delete, .create, .create], [.delete, .upsert, .upsert],
            ])
        #expect(zone.sets == Sample.records("1:001 2:003"))
    }

    @Test("Other refusals end it", arguments: ["AccessDenied", "NoSuchHostedZone", "PriorRequestNotComplete"])
    func otherRefusals(code: String) async throws {
        let zone = FakeZone(Sample.records("1:002"))
        zone.change { $0.changeFailures = [FakeZone.refusal(code)] }
        let sync = try sync(zone, FakeCluster(Sample.group("001r 002p")))
        #expect(await awsError { try await sync.sync(deadline: clock.deadline) }?.awsCode == code)
        #expect(zone.batches.count == 1)
    }

    @Test("Records that somebody else keeps changing are an error after a dozen changes")
    func contended() async throws {
        let zone = FakeZone()
        // Each look finds another primary.
        let cluster = FlippingCluster(Sample.group("001p 002r"), Sample.group("001r 002p"))
        let sync = RecordSync(
            settings: try Sample.settings(), zone: zone, cluster: cluster, timing: clock.timing())
        await #expect(throws: EndpointRecordsError.contended(rounds: 12)) {
            try await sync.sync(deadline: clock.deadline)
        }
        #expect(zone.batches.count == 12)
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

    @Test("Five hundred nodes are changed in batches that Route 53 takes")
    func large() async throws {
        let nodes = (["001p"] + (2...500).map { "\($0 < 10 ? "00" : $0 < 100 ? "0" : "")\($0)r" }).joined(
            separator: " ")
        let settings = try Sample.settings(weighted: "all.example.com")
        let zone = FakeZone()
        let cluster = FakeCluster(Sample.group(nodes))
        let report = try await sync(zone, cluster, settings).sync(waitForSync: false, deadline: clock.deadline)
        #expect(report.changes.count == 998)
        #expect(zone.sets.count == 998)
        for batch in zone.batches {
            let values = batch.flatMap(\.recordSet.values)
            #expect(values.count <= 1000)
            #expect(values.map(\.utf8.count).reduce(0, +) <= 32_000)
        }
        #expect(zone.batches.count == 2)
    }
}

/// Shows two states of a cluster in turn.
private actor FlippingCluster: ClusterService {
    private var groups: [ReplicationGroup]

    init(_ groups: ReplicationGroup...) { self.groups = groups }

    func describeReplicationGroup(id: String, deadline: ContinuousClock.Instant) async throws -> ReplicationGroup {
        groups.append(groups.removeFirst())
        return groups[0]
    }

    func describeGlobalReplicationGroup(
        id: String, deadline: ContinuousClock.Instant
    ) async throws -> GlobalReplicationGroup {
        throw AWSError(.notFound, "none")
    }
}

import AWSClient
import EndpointRecords
import Testing

@Suite("Batches that are refused") struct RefusedBatchTests {
    private let clock = HandClock()

    private func sync(_ zone: FakeZone, _ cluster: FakeCluster) throws -> RecordSync {
        RecordSync(settings: try Sample.settings(), zone: zone, cluster: cluster, timing: clock.timing())
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

import AWSClient
import EndpointRecords
import Testing

@Suite("What the records point at") struct RecordStatusTests {
    private func status(
        _ sets: [ResourceRecordSet], _ group: ReplicationGroup, _ settings: RecordSettings? = nil
    ) async throws -> RecordStatus {
        let clock = HandClock()
        let zone = FakeZone(sets)
        let sync = RecordSync(
            settings: try settings ?? Sample.settings(), zone: zone, cluster: FakeCluster(group),
            timing: clock.timing())
        let status = try await sync.status(deadline: clock.deadline)
        #expect(zone.batches.isEmpty)
        return status
    }

    @Test("Each record has its node, and that one's role")
    func nodes() async throws {
        let foreign = ResourceRecordSet(name: "read6.example.com", type: "A", ttl: 1, values: ["192.0.2.1"])
        let sets = Sample.records("1:002 2:001 3:004 4:009 12:002") + [Sample.cname("read5", "x.example.net"), foreign]
        let status = try await status(sets, Sample.group("001p 002r 003r 004?"))
        #expect(
            status.records.map(\.kind) == [1, 2, 3, 4, 5, 6, 12].map { .replica(number: $0) })
        #expect(
            status.records.map(\.target) == [
                .node("rg-002", .replica), .node("rg-001", .primary), .node("rg-004", .unknown), .node("rg-009", .gone),
                .other("x.example.net"), .foreign, .node("rg-002", .replica),
            ])
        #expect(status.unnamedReplicas == ["rg-003"])
    }

    @Test("The weighted and the primary record are told beside them")
    func others() async throws {
        let settings = try Sample.settings(weighted: "all.example.com", primary: "db.example.com")
        let endpoint = Sample.cname("db", "master.rg.abc123.use1.cache.amazonaws.com")
        let status = try await status(
            Sample.records("1:002") + Sample.weighted("003") + [endpoint], Sample.group("001p 002r 003r"), settings)
        #expect(status.records.map(\.kind) == [.replica(number: 1), .weighted, .primary])
        #expect(
            status.records.map(\.target) == [
                .node("rg-002", .replica), .node("rg-003", .replica), .primaryEndpoint,
            ])
        #expect(status.standing == .alone)
        #expect(status.unnamedReplicas == ["rg-002", "rg-003"])
        let away = try await self.status([Sample.cname("db", "x.y")], Sample.group("001p"), settings)
        #expect(away.records.map(\.target) == [.other("x.y")])
    }

    @Test("An odd record is told, where a change would be refused")
    func odd() async throws {
        let settings = try Sample.settings(replicas: nil, primary: "db.example.com")
        let set = ResourceRecordSet(name: "db.example.com", type: "A", ttl: 1, values: ["192.0.2.1"])
        #expect(try await status([set], Sample.group("001p"), settings).records.map(\.target) == [.foreign])
    }
}

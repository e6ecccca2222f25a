import AWSClient
import EndpointRecords
import Testing

@Suite("The primary record") struct PrimaryRecordTests {
    private let clock = HandClock()
    private static let endpoint = "master.rg.abc123.use1.cache.amazonaws.com"
    private static let other = "master.other.abc123.usw2.cache.amazonaws.com"
    private static let own = Sample.cname("db", endpoint)
    private static let others = Sample.cname("db", other)

    private func sync(
        _ zone: FakeZone, _ cluster: FakeCluster, datastore: String? = nil, endpoint: String? = nil
    ) async throws -> SyncReport {
        let settings = try Sample.settings(
            replicas: nil, primary: "db.example.com", endpoint: endpoint, datastore: datastore)
        return try await RecordSync(settings: settings, zone: zone, cluster: cluster, timing: clock.timing()).sync(
            deadline: clock.deadline)
    }

    private static func group(in datastore: String?) -> ReplicationGroup {
        var group = Sample.group("001p 002r")
        group.globalDatastoreID = datastore
        return group
    }

    @Test("A promotion brings the name here; a message of an old one does not bring it back")
    func promotion() async throws {
        let zone = FakeZone([Self.others])
        let cluster = FakeCluster(
            Self.group(in: "ldgnf-x"), datastore: Sample.datastore(("PRIMARY", "SECONDARY")))
        #expect(try await sync(zone, cluster).standing == .primary)
        #expect(zone.sets == [Self.own])
        #expect(cluster.current.calls.prefix(2) == [.group("rg"), .datastore("ldgnf-x")])

        zone.change { $0.sets = [FakeZone.Key(Self.others): Self.others] }
        cluster.change { $0.datastore = Sample.datastore(("SECONDARY", "PRIMARY")) }
        let report = try await sync(zone, cluster)
        #expect(report.standing == .standby(role: "SECONDARY"))
        #expect(report.findings == [.notPrimary(.standby(role: "SECONDARY"))])
        #expect(zone.sets == [Self.others])
    }

    @Test(
        "A cluster in no datastore, with none configured, gets the record that nobody has, and takes none from others")
    func alone() async throws {
        let zone = FakeZone()
        let cluster = FakeCluster(Self.group(in: nil))
        #expect(try await sync(zone, cluster).standing == .alone)
        #expect(zone.sets == [Self.own])
        #expect(cluster.current.calls == [.group("rg"), .group("rg")])
        #expect(try await sync(zone, cluster).findings == [])

        // It may have been taken out of its datastore, whose primary has the record by right.
        zone.change { $0.sets = [FakeZone.Key(Self.others): Self.others] }
        #expect(try await sync(zone, cluster).findings == [.notPrimary(.alone)])
        #expect(zone.sets == [Self.others])
    }

    @Test("Where the datastore cannot be read, the primary's record stays, and the replicas' follow all the same")
    func unreadable() async throws {
        let zone = FakeZone([Self.others])
        let cluster = FakeCluster(Sample.group("001p 002r"))
        cluster.change { $0.datastoreFailure = FakeZone.refusal("AccessDenied") }
        let settings = try Sample.settings(primary: "db.example.com", datastore: "ldgnf-x")
        let sync = RecordSync(settings: settings, zone: zone, cluster: cluster, timing: clock.timing())
        let report = try await sync.sync(waitForSync: false, deadline: clock.deadline)
        #expect(report.findings.map(\.reason) == ["standingUnknown"])
        #expect(zone.sets == [Self.others] + Sample.records("1:002"))
    }

    @Test("One that is configured for a datastore, and no member of it, holds", arguments: [true, false])
    func notMember(isThere: Bool) async throws {
        let zone = FakeZone([Self.others])
        let datastore = isThere ? Sample.datastore(("PRIMARY", "SECONDARY"), region: "eu-west-1") : nil
        let report = try await sync(zone, FakeCluster(Self.group(in: nil), datastore: datastore), datastore: "ldgnf-x")
        #expect(report.findings == [.notPrimary(.notMember(datastoreID: "ldgnf-x"))])
        #expect(zone.batches.isEmpty)
    }

    @Test("With endpoint and datastore given, the group is not looked at")
    func withoutGroup() async throws {
        let zone = FakeZone()
        let cluster = FakeCluster(Self.group(in: nil), datastore: Sample.datastore(("PRIMARY", "SECONDARY")))
        let settings = try RecordSettings(
            region: "us-east-1", primaryName: "db.example.com", primaryEndpoint: "own.example.net",
            globalDatastoreID: "ldgnf-x")
        let report = try await RecordSync(
            settings: settings, zone: zone, cluster: cluster, timing: clock.timing()
        ).sync(waitForSync: false, deadline: clock.deadline)
        #expect(zone.sets == [Sample.cname("db", "own.example.net")])
        #expect(report.cluster == nil)
        #expect(cluster.current.calls == [.datastore("ldgnf-x"), .datastore("ldgnf-x")])
        #expect(zone.current.calls.prefix(2) == [.zone, .named(["db.example.com"])])
    }

    @Test("Alone it points where it is told, and proves the role after each look at the record")
    func byItself() async throws {
        let journal = Journal()
        let zone = FakeZone([Self.others]) { journal.note("zone") }
        zone.change { $0.changeFailures = [FakeZone.refusal("InvalidChangeBatch")] }
        let record = PrimaryRecord(zone: zone, names: ["DB.example.com."], ttl: 10, timing: clock.timing())
        let report = try await record.point(
            at: [Self.endpoint], comment: "promoted", waitForSync: false, deadline: clock.deadline
        ) { _ in
            journal.note("proof")
            return .primary
        }
        #expect(zone.sets == [Self.own])
        #expect(report.standing == .primary)
        #expect(report.refusals == 1)
        #expect(report.batches.count == 1)
        #expect(
            journal.entries == ["zone", "zone", "proof", "zone", "zone", "proof", "zone", "zone", "proof"])
        #expect(
            zone.current.calls.filter { if case .change(_, comment: "promoted") = $0 { true } else { false } }.count
                == 2)
    }

    @Test("Alone, it does nothing without proof", arguments: [true, false])
    func withoutProof(isThrown: Bool) async throws {
        let zone = FakeZone([Self.others])
        let record = PrimaryRecord(zone: zone, names: ["db.example.com"], timing: clock.timing())
        let error = await awsError {
            let report = try await record.point(at: [Self.endpoint], deadline: clock.deadline) { _ in
                if isThrown { throw FakeZone.refusal("Throttling") }
                return .standby(role: "SECONDARY")
            }
            #expect(report.findings == [.notPrimary(.standby(role: "SECONDARY"))])
        }
        #expect((error != nil) == isThrown)
        #expect(zone.batches.isEmpty)
    }

    @Test("Alone, who loses his role between two looks stops")
    func roleLost() async throws {
        let zone = FakeZone([Self.others])
        zone.change { $0.changeFailures = [FakeZone.refusal("InvalidChangeBatch")] }
        let proofs = Journal()
        let report = try await PrimaryRecord(zone: zone, names: ["db.example.com"], timing: clock.timing()).point(
            at: [Self.endpoint], deadline: clock.deadline
        ) { _ in
            proofs.note("asked")
            return proofs.entries.count == 1 ? .primary : .standby(role: "SECONDARY")
        }
        #expect(zone.sets == [Self.others])
        #expect(report.standing == .standby(role: "SECONDARY"))
    }

    @Test("Alone it is followed, tried in a dry run, and kept within its zone")
    func theRest() async throws {
        let zone = FakeZone([Self.others])
        let record = PrimaryRecord(zone: zone, names: ["db.example.com"], ttl: 60, timing: clock.timing())
        let tried = try await record.point(at: [Self.endpoint], isDryRun: true, deadline: clock.deadline) { _ in
            .primary
        }
        #expect(tried.planned.map(\.new) == [Sample.cname("db", Self.endpoint, ttl: 60)])
        #expect(zone.batches.isEmpty)
        let made = try await record.point(at: [Self.endpoint], deadline: clock.deadline) { _ in .primary }
        #expect(made.batches.map(\.timeToSync) == [.milliseconds(500)])
        let outside = PrimaryRecord(zone: zone, names: ["db.example.net"], timing: clock.timing())
        await #expect(throws: EndpointRecordsError.outsideZone(name: "db.example.net", zone: "example.com")) {
            try await outside.point(at: [Self.endpoint], deadline: clock.deadline) { _ in .primary }
        }
    }
}

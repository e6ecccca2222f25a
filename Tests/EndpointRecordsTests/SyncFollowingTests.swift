import AWSClient
import EndpointRecords
import Testing

@Suite("Until all servers answer") struct SyncFollowingTests {
    private let clock = HandClock()
    private let zone = FakeZone(Sample.records("1:002"))

    private func sync(_ deadline: Duration = .seconds(60), wait: Bool = true) async throws -> SyncReport {
        let sync = RecordSync(
            settings: try Sample.settings(), zone: zone, cluster: FakeCluster(Sample.group("001r 002p")),
            timing: clock.timing())
        return try await sync.sync(waitForSync: wait, deadline: clock.now + deadline)
    }

    private var asks: Int { zone.current.asked["C1"] ?? 0 }

    @Test(
        "A change is asked after until it is in sync, and its time is told", arguments: [(0, 0.5), (1, 1.5), (4, 11.5)])
    func following(asks: Int, seconds: Double) async throws {
        zone.change { $0.asksBeforeSync = asks }
        let report = try await sync()
        #expect(report.batches.map(\.timeToSync) == [.seconds(seconds)])
        #expect(report.findings.isEmpty)
        #expect(self.asks == asks + 1)
        #expect(clock.slept.reduce(.zero, +) == .seconds(seconds))
    }

    @Test("That it was accepted is told before it is waited for")
    func accepted() async throws {
        let sync = RecordSync(
            settings: try Sample.settings(), zone: zone, cluster: FakeCluster(Sample.group("001r 002p")),
            timing: clock.timing())
        var told: [(id: String, asks: Int)] = []
        _ = try await sync.sync(deadline: clock.now + .seconds(60)) { told.append(($0.changeID, asks)) }
        #expect(told.map(\.id) == ["C1"])
        #expect(told.map(\.asks) == [0])
        #expect(asks > 0)
    }

    @Test("One that is in sync at once is not asked after")
    func atOnce() async throws {
        zone.change { $0.isInSyncAtOnce = true }
        #expect(try await sync().batches.map(\.timeToSync) == [.zero])
        #expect(asks == 0)
    }

    @Test("It is not waited for where that is not wanted")
    func notWanted() async throws {
        let report = try await sync(wait: false)
        #expect(report.batches.map(\.timeToSync) == [nil])
        #expect(report.findings.isEmpty)
        #expect(asks == 0)
    }

    @Test("The deadline ends the wait, and is no failure")
    func deadline() async throws {
        zone.change { $0.asksBeforeSync = 1000 }
        let report = try await sync(.seconds(10))
        #expect(report.findings == [.stillPending(changeID: "C1")])
        #expect(report.changes.count == 1)
        #expect(clock.slept.reduce(.zero, +) < .seconds(10))
    }

    @Test("Not to be able to ask is no failure, either")
    func unknown() async throws {
        let denied = FakeZone.refusal("AccessDenied")
        zone.change { $0.followFailures = [denied] }
        #expect(try await sync().findings == [.syncUnknown(changeID: "C1", why: "\(denied)")])
        #expect(zone.sets == Sample.records("1:001"))
    }

    @Test("An ask that runs into the deadline says that the change is pending")
    func askTimedOut() async throws {
        zone.change { $0.followFailures = [AWSError(.deadlineExceeded, "over")] }
        #expect(try await sync().findings == [.stillPending(changeID: "C1")])
    }

    @Test("To be cancelled ends it")
    func cancelled() async throws {
        zone.change { $0.followFailures = [AWSError(.cancelled, "cancelled")] }
        #expect(await awsError { try await sync() }?.code == .cancelled)
    }
}

import Failover
import NameResolution
import Promotion
import Testing

@Suite("The guard against replication lag")
struct LagGuardTests {
    let world = World()
    let lag: FakeLag
    static let policy = Policy(confirmations: 2, maximumLag: .seconds(5), whenLagUnknown: .hold)

    init() {
        lag = FakeLag(world.journal)
        world.pointDNS(to: .west)
    }

    static let read = Journal.Event.group
    static let measured = Journal.Event.lag("sessions-west")

    @Test("holds a promotion for as long as the member is too far behind")
    func lagging() async throws {
        let promoter = world.promoter(Self.policy, guards: .init(lag: lag))
        lag.set(.known(.seconds(6)))
        _ = try await promoter.decision(in: world)
        for _ in 0..<3 {
            #expect(
                try await promoter.decision(in: world) == .hold(.lagging(.seconds(6), maximum: .seconds(5))))
        }
        #expect(world.group.accepted == 0)
        lag.set(.known(.seconds(5)))
        #expect(try await promoter.decision(in: world) == .promote(World.promotion))
    }

    @Test("holds where the lag is not known, or does not, as the user says", arguments: Policy.WhenLagUnknown.allCases)
    func unknown(_ choice: Policy.WhenLagUnknown) async throws {
        let promoter = world.promoter(
            Policy(maximumLag: .seconds(5), whenLagUnknown: choice), guards: .init(lag: lag))
        lag.set(.unknown("x"))
        let expected: Decision = choice == .hold ? .hold(.lagUnknown("x")) : .promote(World.promotion)
        #expect(try await promoter.decision(in: world) == expected)
    }

    @Test("asks only where a promotion stands on it, for a second at most")
    func reads() async throws {
        let promoter = world.promoter(Self.policy, guards: .init(lag: lag))
        _ = try await promoter.decision(in: world)
        #expect(world.journal.take().serviceCalls.filter { $0 == Self.measured } == [])
        let deadline = world.clock.now + .seconds(1)
        #expect(try await promoter.decision(in: world) == .promote(World.promotion))
        let entries = world.journal.takeEntries().filter { $0.event == Self.measured }
        #expect(entries.map(\.deadline) == [deadline])
    }

    @Test("is asked at the same time as the group is read: neither waits for the other", .timeLimit(.minutes(1)))
    func sameTime() async throws {
        let promoter = world.promoter(Self.policy, guards: .init(lag: lag))
        _ = try await promoter.decision(in: world)
        let (group, measurement) = (Gate(), Gate())
        world.group.change { $0.gate = group }
        lag.hold(at: measurement)
        async let decision = promoter.decision(in: world)
        // Each of both has begun while the other has not ended: else this would wait for ever.
        await group.arrival()
        await measurement.arrival()
        measurement.open()
        group.open()
        #expect(try await decision == .promote(World.promotion))
    }

    @Test("is not there where the user sets no maximum")
    func off() async throws {
        let promoter = world.promoter(guards: .init(lag: lag))
        lag.set(.known(.seconds(9999)))
        #expect(try await promoter.decision(in: world) == .promote(World.promotion))
        #expect(!world.journal.take().contains(Self.measured))
    }

    @Test("does not know a lag that nothing is set up to read")
    func nothingSetUp() async throws {
        let promoter = world.promoter(Policy(maximumLag: .seconds(5), whenLagUnknown: .hold))
        guard case .hold(.lagUnknown) = try await promoter.decision(in: world) else {
            Issue.record("the lag is known")
            return
        }
    }

    @Test("keeps a member from being detached, too: a detachment loses what lags behind as well")
    func detaching() async throws {
        let promoter = world.promoter(
            Policy(maximumLag: .seconds(5), whenLagUnknown: .hold, detachAfter: .seconds(60)), guards: .init(lag: lag))
        world.group.change { $0.outcomes = [.fails(PromotionRefusal.refused(Broken()))] }
        #expect(await promoter.failure(in: world) != nil)
        world.clock.advance(by: .seconds(60))
        lag.set(.known(.seconds(60)))
        #expect(
            try await promoter.decision(in: world) == .hold(.lagging(.seconds(60), maximum: .seconds(5))))
    }
}

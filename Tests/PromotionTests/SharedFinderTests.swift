import Failover
import NameResolution
import Promotion
import Testing

@Suite("A finder for two promoters", .timeLimit(.minutes(1)))
struct SharedFinderTests {
    let world = World()

    private func shared(_ calls: CallLog = CallLog()) -> SharedFinder {
        SharedFinder(world.finder(), calls: calls, now: { world.clock.now })
    }

    private func lookUps() -> Int { world.journal.take().lookUps(of: World.name) }

    @Test("looks up once for those who ask at the same time, or within a moment")
    func once() async throws {
        let shared = shared()
        let (first, second) = (shared.part(calls: CallLog()), shared.part(calls: CallLog()))
        let gate = Gate()
        world.resolver.hold(World.name, at: gate)
        async let one = first.find(deadline: world.deadline)
        await gate.arrival()
        async let other = second.find(deadline: world.deadline)
        gate.open()
        let regions = [try await one, try await other]
        #expect(regions == [.region("us-east-1"), .region("us-east-1")])
        #expect(lookUps() == 1)
        #expect(await second.lastAnswer?.addresses.map(\.description) == ["10.1.0.1"])

        // The other way round, and one after the other.
        world.clock.advance(by: .seconds(1))
        _ = try await second.find(deadline: world.deadline)
        world.clock.advance(by: .milliseconds(99))
        _ = try await first.find(deadline: world.deadline)
        #expect(lookUps() == 1)
    }

    @Test("gives nobody the same answer twice, however soon he asks")
    func never() async throws {
        let part = shared().part(calls: CallLog())
        for _ in 0..<3 { _ = try await part.find(deadline: world.deadline) }
        #expect(lookUps() == 3)
    }

    @Test("gives nobody an answer of before")
    func late() async throws {
        let shared = shared()
        let (first, second) = (shared.part(calls: CallLog()), shared.part(calls: CallLog()))
        _ = try await first.find(deadline: world.deadline)
        world.pointDNS(to: .west)
        world.clock.advance(by: .milliseconds(100))
        #expect(try await second.find(deadline: world.deadline) == .region("us-west-2"))
    }

    @Test("fails for both, each with the calls that it waited for")
    func failure() async throws {
        let calls = CallLog()
        let shared = shared(calls)
        world.records.fail(Broken("zone"))
        calls.record(.init(name: "route53:ListResourceRecordSets", attempts: 1, duration: .seconds(1)))
        for _ in 0..<2 {
            let own = CallLog()
            let error = await thrown(Broken.self) { try await shared.part(calls: own).find(deadline: world.deadline) }
            #expect(error == Broken("zone"))
            #expect(own.take().map(\.name) == ["route53:ListResourceRecordSets"])
        }
        // And is there again for the next.
        world.clock.advance(by: .seconds(1))
        #expect(try await shared.part(calls: CallLog()).find(deadline: world.deadline) == .region("us-east-1"))
    }

    @Test("says what the one finder knows")
    func knowledge() async throws {
        let part = shared().part(calls: CallLog())
        #expect(await part.records == nil)
        try await part.warmUp(deadline: world.deadline)
        #expect(await part.records?.count == 2)
        await part.distrust()
        world.resolver.fail(World.name, .notFound)
        #expect(try await part.find(deadline: world.deadline) == .unknown(.nameNotResolved(.notFound)))
        #expect(await part.lastAnswer == nil)
    }
}

@Suite("Two groups of one name, one after the other")
struct PromotionTurnTests {
    let leader = World()
    let follower = World()
    let turn = PromotionTurn(first: "first")

    init() {
        for world in [leader, follower] { world.pointDNS(to: .west) }
    }

    static let waits = Decision.hold(.waitsFor(groupID: "first"))

    private func pass(_ duration: Duration) {
        for world in [leader, follower] { world.clock.advance(by: duration) }
    }

    @Test("The second is promoted when the first is in place and settled, and not before")
    func order() async throws {
        let first = leader.promoter(guards: .init(leads: turn))
        let second = follower.promoter(guards: .init(follows: turn))
        #expect(try await second.decision(in: follower) == Self.waits)
        #expect(try await first.decision(in: leader) == .promote(World.promotion))
        #expect(try await second.decision(in: follower) == Self.waits)
        // The roles have changed, and it is still being changed.
        leader.group.settle()
        leader.group.change { $0.group.status = "modifying" }
        pass(.seconds(1))
        _ = try await first.decision(in: leader)
        #expect(try await second.decision(in: follower) == Self.waits)
        leader.group.change { $0.group.status = "available" }
        pass(.seconds(1))
        #expect(try await first.decision(in: leader) == .hold(.inPlace))
        #expect(try await second.decision(in: follower) == .promote(World.promotion))
        #expect(follower.journal.take().promotions.count == 1)
    }

    @Test(
        "What was in place long ago, or before a check that failed, or while another region was active, is not known to be"
    )
    func forgets() async throws {
        leader.group.change { $0.group.members[1].role = .primary }
        leader.group.change { $0.group.members[0].role = .secondary }
        let first = leader.promoter(cacheMaxAge: .seconds(1), guards: .init(leads: turn))
        let second = follower.promoter(Policy(dryRun: true), guards: .init(follows: turn))
        let would = Decision.wouldPromote(World.promotion)

        _ = try await first.decision(in: leader)
        // The two worlds began a moment apart.
        pass(.seconds(89))
        #expect(try await second.decision(in: follower) == would)
        pass(.seconds(2))
        #expect(try await second.decision(in: follower) == Self.waits)

        _ = try await first.decision(in: leader)
        #expect(try await second.decision(in: follower) == would)
        leader.group.change { $0.failures = [Broken()] }
        pass(.seconds(1))
        await #expect(throws: CheckFailure.self) { try await first.decision(in: leader) }
        #expect(try await second.decision(in: follower) == Self.waits)

        _ = try await first.decision(in: leader)
        leader.pointDNS(to: .east)
        pass(.seconds(1))
        _ = try await first.decision(in: leader)
        #expect(try await second.decision(in: follower) == Self.waits)
    }

    @Test("A first one that somebody else has promoted is waited for until nothing is under way in it")
    func settled() async throws {
        leader.group.change {
            $0.group.members[0].role = .secondary
            $0.group.members[1].role = .primary
            $0.group.status = "modifying"
        }
        let first = leader.promoter(guards: .init(leads: turn))
        let second = follower.promoter(guards: .init(follows: turn))
        #expect(try await first.decision(in: leader) == .hold(.inPlace))
        #expect(try await second.decision(in: follower) == Self.waits)
        leader.group.change { $0.group.status = "available" }
        _ = try await first.decision(in: leader)
        #expect(try await second.decision(in: follower) == .promote(World.promotion))
    }

    @Test("A first one that was detached takes writes by itself, and is waited for no longer")
    func detached() async throws {
        let first = leader.promoter(Policy(means: .detachment), guards: .init(leads: turn))
        let second = follower.promoter(guards: .init(follows: turn))
        _ = try await first.decision(in: leader)
        #expect(try await second.decision(in: follower) == Self.waits)
        leader.group.change { $0.group.members.removeAll { $0.region == "us-west-2" } }
        pass(.seconds(1))
        #expect(try await first.decision(in: leader) == .hold(.detached(memberID: "sessions-west")))
        #expect(try await second.decision(in: follower) == .promote(World.promotion))
    }

    @Test("An operator's order does not wait")
    func ordered() async throws {
        let follower = follower
        let second = follower.promoter(guards: .init(follows: turn)) {
            follower.clock.pass($0)
            follower.group.settle()
        }
        let result = try await second.carryOut(.failover, deadline: follower.clock.now + .seconds(60))
        #expect(result.outcome == .promoted(World.promotion))
    }
}
